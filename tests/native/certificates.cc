#include "tests/native/certificates.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <array>
#include <cstdio>
#include <cstdlib>

namespace candor {
namespace {

template <typename T, void (*kFree)(T*)>
struct Deleter {
  void operator()(T* object) const { kFree(object); }
};
using Key = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY, EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Deleter<X509, X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Deleter<X509_EXTENSION, X509_EXTENSION_free>>;
using Memory = std::unique_ptr<BIO, Deleter<BIO, BIO_free_all>>;

// A test without its certificates is worth nothing.
void Require(bool good) {
  if (!good) std::abort();
}

std::string TextOf(BIO* memory) {
  char* text = nullptr;
  const long size = BIO_get_mem_data(memory, &text);
  return std::string(text, static_cast<std::size_t>(size));
}

std::string PemOf(X509* certificate) {
  const Memory memory(BIO_new(BIO_s_mem()));
  Require(PEM_write_bio_X509(memory.get(), certificate) == 1);
  return TextOf(memory.get());
}

std::string PemOf(EVP_PKEY* key) {
  const Memory memory(BIO_new(BIO_s_mem()));
  Require(PEM_write_bio_PrivateKey(memory.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
  return TextOf(memory.get());
}

void AddExtension(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  Require(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1);
}

// Without extensions and signature. `key` may be a pair: its public half is taken.
Certificate Draft(const std::string& name, EVP_PKEY* key, int days_before, int days_after) {
  constexpr long kDay = 86'400;
  Certificate draft(X509_new());
  X509_set_version(draft.get(), X509_VERSION_3);
  std::uint32_t serial = 0;
  RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof(serial));
  ASN1_INTEGER_set(X509_get_serialNumber(draft.get()), serial >> 1);
  X509_gmtime_adj(X509_getm_notBefore(draft.get()), -kDay * days_before);
  X509_gmtime_adj(X509_getm_notAfter(draft.get()), kDay * days_after);
  X509_set_pubkey(draft.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(draft.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  return draft;
}

bool IsAddress(const std::string& name) {
  return name.find_first_not_of("0123456789.") == std::string::npos;
}

}  // namespace

std::string EncryptedKey() {
  const Key key(EVP_EC_gen("P-256"));
  const Memory memory(BIO_new(BIO_s_mem()));
  char password[] = "secret";
  Require(PEM_write_bio_PKCS8PrivateKey(memory.get(), key.get(), EVP_aes_128_cbc(), password,
                                        sizeof(password) - 1, nullptr, nullptr) == 1);
  return TextOf(memory.get());
}

struct CertificateAuthority::Parts {
  Key key;
  Certificate certificate;
};

CertificateAuthority::CertificateAuthority(const std::string& name)
    : parts_(std::make_unique<Parts>()) {
  parts_->key.reset(EVP_EC_gen("P-256"));
  parts_->certificate = Draft(name, parts_->key.get(), 2, 2);
  X509* const own = parts_->certificate.get();
  X509_set_issuer_name(own, X509_get_subject_name(own));
  AddExtension(own, own, NID_basic_constraints, "critical,CA:TRUE");
  AddExtension(own, own, NID_key_usage, "critical,keyCertSign,cRLSign");
  AddExtension(own, own, NID_subject_key_identifier, "hash");
  Require(X509_sign(own, parts_->key.get(), EVP_sha256()) > 0);
  certificate_ = PemOf(own);
}

CertificateAuthority::~CertificateAuthority() = default;

std::string CertificateAuthority::FileName() const {
  std::array<char, 16> name{};
  std::snprintf(name.data(), name.size(), "%08lx.0",
                X509_subject_name_hash(parts_->certificate.get()));
  return name.data();
}

Identity CertificateAuthority::Issue(const CertificateWish& wish) const {
  const Key key(EVP_EC_gen("P-256"));
  const Certificate issued =
      Draft(wish.names.front(), key.get(), wish.days_before, wish.days_after);
  X509* const issuer = wish.self_signed ? issued.get() : parts_->certificate.get();
  X509_set_issuer_name(issued.get(), X509_get_subject_name(issuer));
  std::string names;
  for (const std::string& name : wish.names) {
    names += (names.empty() ? "" : ",") + std::string(IsAddress(name) ? "IP:" : "DNS:") + name;
  }
  AddExtension(issued.get(), issuer, NID_subject_alt_name, names);
  AddExtension(issued.get(), issuer, NID_basic_constraints, "CA:FALSE");
  EVP_PKEY* const signer = wish.self_signed ? key.get() : parts_->key.get();
  Require(X509_sign(issued.get(), signer, EVP_sha256()) > 0);
  return {PemOf(issued.get()), PemOf(key.get())};
}

}  // namespace candor
