// Programs in other languages, and a shell script, count through the local API; these are the
// examples that the README shows.
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "tests/native/local_serve_rig.h"

namespace candor {
namespace {

class LocalProgramsTest : public LocalServeRig {
 protected:
  static bool Has(const std::string& program) {
    return RunLine("command -v " + program).status == 0;
  }
  Ran Run(const std::string& program, const std::string& name, const std::string& n) const {
    return RunLine("CANDOR_SOCKET=" + Path("candor.sock") + " CANDOR_URL=http://" + Tcp() +
                   " CANDOR_TOKEN_FILE=" + Path("state/api-token") + " " + program + " " + name +
                   " " + n);
  }
  // Two at once, twice; then one that is refused.
  void CountWith(const std::string& program) {
    Start();
    std::vector<std::thread> runs;
    for (const char* const n : {"3", "40"}) {
      runs.emplace_back([this, &program, n] {
        for (int i = 0; i < 2; ++i) {
          const Ran ran = Run(program, "commands/DeployCmd", n);
          EXPECT_EQ(ran.status, 0) << ran.output;
        }
      });
    }
    for (std::thread& run : runs) run.join();
    const Ran refused = Run(program, "metrics/proces-instances", "1");
    EXPECT_NE(refused.status, 0);
    EXPECT_NE(refused.output.find("metrics/process-instances"), std::string::npos)
        << refused.output;
    EXPECT_EQ(AskOnce(Unix(), RequestText("PUT", "/v1/facts/shop", kShop)).status, 201);
    EXPECT_TRUE(Eventually([&] { return Preview().find("\"Shop\"") != std::string::npos; }));
    EXPECT_NE(Preview().find("\"DeployCmd\": {\n          \"count\": 86\n"), std::string::npos)
        << Preview();
  }
};

const std::string kExamples = CANDOR_SOURCE "/native/serve/examples/";

TEST_F(LocalProgramsTest, APythonProgramCounts) {
  if (!Has("python3")) GTEST_SKIP() << "there is no python3";
  CountWith("python3 " + kExamples + "count.py");
}

TEST_F(LocalProgramsTest, ANodeProgramCounts) {
  if (!Has("node")) GTEST_SKIP() << "there is no node";
  CountWith("node " + kExamples + "count.mjs");
}

TEST_F(LocalProgramsTest, AJavaProgramCounts) {
  if (!Has("javac")) GTEST_SKIP() << "there is no javac";
  // As Debian's: without the module of the compiler a source cannot be run.
  CountWith("java " + kExamples + "Count.java");
}

TEST_F(LocalProgramsTest, AShellScriptCounts) { CountWith(CANDOR_PROGRAM " count"); }

TEST_F(LocalProgramsTest, CountingWhereNobodyListensSaysSo) {
  const Ran ran = RunLine(CANDOR_PROGRAM " count commands/DeployCmd --socket " + Path("nobody"));
  EXPECT_EQ(ran.status, 1);
  EXPECT_NE(ran.output.find("--socket " + Path("nobody")), std::string::npos) << ran.output;
}

TEST_F(LocalProgramsTest, CountingOnceIsTheDefaultAndRefusalsEndWithTwo) {
  Start();
  const std::string count = CANDOR_PROGRAM " count --socket " + Path("candor.sock") + " ";
  EXPECT_EQ(RunLine(count + "commands/DeployCmd").status, 0);
  EXPECT_EQ(Total(), 1);
  const Ran negative = RunLine(count + "commands/DeployCmd -- -1");
  EXPECT_EQ(negative.status, 2);
  EXPECT_NE(negative.output.find("/commands~1DeployCmd: must be an integer"), std::string::npos)
      << negative.output;
  EXPECT_EQ(Total(), 1);
}

}  // namespace
}  // namespace candor
