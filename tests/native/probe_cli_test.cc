// candor probe as people call it, and how probed values meet written ones.
#include <gtest/gtest.h>

#include <string>

#include "native/probes/prober.h"
#include "tests/native/component_server.h"
#include "tests/native/folder.h"
#include "tests/native/run_program.h"

namespace candor {
namespace {

const std::string kProbe = CANDOR_PROGRAM " probe ";

TEST(ProbeCommandTest, PrintsFactsAndSaysWhatGaveNone) {
  const Folder folder;
  const std::string java = folder.Write(
      "java", "#!/bin/sh\necho '    java.version = 17.0.1\n    java.vm.vendor = Debian' >&2\n",
      0700);
  const Ran ran =
      RunLine("{ " + kProbe + "--java " + java + " --database 'host=127.0.0.1 port=1' 2> " +
              folder.Path("problems") + "; }");
  EXPECT_EQ(ran.status, 1);
  EXPECT_EQ(ran.output, R"({
  "values": {
    "product": {
      "internals": {
        "jdk": {
          "vendor": "Debian",
          "version": "17.0.1"
        }
      }
    }
  }
}
)");
  EXPECT_EQ(RunLine("grep -c '^--database: .*refused' " + folder.Path("problems")).output, "1\n");
  EXPECT_EQ(RunLine(kProbe + "--java " + java).status, 0);
}

TEST(ProbeCommandTest, SaysAllThatIsWrongAtOnce) {
  const Ran ran = RunLine("DO_NOT_TRACK=1 " + kProbe +
                          "--database 'host=h password=swordfish' --search ftp://h");
  EXPECT_EQ(ran.status, 1);
  for (const char* part : {"--database: must not hold a password", "--search: must",
                           "--search: a report names one database", "DO_NOT_TRACK"}) {
    EXPECT_NE(ran.output.find(part), std::string::npos) << part << " in " << ran.output;
  }
  EXPECT_EQ(ran.output.find("swordfish"), std::string::npos);
  EXPECT_EQ(RunLine(kProbe).status, 1);
}

TEST(ProbeCommandTest, DoNotTrackAsksNobody) {
  ComponentServer server;
  const Ran ran = RunLine("DO_NOT_TRACK=1 " + kProbe + "--search " + server.Url("/"));
  EXPECT_EQ(ran.status, 2) << ran.output;
  EXPECT_TRUE(server.Asked().empty());
}

std::string Laid(const std::string& written, const ProbedProduct& product) {
  FactsDraft facts;
  EXPECT_TRUE(facts.Read(R"({"values": {"a": )" + written + "}}").empty());
  LayUnder("/a/b", product, facts);
  std::string text = facts.Write();
  std::erase_if(text, [](char c) { return c == ' ' || c == '\n'; });
  return text;
}

TEST(LayUnderTest, WhatPeopleWroteWins) {
  const ProbedProduct product = {"P", "1"};
  EXPECT_EQ(Laid("{}", product), R"({"values":{"a":{"b":{"vendor":"P","version":"1"}}}})");
  EXPECT_EQ(Laid(R"({"b": {"version": "2"}})", product),
            R"({"values":{"a":{"b":{"version":"2","vendor":"P"}}}})");
  EXPECT_EQ(Laid(R"({"b": {"vendor": "P"}})", product),
            R"({"values":{"a":{"b":{"vendor":"P","version":"1"}}}})");
  EXPECT_EQ(Laid(R"({"b": null})", product), R"({"values":{"a":{"b":null}}})");
  EXPECT_EQ(Laid("null", product), R"({"values":{"a":null}})");
}

TEST(LayUnderTest, AVersionStandsBesideNoOtherVendor) {
  EXPECT_EQ(Laid(R"({"b": {"vendor": "Q"}})", {"P", "1"}),
            R"({"values":{"a":{"b":{"vendor":"Q"}}}})");
  EXPECT_EQ(Laid(R"({"b": {"vendor": "Q"}})", {"", "1"}),
            R"({"values":{"a":{"b":{"vendor":"Q","version":"1"}}}})");
}

}  // namespace
}  // namespace candor
