// When the reporter asks for the service's keys, and what it does with a receipt that was brought.
// Signatures are checked elsewhere: receipts here have the shape alone.
#include <gtest/gtest.h>

#include "native/reporter/reporter.h"
#include "tests/native/reporter_rig.h"

namespace candor {
namespace {

const ReceiptKey kKey = *ReceiptKeyOf("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
const ReceiptKey kOther = *ReceiptKeyOf("BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA=");

Receipt ReceiptBy(const ReceiptKey& key, const std::string& digest = std::string(64, 'a')) {
  return {digest, "2026-11-18T11:06:40Z", key.id, std::string(86, 'A') + "=="};
}
PostResult Accepted(const std::string& receipt) {
  PostResult result = Answered(202);
  result.receipt = receipt;
  return result;
}
PostResult Told(const std::string& text) {
  PostResult result = Answered(200);
  result.receipt = text;
  return result;
}

class ReceiptKeysTest : public testing::Test {
 protected:
  // A report that is accepted with a receipt.
  bool Send(const std::string& receipt) {
    rig_.transport.answers = {Accepted(receipt)};
    const auto sent = rig_.reporter().SendNow();
    return sent.ok() && sent.value().accepted;
  }
  void Agree() { ASSERT_TRUE(rig_.reporter().Grant(kAda, {}, nullptr).empty()); }
  std::size_t asked() const { return rig_.transport.asked.size(); }
  Rig rig_;
};

TEST_F(ReceiptKeysTest, AreAskedForAfterAReceipt) {
  Agree();
  rig_.transport.told = {Told(WriteReceiptKeys({kKey}))};
  ASSERT_TRUE(Send(WriteReceipt(ReceiptBy(kKey))));
  EXPECT_EQ(rig_.transport.asked, std::vector<std::string>{"/v1/keys"});
  EXPECT_EQ(rig_.ReadState().receipt_keys, std::vector<ReceiptKey>{kKey});
  EXPECT_EQ(rig_.JournalKinds().back(), "keys");
  EXPECT_EQ(rig_.log.Count(LogEvent::kReceiptKeys), 1u);
}

TEST_F(ReceiptKeysTest, AreNotAskedForWithoutAReceipt) {
  Agree();
  ASSERT_TRUE(Send("thank you"));
  ASSERT_TRUE(Send(""));
  ASSERT_TRUE(Send(R"({"receipt": "a", "digest": "b"})"));
  EXPECT_EQ(asked(), 0u);
}

TEST_F(ReceiptKeysTest, AreAskedForOnceADayAtMost) {
  Agree();
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(Send(WriteReceipt(ReceiptBy(kKey))));
    rig_.Restart();
  }
  EXPECT_EQ(asked(), 1u) << "the service answered 404";
  rig_.clock.Pass(kDay);
  ASSERT_TRUE(Send(WriteReceipt(ReceiptBy(kKey))));
  EXPECT_EQ(asked(), 2u);
}

TEST_F(ReceiptKeysTest, AreNotAskedForWhenTheKeyIsKnown) {
  Agree();
  rig_.transport.told = {Told(WriteReceiptKeys({kKey}))};
  ASSERT_TRUE(Send(WriteReceipt(ReceiptBy(kKey))));
  rig_.clock.Pass(3 * kDay);
  ASSERT_TRUE(Send(WriteReceipt(ReceiptBy(kKey))));
  EXPECT_EQ(asked(), 1u);
}

TEST_F(ReceiptKeysTest, AreNotAskedForWhereTheyAreConfigured) {
  rig_.config.receipt_keys.value = {kOther.bytes};
  rig_.Restart();
  Agree();
  ASSERT_TRUE(Send(WriteReceipt(ReceiptBy(kKey))));
  EXPECT_EQ(asked(), 0u);
}

TEST_F(ReceiptKeysTest, AreNotAskedForAfterANo) {
  Agree();
  const std::string receipt = WriteReceipt(ReceiptBy(kKey));
  rig_.transport.during = [this] { EXPECT_TRUE(rig_.reporter().Deny(kAda).empty()); };
  static_cast<void>(Send(receipt));
  EXPECT_EQ(rig_.transport.posted.size(), 1u);
  EXPECT_EQ(asked(), 0u);
}

// It may go out before anybody decided.
TEST_F(ReceiptKeysTest, AreNotAskedForAfterTheInitialReport) {
  rig_.config.initial_report.value = true;
  rig_.Restart();
  rig_.transport.answers = {Accepted(WriteReceipt(ReceiptBy(kKey)))};
  rig_.Run(kDay);
  EXPECT_EQ(rig_.transport.posted.size(), 1u);
  EXPECT_EQ(asked(), 0u);
}

TEST_F(ReceiptKeysTest, StayAsTheyCameFirst) {
  Agree();
  rig_.transport.told = {Told(WriteReceiptKeys({kKey})),
                         Told(WriteReceiptKeys({{kKey.id, kOther.bytes}})),
                         Told(WriteReceiptKeys({kOther, kKey}))};
  ASSERT_TRUE(Send(WriteReceipt(ReceiptBy(kKey))));
  rig_.clock.Pass(kDay);
  ASSERT_TRUE(Send(WriteReceipt(ReceiptBy(kOther))));
  EXPECT_EQ(rig_.ReadState().receipt_keys, std::vector<ReceiptKey>{kKey});
  rig_.clock.Pass(kDay);
  ASSERT_TRUE(Send(WriteReceipt(ReceiptBy(kOther))));
  EXPECT_EQ(rig_.ReadState().receipt_keys, (std::vector<ReceiptKey>{kKey, kOther}));
}

class BroughtReceiptTest : public ReceiptKeysTest {
 protected:
  SealedReport Seal() { return rig_.reporter().Seal(ReportKind::kManual).value(); }
};

TEST_F(BroughtReceiptTest, AcceptsTheReportThatWaits) {
  Agree();
  const SealedReport sealed = Seal();
  const auto placed = rig_.reporter().AddReceipt(ReceiptBy(kKey, sealed.digest), {kKey});
  ASSERT_TRUE(placed.ok());
  EXPECT_FALSE(placed.value().was_there);
  const SealedReport report = rig_.store->ReadReport(sealed.id).value();
  EXPECT_EQ(report.fate, Fate::kAccepted);
  EXPECT_EQ(report.status, 0);
  EXPECT_EQ(report.receipt, WriteReceipt(ReceiptBy(kKey, sealed.digest)));
  EXPECT_EQ(rig_.ReadState().pending, "");
  EXPECT_EQ(rig_.ReadState().receipt_keys, std::vector<ReceiptKey>{kKey});
  rig_.Run(kDay / 2);
  EXPECT_TRUE(rig_.transport.posted.empty()) << "it is there";
}

TEST_F(BroughtReceiptTest, IsTakenOnce) {
  Agree();
  const Receipt receipt = ReceiptBy(kKey, Seal().digest);
  ASSERT_TRUE(rig_.reporter().AddReceipt(receipt, {}).ok());
  const std::size_t entries = rig_.JournalKinds().size();
  const auto again = rig_.reporter().AddReceipt(receipt, {});
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(again.value().was_there);
  EXPECT_EQ(rig_.JournalKinds().size(), entries);
}

TEST_F(BroughtReceiptTest, StandsBesideAFateThatIsSettled) {
  Agree();
  const SealedReport sealed = Seal();
  ASSERT_TRUE(rig_.reporter().Withdraw(kAda).empty());
  ASSERT_TRUE(rig_.reporter().AddReceipt(ReceiptBy(kKey, sealed.digest), {}).ok());
  EXPECT_EQ(rig_.store->ReadReport(sealed.id).value().fate, Fate::kWithdrawn);
  EXPECT_EQ(rig_.JournalKinds().back(), "receipt");
}

TEST_F(BroughtReceiptTest, OfNobodysReportIsRefused) {
  Agree();
  const auto placed = rig_.reporter().AddReceipt(ReceiptBy(kKey), {});
  ASSERT_FALSE(placed.ok());
  EXPECT_EQ(placed.error().code, ErrorCode::kNotFound);
}

// What is downloaded is never sealed.
TEST_F(BroughtReceiptTest, OfADownloadGoesIntoTheJournalOnce) {
  rig_.config.mode.value = Mode::kDownload;
  rig_.Restart();
  const Receipt receipt = ReceiptBy(kKey, rig_.reporter().Preview().value().digest);
  const auto placed = rig_.reporter().AddReceipt(receipt, {});
  ASSERT_TRUE(placed.ok());
  EXPECT_FALSE(placed.value().report.has_value());
  EXPECT_EQ(rig_.JournalKinds().back(), "receipt");
  EXPECT_TRUE(rig_.reporter().AddReceipt(receipt, {}).value().was_there);
}

}  // namespace
}  // namespace candor
