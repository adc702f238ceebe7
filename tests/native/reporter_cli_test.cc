#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "core/json_reader.h"
#include "core/sha256.h"
#include "tests/native/receiver.h"
#include "tests/native/run_program.h"

namespace candor {
namespace {

class ReporterCliTest : public testing::Test {
 protected:
  ReporterCliTest() {
    std::string pattern = std::filesystem::temp_directory_path() / "candor-cli-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    Write("facts.json", R"({"values": {"product": {"name": "Shop Engine", "version": "7.19.0",)"
                        R"( "edition": "community", "internals": {"database": )"
                        R"({"vendor": "H2", "version": "1.4"}}}}})");
    Configure("online");
  }
  ~ReporterCliTest() override { std::filesystem::remove_all(folder_); }

  void Configure(const std::string& mode) {
    Write("config.json", R"({"mode": ")" + mode + R"(", "catalogue": "engine", "endpoint": ")" +
                             receiver_.Endpoint() + "\"}");
  }
  void Write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
  }
  std::string Read(const std::filesystem::path& name) {
    std::ifstream file(folder_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  // A command on the state folder; `facts`: those of the file.
  Ran Run(const std::string& command, bool facts = false) {
    std::string line = std::string("env -i ") + CANDOR_PROGRAM + " " + command + " --config " +
                       (folder_ / "config.json").string() + " --state-folder " +
                       (folder_ / "state").string();
    if (facts) line += " --facts " + (folder_ / "facts.json").string();
    return RunLine(line);
  }

  std::string Preview() {
    EXPECT_EQ(Run("preview -o " + (folder_ / "report.json").string(), true).status, 0);
    return Read("report.json");
  }
  Ran GrantReport() {
    return Run("consent grant --report " + (folder_ / "report.json").string(), true);
  }

  bool AnyFileHolds(const std::string& text) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_ / "state")) {
      if (entry.is_regular_file() && Read(entry.path()).find(text) != std::string::npos)
        return true;
    }
    return false;
  }

  std::filesystem::path folder_;
  Receiver receiver_;
};

TEST_F(ReporterCliTest, WhatWasPreviewedIsSealedSentAndInTheHistory) {
  const std::string shown = Preview();
  ASSERT_EQ(GrantReport().status, 0);
  const Ran sent = Run("send", true);
  EXPECT_EQ(sent.status, 0) << sent.output;
  ASSERT_EQ(receiver_.accepted().size(), 1u);
  const auto all = receiver_.accepted();
  const auto& [id, accepted] = *all.begin();
  EXPECT_EQ(accepted.body, shown);
  EXPECT_EQ(Run("history show " + id + " --bytes").output, shown);
  EXPECT_NE(Run("history list").output.find(Sha256Hex(shown).substr(0, 16)), std::string::npos);
  EXPECT_EQ(Run("history verify").status, 0);
}

TEST_F(ReporterCliTest, UndecidedNothingIsSentAndNoReportIsStored) {
  Preview();
  const Ran sent = Run("send", true);
  EXPECT_EQ(sent.status, 2);
  EXPECT_NE(sent.output.find("consent grant"), std::string::npos);
  EXPECT_EQ(Run("seal", true).status, 2);
  EXPECT_EQ(receiver_.connections(), 0u);
  EXPECT_FALSE(AnyFileHolds("Shop Engine"));
}

TEST_F(ReporterCliTest, AYesToAnOutdatedReportIsRefused) {
  Preview();
  Write("facts.json", R"({"values": {"product": {"name": "Shop Engine", "version": "7.20.0",)"
                      R"( "edition": "community"}}})");
  const Ran granted = GrantReport();
  EXPECT_EQ(granted.status, 2);
  EXPECT_NE(granted.output.find("look at it again"), std::string::npos) << granted.output;
  EXPECT_EQ(Run("send", true).status, 2);
}

TEST_F(ReporterCliTest, AYesNeedsToSayWhatWasLookedAt) {
  EXPECT_EQ(Run("consent grant", true).status, 1);
  EXPECT_EQ(Run("consent grant --digest 12", true).status, 2);
  EXPECT_EQ(Run("consent grant --yes --digest " + std::string(64, 'a'), true).status, 1);
  EXPECT_NE(Run("consent show").output.find("Nobody has decided"), std::string::npos);
}

TEST_F(ReporterCliTest, ANoWipesWhatWasSealed) {
  Preview();
  ASSERT_EQ(GrantReport().status, 0);
  ASSERT_TRUE(AnyFileHolds("Shop Engine"));
  EXPECT_EQ(Run("consent deny --as ada").status, 0);
  EXPECT_FALSE(AnyFileHolds("Shop Engine"));
  EXPECT_EQ(Run("send", true).status, 2);
  EXPECT_NE(Run("consent show").output.find("denied by ada"), std::string::npos);
  EXPECT_EQ(receiver_.connections(), 0u);
}

TEST_F(ReporterCliTest, ABundleMakesTheSameReportAgain) {
  const std::string bundle = (folder_ / "bundle.json").string();
  const auto made = [&] {
    return RunLine(std::string(CANDOR_PROGRAM) + " bundle " + bundle).output;
  };
  const std::string undecided = Run("preview --bundle " + bundle, true).output;
  EXPECT_EQ(made(), undecided);
  const std::string withheld =
      Run("preview --withhold /product/internals/database --bundle " + bundle, true).output;
  EXPECT_EQ(made(), withheld);
  EXPECT_NE(withheld, undecided);
  ASSERT_EQ(Run("consent grant --yes --withhold /product/internals/database", true).status, 0);
  const std::string agreed = Run("preview --bundle " + bundle, true).output;
  EXPECT_EQ(agreed.find("H2"), std::string::npos);
  EXPECT_EQ(made(), agreed);
}

TEST_F(ReporterCliTest, WhatIsWithheldStaysOut) {
  ASSERT_EQ(Run("consent grant --yes", true).status, 0);
  ASSERT_EQ(Run("consent withhold /product/internals/database").status, 0);
  ASSERT_EQ(Run("send", true).status, 0);
  const auto all = receiver_.accepted();
  EXPECT_EQ(all.begin()->second.body.find("H2"), std::string::npos);
  EXPECT_EQ(Run("consent withhold /product/nothing").status, 2);
  ASSERT_EQ(Run("consent withhold --none").status, 0);
  EXPECT_NE(Run("preview", true).output.find("H2"), std::string::npos);
}

TEST_F(ReporterCliTest, AServiceThatRefusesIsSaid) {
  receiver_.PlayAlways(Answers(403));
  ASSERT_EQ(Run("toggle on").status, 0);
  const Ran sent = Run("send", true);
  EXPECT_EQ(sent.status, 1);
  EXPECT_NE(sent.output.find("refused"), std::string::npos) << sent.output;
  EXPECT_NE(Run("status").output.find("rejected"), std::string::npos);
}

TEST_F(ReporterCliTest, ALostReplyKeepsTheReportForTheNextAttempt) {
  Script loses;
  loses.until = Script::Stage::kRequest;
  receiver_.Play({loses});
  ASSERT_EQ(Run("toggle on").status, 0);
  EXPECT_EQ(Run("send", true).status, 1);
  EXPECT_NE(Run("status").output.find("may have arrived"), std::string::npos);
  EXPECT_EQ(Run("send", true).status, 0);
  const auto all = receiver_.accepted();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_FALSE(all.begin()->second.differed);
}

TEST_F(ReporterCliTest, AWithdrawnReportNeverGoes) {
  ASSERT_EQ(Run("toggle on").status, 0);
  ASSERT_EQ(Run("seal", true).status, 0);
  EXPECT_EQ(Run("withdraw").status, 0);
  EXPECT_NE(Run("history list").output.find("withdrawn"), std::string::npos);
  EXPECT_EQ(Run("withdraw").status, 2);
}

TEST_F(ReporterCliTest, AChangedHistoryIsNoticedWithoutAState) {
  ASSERT_EQ(Run("toggle on").status, 0);
  ASSERT_EQ(Run("history export -o " + (folder_ / "history.json").string()).status, 0);
  const std::string verify =
      std::string(CANDOR_PROGRAM) + " history verify " + (folder_ / "history.json").string();
  EXPECT_EQ(RunLine(verify).status, 0);
  std::string text = Read("history.json");
  text.replace(text.find("\"granted\""), 9, "\"denied\" ");
  Write("history.json", text);
  EXPECT_EQ(RunLine(verify).status, 2);
}

TEST_F(ReporterCliTest, DisabledAndUnusableFoldersAreSaid) {
  Configure("disabled");
  EXPECT_EQ(Run("preview", true).status, 2);
  EXPECT_EQ(Run("consent grant --yes", true).status, 2);
  EXPECT_EQ(Run("status").status, 0);
  std::filesystem::remove_all(folder_ / "state");
  Write("state", "not a folder");
  const Ran status = Run("status");
  EXPECT_EQ(status.status, 1) << status.output;
}

TEST_F(ReporterCliTest, MachinesGetJson) {
  ASSERT_EQ(Run("toggle on --json").status, 0);
  for (const char* command : {"status --json", "consent show --json", "history list --json",
                              "history verify --json", "history export"}) {
    const Ran ran = Run(command);
    EXPECT_EQ(ran.status, 0) << command;
    EXPECT_TRUE(ReadJson(ran.output).ok()) << command << ran.output;
  }
  EXPECT_TRUE(ReadJson(Run("send --json", true).output).ok());
}

}  // namespace
}  // namespace candor
