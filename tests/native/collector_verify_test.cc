// What a site can prove with its history alone: the real reporter, the real collector, and then
// without it.
#include <csignal>

#include "core/journal.h"
#include "core/json_reader.h"
#include "core/json_writer.h"
#include "core/receipt.h"
#include "core/sha256.h"
#include "native/collector/intake/receipts.h"
#include "tests/native/collected_site.h"
#include "tests/native/collector_process.h"

namespace candor {
namespace {

constexpr char kGood[] = " 1 good by the keys that this history holds, 0 signed by an unknown key";

class VerifiedTest : public CollectedTest {
 protected:
  // A report that was accepted, and the collector is gone.
  void SendOne(const std::string& more = "") {
    CollectorProcess collector(folder_);
    Configure("http://" + collector.Address() + "/v1/reports", more);
    Grant();
    const Ran sent = Run("send", true);
    ASSERT_EQ(sent.status, 0) << sent.output;
    collector.End(SIGTERM);
  }
  Ran VerifyFile(const std::string& history, const std::string& more = "") const {
    return RunLine(std::string("env -i ") + CANDOR_PROGRAM + " verify " +
                   folder_.Write("history.json", history) + more);
  }
  // The exported history with its last receipt replaced, and the chain made to hold again: what
  // somebody could do who has the folder.
  template <typename Change>
  std::string Forged(Change&& change) const {
    std::vector<JournalEntry> entries = ReadHistory(Run("history export").output).value(), forged;
    for (JournalEntry& entry : entries) {
      if (entry.kind == "accepted") change(entry.body);
      forged.push_back(NextEntry(static_cast<std::int64_t>(forged.size()),
                                 forged.empty() ? "" : forged.back().hash, entry.at_ms, entry.kind,
                                 entry.body)
                           .value());
    }
    StringSink sink;
    WriteHistory(forged, sink);
    return std::move(sink).text();
  }
};

TEST_F(VerifiedTest, AReceiptIsGoodWithoutTheServiceAndElsewhere) {
  SendOne();
  const Ran here = Run("verify");
  EXPECT_EQ(here.status, 0) << here.output;
  EXPECT_NE(here.output.find(kGood), std::string::npos) << here.output;
  const Ran elsewhere = VerifyFile(Run("history export").output);
  EXPECT_EQ(elsewhere.status, 0) << elsewhere.output;
  EXPECT_NE(elsewhere.output.find(kGood), std::string::npos) << elsewhere.output;
}

TEST_F(VerifiedTest, AReceiptWithOneBitChangedIsWrong) {
  SendOne();
  const Ran verified = VerifyFile(Forged([](std::string& body) {
    char& digit = body[body.find("\\\"signature\\\": \\\"") + 30];
    digit = digit == 'A' ? 'B' : 'A';
  }));
  EXPECT_EQ(verified.status, 2) << verified.output;
  EXPECT_NE(verified.output.find("is wrong"), std::string::npos) << verified.output;
}

TEST_F(VerifiedTest, AReceiptOfAnUnknownKeyIsNeitherGoodNorWrong) {
  SendOne();
  const auto stranger = ReceiptSigner::Open(folder_.Path("stranger")).value();
  const std::string history = Forged([&](std::string& body) {
    const JsonValue accepted = ReadJson(body).value();
    const auto receipt = ParseReceipt(accepted.Find("receipt")->text());
    std::string digest;
    for (std::size_t i = 0; i < receipt->digest.size(); i += 2) {
      digest += static_cast<char>(std::stoi(receipt->digest.substr(i, 2), nullptr, 16));
    }
    body = JsonObject([&](JsonWriter& json) {
      json.Key("report");
      json.String(accepted.Find("report")->text());
      json.Key("receipt");
      json.String(stranger->Sign(digest, 1'795'000'000'000));
    });
  });
  const Ran verified = VerifyFile(history);
  EXPECT_EQ(verified.status, 1) << verified.output;
  EXPECT_NE(verified.output.find("0 good, 1 signed by an unknown key"), std::string::npos)
      << verified.output;
  const std::string key = ParseReceiptKeys(stranger->Keys()).value().front().bytes;
  folder_.Write("pinned.json", R"({"receiptKeys": [")" + key + "\"]}");
  const Ran pinned = VerifyFile(history, " --config " + folder_.Path("pinned.json"));
  EXPECT_EQ(pinned.status, 0) << pinned.output;
  EXPECT_NE(pinned.output.find(" 1 good by the configured keys"), std::string::npos);
}

TEST_F(VerifiedTest, ConfiguredKeysAloneAreBelieved) {
  SendOne(R"(, "receiptKeys": ["11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="])");
  EXPECT_EQ(Run("history export").output.find("\"keys\""), std::string::npos) << "nobody asked";
  const Ran verified = Run("verify --json");
  EXPECT_EQ(verified.status, 1) << verified.output;
  EXPECT_NE(verified.output.find("\"ofUnknownKey\": 1"), std::string::npos) << verified.output;
}

// Mode online without an endpoint: what is sealed waits, and is carried by hand.
TEST_F(VerifiedTest, ASiteWithoutANetworkGetsItsReceiptByHand) {
  Configure("");
  const std::string shown = Grant();
  const Ran status = Run("status --json");
  const std::string id = ReadJson(status.output).value().Find("pending")->Find("id")->text();
  ASSERT_EQ(Run("history show " + id + " --bytes").output, shown);
  std::string receipt, keys;
  {
    const CollectorProcess collector(folder_);
    const std::string address = collector.Address();
    receipt = AskOnce(address, RequestText("POST", "/v1/reports", shown)).body;
    keys = Keys(address);
  }
  const std::string add = "receipt add " + folder_.Write("receipt", receipt);
  const Ran without = Run(add);
  EXPECT_EQ(without.status, 2) << without.output;
  EXPECT_NE(without.output.find("--keys"), std::string::npos) << without.output;
  std::string wrong = receipt;
  wrong[wrong.find("T") + 1] ^= 1;
  const std::string brought = " --keys " + folder_.Write("keys", keys);
  EXPECT_EQ(Run("receipt add " + folder_.Write("wrong", wrong) + brought).status, 2);
  EXPECT_NE(Run("status --json").output.find(id), std::string::npos) << "it waits as before";
  const Ran added = Run(add + brought);
  EXPECT_EQ(added.status, 0) << added.output;
  EXPECT_NE(added.output.find("accepted"), std::string::npos) << added.output;
  EXPECT_NE(Run(add).output.find("was there already"), std::string::npos);
  const Ran verified = Run("verify");
  EXPECT_EQ(verified.status, 0) << verified.output;
  EXPECT_NE(verified.output.find(kGood), std::string::npos) << verified.output;
  EXPECT_NE(Run("history list").output.find("accepted"), std::string::npos);
}

}  // namespace
}  // namespace candor
