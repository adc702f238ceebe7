#include "native/http/tls.h"

#include <gnutls/gnutls.h>

#include <memory>
#include <utility>

#include "native/base/read_file.h"

namespace candor {
namespace {

constexpr std::size_t kMaxPemBytes = std::size_t{256} << 10;

gnutls_datum_t Datum(const std::string& text) {
  // gnutls reads it only.
  auto* const data = reinterpret_cast<unsigned char*>(const_cast<char*>(text.data()));
  return {data, static_cast<unsigned>(text.size())};
}

// "" when the two are a pair.
std::string WhyNot(const TlsIdentity& identity) {
  gnutls_certificate_credentials_t made = nullptr;
  if (gnutls_certificate_allocate_credentials(&made) != GNUTLS_E_SUCCESS) return "no memory";
  const std::unique_ptr<std::remove_pointer_t<gnutls_certificate_credentials_t>,
                        decltype(&gnutls_certificate_free_credentials)>
      credentials(made, &gnutls_certificate_free_credentials);
  const gnutls_datum_t certificate = Datum(identity.certificate), key = Datum(identity.key);
  const int result = gnutls_certificate_set_x509_key_mem2(made, &certificate, &key,
                                                          GNUTLS_X509_FMT_PEM, nullptr, 0);
  return result < 0 ? gnutls_strerror(result) : "";
}

}  // namespace

Result<TlsIdentity> LoadTlsIdentity(const std::string& certificate_file,
                                    const std::string& key_file, const std::string& flag) {
  Problems problems;
  TlsIdentity identity;
  const auto read = [&](const std::string& file, const std::string& option, std::string& text) {
    Result<std::string> bytes = ReadFile(file, kMaxPemBytes);
    if (bytes.ok()) {
      text = std::move(bytes).value();
    } else {
      problems.Add({bytes.error().code, flag + option + " " + file, bytes.error().message});
    }
  };
  read(certificate_file, "-certificate", identity.certificate);
  read(key_file, "-key", identity.key);
  if (!problems.empty()) return problems;
  if (const std::string why = WhyNot(identity); !why.empty()) {
    return Error{ErrorCode::kBadRequest, flag + "-certificate " + certificate_file,
                 "is, with " + flag + "-key " + key_file +
                     ", no PEM certificate and its unencrypted key: " + why};
  }
  return identity;
}

}  // namespace candor
