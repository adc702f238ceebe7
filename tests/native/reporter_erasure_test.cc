// The secret by which reports can be erased, and what asking for erasure sends.
#include <gtest/gtest.h>

#include "core/erasure.h"
#include "core/json_reader.h"
#include "native/reporter/reporter.h"
#include "tests/native/reporter_rig.h"

namespace candor {
namespace {

std::string ErasureOf(const std::string& report) {
  const JsonValue document = ReadJson(report).value();
  const JsonValue* const member = document.Find("erasure");
  return member == nullptr ? "" : member->text();
}

class ErasureTest : public testing::Test {
 protected:
  void Use(bool erasable) {
    rig_.config.erasable.value = erasable;
    rig_.Restart();
    ASSERT_TRUE(rig_.reporter().Grant(kAda, {}, nullptr).empty());
  }
  void Send() { ASSERT_TRUE(rig_.reporter().SendNow().value().accepted); }
  std::string Preview() { return rig_.reporter().Preview().value().bytes; }
  PostResult Erased(int reports) {
    PostResult result = Answered(200);
    result.receipt = "{\"erased\": " + std::to_string(reports) + "}";
    return result;
  }
  Rig rig_;
};

TEST_F(ErasureTest, IsInNoReportUnlessItIsConfigured) {
  rig_.source.facts.insert(rig_.source.facts.find("\"product\""),
                           R"("erasure": ")" + std::string(64, 'a') + "\", ");
  Use(false);
  EXPECT_EQ(ErasureOf(Preview()), "");
  EXPECT_EQ(rig_.ReadState().erasure_secret, "");
}

TEST_F(ErasureTest, IsTheHashOfASecretThatStays) {
  Use(true);
  const std::string report = Preview(), secret = rig_.ReadState().erasure_secret;
  EXPECT_TRUE(IsErasureText(secret));
  EXPECT_EQ(ErasureOf(report), ErasureHash(secret));
  EXPECT_EQ(report.find(secret), std::string::npos);
  rig_.Restart();
  Send();
  EXPECT_EQ(rig_.ReadState().erasure_secret, secret);
  EXPECT_EQ(ErasureOf(rig_.transport.posted.front().body), ErasureHash(secret));
}

TEST_F(ErasureTest, IsMadeForAnInstallationThatWasThereBefore) {
  Use(false);
  Preview();
  rig_.config.erasable.value = true;
  rig_.Restart();
  EXPECT_NE(ErasureOf(Preview()), "");
}

TEST_F(ErasureTest, AsksWithTheSecretAndNotesWhatWasErased) {
  Use(true);
  Send();
  rig_.transport.told = {Erased(3)};
  EXPECT_EQ(rig_.reporter().Erase(kAda).value(), 3);
  EXPECT_EQ(rig_.transport.asked, std::vector<std::string>{"/v1/erasure"});
  const JsonValue body = ReadJson(rig_.transport.asked_with.front()).value();
  EXPECT_EQ(body.Find("installation")->text(), rig_.ReadState().installation);
  EXPECT_EQ(body.Find("secret")->text(), rig_.ReadState().erasure_secret);
  EXPECT_EQ(rig_.JournalKinds().back(), "erased");
}

TEST_F(ErasureTest, CanBeAskedForAfterANo) {
  Use(true);
  Send();
  ASSERT_TRUE(rig_.reporter().Deny(kAda).empty());
  rig_.transport.told = {Erased(1)};
  EXPECT_EQ(rig_.reporter().Erase(kAda).value(), 1);
}

TEST_F(ErasureTest, SendsNothingWhereNothingCanBeThere) {
  Use(true);
  EXPECT_EQ(rig_.reporter().Erase(kAda).error().code, ErrorCode::kNotFound);
  Preview();
  EXPECT_EQ(rig_.reporter().Erase(kAda).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(rig_.transports_made, 0);
}

TEST_F(ErasureTest, IsNotNotedWhenTheServiceSaysSomethingElse) {
  Use(true);
  Send();
  PostResult odd = Answered(200);
  odd.receipt = "{\"erased\": \"all\"}";
  rig_.transport.told = {Answered(404), NotSent(), odd};
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(rig_.reporter().Erase(kAda).error().code, ErrorCode::kUnavailable);
  }
  EXPECT_NE(rig_.JournalKinds().back(), "erased");
}

}  // namespace
}  // namespace candor
