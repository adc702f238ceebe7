#include "native/collector/intake/receipts.h"

#include <sodium.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <optional>

#include "core/base64.h"
#include "core/text.h"
#include "native/base/read_file.h"
#include "native/base/secrets.h"
#include "native/state/state_folder.h"

namespace candor {
namespace {

constexpr char kFile[] = "receipts.key";
constexpr std::size_t kSeedDigits = 2 * crypto_sign_SEEDBYTES;

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string Base64Of(std::string_view bytes) { return Base64({Bytes(bytes), bytes.size()}); }

std::optional<Error> MakeKey(const std::string& folder) {
  std::array<unsigned char, crypto_sign_SEEDBYTES> seed;
  randombytes_buf(seed.data(), seed.size());
  std::string digits = Hex(seed) + '\n';
  sodium_memzero(seed.data(), seed.size());
  const Wiped wiped(digits);
  return MakeSecretFile(folder, kFile, digits);
}

// Its path.
Result<std::string> PrepareKey(const std::string& folder) {
  Result<std::string> prepared = PrepareFolder(folder);
  if (!prepared.ok()) return prepared;
  std::string path = prepared.value() + '/' + kFile;
  if (::access(path.c_str(), F_OK) != 0 && errno == ENOENT) {
    if (auto error = MakeKey(prepared.value())) return *std::move(error);
  }
  if (auto error = PrepareFile(prepared.value(), kFile)) return *std::move(error);
  return path;
}

}  // namespace

Result<std::unique_ptr<ReceiptSigner>> ReceiptSigner::Open(const std::string& folder,
                                                           const std::string& key_file) {
  if (sodium_init() < 0) {
    return Error{ErrorCode::kUnavailable, "", "libsodium finds no randomness", {}, ""};
  }
  std::string path = key_file;
  if (path.empty()) {
    Result<std::string> prepared = PrepareKey(folder);
    if (!prepared.ok()) return std::move(prepared).problems();
    path = std::move(prepared).value();
  }
  Result<std::string> text = ReadFile(path, kSeedDigits + 1);
  if (!text.ok()) return std::move(text).problems();
  std::string seed(crypto_sign_SEEDBYTES, '\0');
  std::size_t size = 0;
  const bool whole =
      text.value().size() == kSeedDigits + 1 && text.value().back() == '\n' &&
      sodium_hex2bin(reinterpret_cast<unsigned char*>(seed.data()), seed.size(),
                     text.value().data(), kSeedDigits, nullptr, &size, nullptr) == 0 &&
      size == seed.size();
  if (!whole) {
    return Error{ErrorCode::kCorrupt,
                 "",
                 "must be 64 hexadecimal digits and a line feed; put back the file's copy, or move "
                 "it away: a new key is made then, and older receipts need the older one",
                 {},
                 path};
  }
  std::unique_ptr<ReceiptSigner> signer(new ReceiptSigner(seed));
  sodium_memzero(seed.data(), seed.size());
  return signer;
}

ReceiptSigner::ReceiptSigner(std::string_view seed) : secret_(crypto_sign_SECRETKEYBYTES, '\0') {
  std::string bytes(crypto_sign_PUBLICKEYBYTES, '\0');
  crypto_sign_seed_keypair(reinterpret_cast<unsigned char*>(bytes.data()),
                           reinterpret_cast<unsigned char*>(secret_.data()), Bytes(seed));
  key_ = *ReceiptKeyOf(Base64Of(bytes));
}

ReceiptSigner::~ReceiptSigner() { sodium_memzero(secret_.data(), secret_.size()); }

std::string ReceiptSigner::Sign(std::string_view digest, UnixMillis at) const {
  Receipt receipt{Hex({Bytes(digest), digest.size()}), TimeText(at), key_.id, ""};
  const std::string text = SignedText(receipt);
  std::string signature(crypto_sign_BYTES, '\0');
  crypto_sign_detached(reinterpret_cast<unsigned char*>(signature.data()), nullptr, Bytes(text),
                       text.size(), Bytes(secret_));
  receipt.signature = Base64Of(signature);
  return WriteReceipt(receipt);
}

std::string ReceiptSigner::Keys() const { return WriteReceiptKeys({key_}); }

}  // namespace candor
