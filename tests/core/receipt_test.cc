#include "core/receipt.h"

#include <gtest/gtest.h>

#include "core/base64.h"

namespace candor {
namespace {

const std::string kPublic = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
const std::string kId = "66687aadf862bd77";  // SHA-256 of 32 zeros.

Receipt Sample() {
  return {std::string(64, 'a'), "2026-11-18T11:06:40Z", kId, std::string(86, 'A') + "=="};
}
std::string Keys(const std::string& id, const std::string& algorithm, const std::string& bytes) {
  return R"({"keys": [{"id": ")" + id + R"(", "algorithm": ")" + algorithm + R"(", "public": ")" +
         bytes + R"(", "since": "2026"}]})";
}

TEST(ReceiptTest, SignsTheFourLines) {
  EXPECT_EQ(SignedText(Sample()),
            "candor-receipt-1\n" + std::string(64, 'a') + "\n2026-11-18T11:06:40Z\n" + kId + "\n");
}

TEST(ReceiptTest, IsReadAsItIsWritten) {
  const std::string text = WriteReceipt(Sample());
  ASSERT_TRUE(ParseReceipt(text).has_value());
  EXPECT_EQ(WriteReceipt(*ParseReceipt(text)), text);
}

TEST(ReceiptTest, OfOtherServicesIsNotMeant) {
  for (const std::string text :
       {"", "ok", "{}", R"({"receipt": "a"})", R"({"digest": "a", "signature": "b"})"}) {
    EXPECT_FALSE(IsMeantAsReceipt(text)) << text;
    EXPECT_FALSE(ParseReceipt(text).has_value()) << text;
  }
}

TEST(ReceiptTest, IsMeantWhicheverByteIsDamaged) {
  const std::string good = WriteReceipt(Sample());
  for (std::size_t at = 0; at < good.size(); ++at) {
    std::string text = good;
    text[at] = '\0';
    EXPECT_TRUE(IsMeantAsReceipt(text)) << at;
    EXPECT_FALSE(ParseReceipt(text).has_value()) << at;
  }
}

TEST(ReceiptTest, CannotCarryALineOfItsOwnInAnother) {
  Receipt receipt = Sample();
  receipt.time += "\n" + kId;
  EXPECT_FALSE(ParseReceipt(WriteReceipt(receipt)).has_value());
}

TEST(ReceiptKeyTest, HasTheIdOfItsBytes) {
  ASSERT_TRUE(ReceiptKeyOf(kPublic).has_value());
  EXPECT_EQ(ReceiptKeyOf(kPublic)->id, kId);
  EXPECT_FALSE(ReceiptKeyOf("AAAA").has_value());
}

TEST(ReceiptKeyTest, AreReadAsTheyAreWritten) {
  const std::vector<ReceiptKey> keys = {*ReceiptKeyOf(kPublic)};
  EXPECT_EQ(ParseReceiptKeys(WriteReceiptKeys(keys)).value(), keys);
}

TEST(ReceiptKeyTest, OfOtherAlgorithmsArePassedOver) {
  EXPECT_TRUE(ParseReceiptKeys(Keys("any", "ML-DSA-65", "AAAA")).value().empty());
}

// Who could name a key as another one would take that one's place.
TEST(ReceiptKeyTest, IsRefusedUnderAnotherId) {
  const auto keys = ParseReceiptKeys(Keys("0123456789abcdef", "Ed25519", kPublic));
  ASSERT_FALSE(keys.ok());
  EXPECT_EQ(keys.error().where, "/keys/0/id");
  EXPECT_EQ(keys.error().code, ErrorCode::kOutOfRange);
}

TEST(Base64Test, ReadsWhatItWritesAndNothingElse) {
  std::string bytes;
  for (int i = 0; i < 70; ++i) {
    const std::string text =
        Base64({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
    EXPECT_EQ(BytesOfBase64(text), bytes);
    bytes += static_cast<char>(i * 37);
  }
  for (const char* text : {"A", "AA", "AAA", "AB==", "AAB=", "A===", "====", "AA==AAAA", "AA-_"}) {
    EXPECT_FALSE(BytesOfBase64(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace candor
