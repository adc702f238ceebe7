// Receipts, checked by others' means.
#include <gtest/gtest.h>
#include <sodium.h>
#include <sys/stat.h>

#include "core/json_reader.h"
#include "core/sha256.h"
#include "native/base/receipt_check.h"
#include "tests/native/collector_rig.h"
#include "tests/native/run_program.h"

namespace candor {
namespace {

struct Given {
  std::string digest, time, key, signature;
  // What is signed, by the words of receipts.h.
  std::string Signed() const {
    return "candor-receipt-1\n" + digest + "\n" + time + "\n" + key + "\n";
  }
};

std::string Member(const std::string& json, const char* name) {
  const Result<JsonValue> document = ReadJson(json);
  const JsonValue* const value = document.ok() ? document.value().Find(name) : nullptr;
  EXPECT_NE(value, nullptr) << json;
  return value == nullptr ? "" : value->text();
}

Given ReceiptOf(const std::string& json) {
  return {Member(json, "digest"), Member(json, "time"), Member(json, "key"),
          Member(json, "signature")};
}

std::string FromBase64(const std::string& text) {
  std::string bytes(text.size(), '\0');
  std::size_t size = 0;
  EXPECT_EQ(
      sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(),
                        text.size(), nullptr, &size, nullptr, sodium_base64_VARIANT_ORIGINAL),
      0);
  bytes.resize(size);
  return bytes;
}

const unsigned char* Bytes(const std::string& text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

class ReceiptTest : public CollectorRig {
 protected:
  ReceiptTest() { Start(); }
  // Of /v1/keys' only key.
  std::string PublicKey(std::string* id = nullptr) const {
    const JsonValue keys = ReadJson(Get("/v1/keys").body).value();
    const JsonValue& key = keys.Find("keys")->items().front();
    EXPECT_EQ(key.Find("algorithm")->text(), "Ed25519");
    if (id != nullptr) *id = key.Find("id")->text();
    return FromBase64(key.Find("public")->text());
  }
  bool Holds(const Given& receipt) const {
    const std::string text = receipt.Signed(), signature = FromBase64(receipt.signature);
    return signature.size() == crypto_sign_BYTES &&
           crypto_sign_verify_detached(Bytes(signature), Bytes(text), text.size(),
                                       Bytes(PublicKey())) == 0;
  }
};

TEST_F(ReceiptTest, NamesTheReportItsTimeAndTheKey) {
  const std::string report = EngineReport(InstallationId(1));
  const ClientAnswer answer = Post(report, Key("a"));
  ASSERT_EQ(answer.status, 202);
  const Given receipt = ReceiptOf(answer.body);
  EXPECT_EQ(receipt.digest, Sha256Hex(report));
  EXPECT_EQ(receipt.time, "2026-11-18T11:06:40Z");
  std::string id;
  EXPECT_EQ(Sha256Hex(PublicKey(&id)).substr(0, 16), receipt.key);
  EXPECT_EQ(id, receipt.key);
  EXPECT_TRUE(Holds(receipt));
}

TEST_F(ReceiptTest, HoldsForNothingElse) {
  const Given good = ReceiptOf(Post(EngineReport(InstallationId(1))).body);
  Given other = good;
  other.digest[0] = other.digest[0] == 'a' ? 'b' : 'a';
  EXPECT_FALSE(Holds(other));
  other = good;
  other.time[3] = '7';
  EXPECT_FALSE(Holds(other));
  other = good;
  other.key[0] = other.key[0] == 'a' ? 'b' : 'a';
  EXPECT_FALSE(Holds(other));
}

TEST_F(ReceiptTest, IsTheFirstOneForARepeat) {
  const std::string report = EngineReport(InstallationId(1));
  const ClientAnswer first = Post(report, Key("a"));
  clock_.wall_ms += 86'400'000;
  const ClientAnswer again = Post(report, Key("a"));
  EXPECT_EQ(first.status, 202);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.body, first.body);
}

TEST_F(ReceiptTest, IsOfTheSameKeyAfterAStart) {
  const std::string before = Get("/v1/keys").body;
  EXPECT_EQ(ReceiptSigner::Open(folder_.Path("store")).value()->Keys(), before);
  EXPECT_NE(ReceiptSigner::Open(folder_.Path("other")).value()->Keys(), before);
}

TEST_F(ReceiptTest, KeepsItsKeyFromOthers) {
  struct stat status {};
  ASSERT_EQ(::stat(folder_.Path("store/receipts.key").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST_F(ReceiptTest, SaysWhenTheKeysFileIsBroken) {
  for (const std::string& text :
       {std::string(), std::string("abc\n"), std::string(64, 'g') + "\n", std::string(65, 'a')}) {
    folder_.Write("store/receipts.key", text);
    const auto opened = ReceiptSigner::Open(folder_.Path("store"));
    ASSERT_FALSE(opened.ok()) << text;
    EXPECT_EQ(opened.error().code, ErrorCode::kCorrupt) << text;
  }
}

TEST_F(ReceiptTest, IsNotGoodWithAnyBitChanged) {
  const std::string report = EngineReport(InstallationId(1));
  const std::string good = Post(report).body, digest = Sha256Hex(report);
  const std::vector<ReceiptKey> keys = ParseReceiptKeys(Get("/v1/keys").body).value();
  ASSERT_EQ(CheckReceipt(good, digest, keys), ReceiptVerdict::kGood);
  EXPECT_EQ(CheckReceipt(good, digest, {}), ReceiptVerdict::kUnknownKey);
  EXPECT_EQ(CheckReceipt(good, Sha256Hex("another"), keys), ReceiptVerdict::kWrong);
  const std::size_t key_at = good.find(keys.front().id);
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    std::string text = good;
    text[bit / 8] = static_cast<char>(text[bit / 8] ^ 1 << bit % 8);
    const ReceiptVerdict verdict = CheckReceipt(text, digest, keys);
    const bool in_key = bit / 8 >= key_at && bit / 8 < key_at + keys.front().id.size();
    if (in_key && verdict == ReceiptVerdict::kUnknownKey) continue;
    EXPECT_EQ(verdict, ReceiptVerdict::kWrong) << text;
  }
}

// The public key as RFC 8410 wraps it.
TEST_F(ReceiptTest, IsBelievedByOpenSsl) {
  if (RunLine("openssl version").status != 0) GTEST_SKIP() << "there is no openssl";
  const Given receipt = ReceiptOf(Post(EngineReport(InstallationId(1))).body);
  const std::string prefix("\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12);
  const auto verify = [&](const std::string& text) {
    return RunLine("openssl pkeyutl -verify -pubin -keyform DER -inkey " +
                   folder_.Write("key", prefix + PublicKey()) + " -rawin -in " +
                   folder_.Write("text", text) + " -sigfile " +
                   folder_.Write("signature", FromBase64(receipt.signature)));
  };
  EXPECT_EQ(verify(receipt.Signed()).output, "Signature Verified Successfully\n");
  EXPECT_NE(verify(receipt.Signed() + " ").status, 0);
}

}  // namespace
}  // namespace candor
