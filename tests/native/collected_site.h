// A site whose reporter is the real program, beside a collector that is, too.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "tests/native/folder.h"
#include "tests/native/local_client.h"
#include "tests/native/run_program.h"

namespace candor {

class CollectedTest : public testing::Test {
 protected:
  // `more`: members of the configuration, each with its comma before it.
  void Configure(const std::string& endpoint, const std::string& more = "") const {
    folder_.Write("facts.json", R"({"values": {"product": {"name": "Shop Engine", "version": )"
                                R"("7.19.0", "edition": "community"}}})");
    folder_.Write("config.json", R"({"mode": "online", "catalogue": "engine", "endpoint": ")" +
                                     endpoint + "\"" + more + "}");
  }
  Ran Run(const std::string& command, bool facts = false) const {
    return RunLine(std::string("env -i ") + CANDOR_PROGRAM + " " + command + " --config " +
                   folder_.Path("config.json") + " --state-folder " + folder_.Path(state_) +
                   (facts ? " --facts " + folder_.Path("facts.json") : ""));
  }
  // The bytes that the yes was given to.
  std::string Grant() const {
    const std::string report = folder_.Path("report.json");
    EXPECT_EQ(Run("preview -o " + report, true).status, 0);
    EXPECT_EQ(Run("consent grant --report " + report, true).status, 0);
    return RunLine("cat " + report).output;
  }
  std::string Keys(const std::string& address) const {
    return AskOnce(address, RequestText("GET", "/v1/keys")).body;
  }
  const Folder folder_{MemoryFolder()};
  std::string state_ = "state";  // The installation that Run is about.
};

}  // namespace candor
