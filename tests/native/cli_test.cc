// The real program, started as a person would start it.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace candor {
namespace {

namespace fs = std::filesystem;

std::string ReadAll(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

struct Ran {
  int status = -1;  // 128 + the signal when it died of one.
  std::string out, errors;
};

class CliTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "candor-cli-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string Write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return (folder_ / name).string();
  }

  Ran Candor(const std::vector<std::string>& arguments, const std::string& input = "",
             std::vector<std::string> environment = {}) {
    const std::string in = Write("stdin", input);
    const std::string out = (folder_ / "stdout").string();
    const std::string errors = (folder_ / "stderr").string();
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, in.c_str(), O_RDONLY, 0);
    constexpr int kNew = O_WRONLY | O_CREAT | O_TRUNC;
    posix_spawn_file_actions_addopen(&actions, 1, out.c_str(), kNew, 0600);
    posix_spawn_file_actions_addopen(&actions, 2, errors.c_str(), kNew, 0600);
    std::vector<char*> argv = {const_cast<char*>(CANDOR_PROGRAM)};
    for (const std::string& argument : arguments)
      argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    std::vector<char*> envp;
    for (std::string& variable : environment) envp.push_back(variable.data());
    envp.push_back(nullptr);
    pid_t child = 0;
    EXPECT_EQ(posix_spawn(&child, CANDOR_PROGRAM, &actions, nullptr, argv.data(), envp.data()), 0);
    posix_spawn_file_actions_destroy(&actions);
    int status = 0;
    ::waitpid(child, &status, 0);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), ReadAll(out),
            ReadAll(errors)};
  }

  fs::path folder_;
};

constexpr char kGolden[] = "tests/golden/";

TEST_F(CliTest, PrintsTheReportAndNothingElse) {
  const std::string golden = std::string(kGolden) + "engine-seed-004/";
  const Ran ran =
      Candor({"report", "--config", golden + "config.json", "--facts", golden + "facts.json"});
  EXPECT_EQ(ran.status, 0) << ran.errors;
  EXPECT_EQ(ran.out, ReadAll(golden + "report.json"));
  EXPECT_EQ(ran.errors, "");
}

TEST_F(CliTest, WritesTheSameBytesToAFile) {
  const std::string golden = std::string(kGolden) + "console-several-components/";
  const std::string file = (folder_ / "report.json").string();
  const Ran ran =
      Candor({"report", "--config", golden + "config.json", "--facts", golden + "facts.json",
              "--scrape", "operate=" + golden + "scrape.operate.prom", "--scrape",
              "optimize=" + golden + "scrape.optimize.prom", "-o", file});
  EXPECT_EQ(ran.status, 0) << ran.errors;
  EXPECT_EQ(ran.out, "");
  EXPECT_EQ(ReadAll(file), ReadAll(golden + "report.json"));
}

TEST_F(CliTest, LeavesAnOlderReportAloneWhenTheNewOneIsRefused) {
  const std::string golden = std::string(kGolden) + "engine-every-mistake-at-once/";
  const std::string file = Write("report.json", "the older one");
  const Ran ran = Candor(
      {"report", "--config", golden + "config.json", "--facts", golden + "facts.json", "-o", file});
  EXPECT_EQ(ran.status, 2);
  EXPECT_EQ(ReadAll(file), "the older one");
  // stdin, stdout, stderr and the report: no temporary file is left.
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 4);
}

TEST_F(CliTest, TellsAFullDiskFromARefusal) {
  const std::string golden = std::string(kGolden) + "engine-seed-001/";
  const Ran ran = Candor({"report", "--config", golden + "config.json", "--facts",
                          golden + "facts.json", "-o", "/dev/full"});
  EXPECT_EQ(ran.status, 1);
  EXPECT_NE(ran.errors.find("/dev/full"), std::string::npos);
}

TEST_F(CliTest, ReadsStandardInput) {
  EXPECT_EQ(Candor({"digest", "-"}, "abc").out,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  -\n");
  EXPECT_EQ(Candor({"validate", "-"}, R"({"mode": "download"})").status, 0);
}

TEST_F(CliTest, TakesTheEnvironmentOverTheFile) {
  const std::string config = Write("a.yaml", "camunda:\n  console:\n    telemetry: online\n");
  const Ran ran = Candor({"config", config}, "", {"CAMUNDA_CONSOLE_TELEMETRY=download"});
  EXPECT_EQ(ran.status, 0) << ran.errors;
  EXPECT_NE(ran.out.find("\"mode\": \"download\""), std::string::npos);
  EXPECT_NE(ran.out.find("CAMUNDA_CONSOLE_TELEMETRY"), std::string::npos);
}

TEST_F(CliTest, ReportsAllProblemsOfAYamlFileWithTheirPlaces) {
  const std::string config =
      Write("a.yaml", "mode: sometimes\nrequestRetrys: 3\nrequestTimeoutMs: soon\n");
  const Ran ran = Candor({"validate", config});
  EXPECT_EQ(ran.status, 2);
  for (const char* place : {"a.yaml:1:7: /mode", "a.yaml:2:1: /requestRetrys", "a.yaml:3:19: "}) {
    EXPECT_NE(ran.errors.find(place), std::string::npos) << place << " in " << ran.errors;
  }
}

TEST_F(CliTest, ExitsWithOneForWrongUseAndMissingFiles) {
  EXPECT_EQ(Candor({}).status, 1);
  EXPECT_EQ(Candor({"nope"}).status, 1);
  EXPECT_EQ(Candor({"digest"}).status, 1);
  EXPECT_EQ(Candor({"digest", "/nowhere/at/all"}).status, 1);
  EXPECT_EQ(Candor({"validate", "/nowhere/at/all.yaml"}).status, 1);
  EXPECT_EQ(Candor({"report", "--config", "x", "--facts", "y", "--scrape", "operate"}).status, 1);
  EXPECT_EQ(Candor({"digest", "/"}).status, 1);
}

TEST_F(CliTest, HelpsANewcomer) {
  const Ran ran = Candor({"--help"});
  EXPECT_EQ(ran.status, 0);
  for (const char* command : {"validate", "report", "catalogue", "explain", "check-exposition"}) {
    EXPECT_NE(ran.out.find(command), std::string::npos) << command;
    EXPECT_EQ(Candor({command, "--help"}).status, 0);
  }
  EXPECT_EQ(Candor({"--version"}).status, 0);
}

TEST_F(CliTest, ShowsEveryBuiltInCatalogue) {
  const Ran list = Candor({"catalogue", "list"});
  EXPECT_EQ(list.status, 0);
  for (const char* name : {"engine", "optimize", "console"}) {
    EXPECT_NE(list.out.find(name), std::string::npos);
    for (const char* command : {"show", "docs", "schema", "digest", "check"}) {
      const Ran ran = Candor({"catalogue", command, name});
      EXPECT_EQ(ran.status, 0) << command << " " << name << ran.errors;
      EXPECT_NE(ran.out, "");
    }
    const std::string file = Write("c.json", Candor({"catalogue", "show", name}).out);
    const Ran diff = Candor({"catalogue", "diff", name, file});
    EXPECT_EQ(diff.status, 0);
    EXPECT_EQ(diff.out, "");
  }
}

TEST_F(CliTest, SurvivesArgumentsThatAreNotText) {
  EXPECT_EQ(Candor({"digest", "\xFF\xFE\x1B[2J"}).status, 1);
  EXPECT_EQ(Candor({"catalogue", "show", std::string(100'000, 'a')}).status, 2);
}

}  // namespace
}  // namespace candor
