// What the collector is told: by a file, by the environment, and on the command line.
#include "native/collector/service/collector_config.h"

#include <gtest/gtest.h>

#include "native/collector/service/collector_settings.h"
#include "tests/native/folder.h"
#include "tests/native/run_program.h"

namespace candor {
namespace {

using Places = std::vector<std::string>;

// "source:line:column where" of each problem.
Places PlacesOf(const Problems& problems) {
  Places places;
  for (const Error& error : problems.list()) {
    const std::string line =
        ":" + std::to_string(error.at.line) + ":" + std::to_string(error.at.column);
    places.push_back((error.source.empty() ? "" : error.source + line + " ") + error.where);
  }
  return places;
}

Result<CollectorOptions> ReadSources(const CollectorSources& sources) {
  Problems problems;
  CollectorOptions options = ReadCollectorOptions(sources, problems);
  if (!problems.empty()) return problems;
  return options;
}

class CollectorConfigTest : public testing::Test {
 protected:
  Result<CollectorOptions> Read(const std::string& text,
                                const EnvironmentVariables& environment = {},
                                const std::string& name = "c.yaml") const {
    return ReadSources({folder_.Write(name, text), environment, {}});
  }
  // Without the folder's name.
  Places Wrong(const std::string& text, const EnvironmentVariables& environment = {},
               const std::string& name = "c.yaml") const {
    const auto read = Read(text, environment, name);
    Places places;
    if (read.ok()) {
      const auto checked = CheckCollectorOptions(read.value());
      if (!checked.ok()) places = PlacesOf(checked.problems());
    } else {
      places = PlacesOf(read.problems());
    }
    for (std::string& place : places) {
      if (place.starts_with(folder_.Path(""))) place.erase(0, folder_.Path("").size());
    }
    return places;
  }
  const Folder folder_{MemoryFolder()};
};

TEST_F(CollectorConfigTest, ReadsEverySettingFromJsonAndFromYaml) {
  for (const std::string name : {"c.json", "c.yaml", "c"}) {
    const auto read = Read(R"({
      "folder": "/f", "store": "postgresql://me@db/reports", "receiptKey": "/r",
      "listen": ["127.0.0.1:1", "unix:/s"], "certificate": "/c", "key": "/k",
      "catalogue": "/cat", "proxy": ["unix"], "keepDays": [400, "engine=9"], "keepUnknown": true,
      "publicStatistics": true,
      "mostBytes": 2048, "threads": 3, "addressBurst": 4, "addressPerSecond": 5,
      "installationBurst": 6, "installationPerHour": 7200, "mostNames": 8000, "logFormat": "json"})",
                           {}, name);
    ASSERT_TRUE(read.ok()) << read.error().where << read.error().message;
    const CollectorOptions& options = read.value();
    EXPECT_EQ(options.folder, "/f");
    EXPECT_EQ(options.place().database, "postgresql://me@db/reports");
    EXPECT_EQ(options.receipt_key_file, "/r");
    EXPECT_EQ(options.listen, (Places{"127.0.0.1:1", "unix:/s"}));
    EXPECT_EQ(options.certificate_file + options.key_file, "/c/k");
    EXPECT_EQ(options.catalogue_files, Places{"/cat"});
    EXPECT_EQ(options.proxies, Places{"unix"});
    EXPECT_EQ(options.keep_days, (Places{"400", "engine=9"}));
    EXPECT_EQ(options.unknown(), UnknownFields::kKeep);
    EXPECT_TRUE(options.public_statistics);
    EXPECT_EQ(options.threads, 3);
    EXPECT_TRUE(options.json_log());
    const CollectorLimits limits = options.limits();
    EXPECT_EQ(limits.most_body_bytes, 2048U);
    EXPECT_EQ(limits.address.burst, 4);
    EXPECT_EQ(limits.address.per_second, 5);
    EXPECT_EQ(limits.installation.burst, 6);
    EXPECT_EQ(limits.installation.per_second, 2);
    EXPECT_EQ(limits.most_names, 8000U);
    EXPECT_EQ(options.origins.size(), CollectorSettings().size());
  }
}

TEST_F(CollectorConfigTest, WithoutAWordTheLimitsAreTheUsualOnes) {
  const CollectorLimits usual, limits = CollectorOptions().limits();
  EXPECT_EQ(limits.most_body_bytes, usual.most_body_bytes);
  EXPECT_EQ(limits.most_names, usual.most_names);
  EXPECT_EQ(limits.address.burst, usual.address.burst);
  EXPECT_EQ(limits.address.per_second, usual.address.per_second);
  EXPECT_EQ(limits.installation.burst, usual.installation.burst);
  EXPECT_EQ(limits.installation.per_second, usual.installation.per_second);
}

TEST_F(CollectorConfigTest, TheCommandLineWinsOverTheEnvironmentAndThatOverTheFile) {
  const std::string file = folder_.Write("c.yaml", "folder: /file\nthreads: 1\nmostNames: 5000\n");
  const auto read = ReadSources({file,
                                 {{"CANDOR_COLLECTOR_FOLDER", "/variable"},
                                  {"CANDOR_COLLECTOR_LISTEN", "unix:/a, 127.0.0.1:1"},
                                  {"CANDOR_COLLECTOR_PROXY", ""},
                                  {"CANDOR_COLLECTOR_THREADS", "2"}},
                                 {{"folder", {"/typed"}}, {"keepUnknown", {"true"}}}});
  ASSERT_TRUE(read.ok()) << read.error().where;
  EXPECT_EQ(read.value().folder, "/typed");
  EXPECT_EQ(read.value().threads, 2);
  EXPECT_EQ(read.value().most_names, 5000);
  EXPECT_EQ(read.value().listen, (Places{"unix:/a", "127.0.0.1:1"}));
  EXPECT_TRUE(read.value().keep_unknown);
  const SettingOrigins& origins = read.value().origins;
  EXPECT_EQ(OriginText(origins, "folder"), "--folder");
  EXPECT_EQ(OriginText(origins, "threads"), "environment variable CANDOR_COLLECTOR_THREADS");
  EXPECT_EQ(OriginText(origins, "mostNames"), file + ":3:12");
  EXPECT_EQ(OriginText(origins, "proxy"), "default");
}

TEST_F(CollectorConfigTest, TellsEveryProblemAtOnceEachWithItsPlace) {
  EXPECT_EQ(Wrong("keepDay: 3\nthreads: many\nlisten: [127.0.0.1:1, true]\nmostBytes: 3\n"
                  "keepUnknown: 1\nfolder: [a]\nmostNames: 1.5\nlogFormat: jsn\n",
                  {{"CANDOR_COLLECTOR_TREADS", "2"}, {"CANDOR_COLLECTOR_THREADS", "-1"}}),
            (Places{"c.yaml:6:9 /folder", "c.yaml:3:23 /listen/1", "c.yaml:5:14 /keepUnknown",
                    "c.yaml:4:12 /mostBytes", "c.yaml:2:10 /threads", "c.yaml:7:12 /mostNames",
                    "c.yaml:8:12 /logFormat", "c.yaml:1:1 /keepDay", "CANDOR_COLLECTOR_THREADS",
                    "CANDOR_COLLECTOR_TREADS"}));
}

TEST_F(CollectorConfigTest, SuggestsTheNearestNameForAnUnknownKeyOrVariable) {
  const auto read = Read("keepDay: 3\n", {{"CANDOR_COLLECTOR_TREADS", "2"}});
  ASSERT_EQ(read.problems().list().size(), 2U);
  EXPECT_EQ(read.error().code, ErrorCode::kUnknownKey);
  EXPECT_NE(read.error().message.find("did you mean \"keepDays\"?"), std::string::npos);
  EXPECT_NE(read.problems().list()[1].message.find("CANDOR_COLLECTOR_THREADS?"), std::string::npos);
}

TEST_F(CollectorConfigTest, LeavesTheVariablesAloneThatKubernetesSets) {
  EXPECT_TRUE(Read("folder: /f\n", {{"CANDOR_COLLECTOR_PORT", "tcp://10.0.0.1:8046"},
                                    {"CANDOR_COLLECTOR_SERVICE_HOST", "10.0.0.1"},
                                    {"CANDOR_COLLECTOR_PORT_8046_TCP_PROTO", "tcp"}})
                  .ok());
}

TEST_F(CollectorConfigTest, ChecksPointToTheSourceThatGaveTheValue) {
  EXPECT_EQ(Wrong("folder: /f\nkeepDays:\n  - 400\n  - nobody=3\nlisten: 0.0.0.0:1\n",
                  {{"CANDOR_COLLECTOR_PROXY", "unix, not an address"}}),
            (Places{"c.yaml:5:9 /listen 0.0.0.0:1", "CANDOR_COLLECTOR_PROXY not an address",
                    "c.yaml:4:5 /keepDays/1"}));
  EXPECT_EQ(Wrong("certificate: /no/such\n"),
            (Places{"--folder", "c.yaml:1:14 /certificate /no/such", "--key "}));
}

TEST_F(CollectorConfigTest, RefusesFilesThatAreNoDocument) {
  EXPECT_EQ(Wrong("").size(), 1U);
  EXPECT_EQ(Wrong(" \n"), Places{"c.yaml:0:0 "});
  EXPECT_EQ(Wrong("- a\n"), Places{"c.yaml:1:1 "});
  EXPECT_EQ(Wrong("a: 1\n---\nb: 2\n"), Places{"c.yaml:0:0 "});
  EXPECT_EQ(Wrong("folder: a\nfolder: b\n"), Places{"c.yaml:2:1 /folder"});
  EXPECT_EQ(Wrong("{\n \"folder\": }", {}, "c.json"), Places{"c.json:2:12 /folder"});
  EXPECT_FALSE(ReadSources({folder_.Path("none"), {}, {}}).ok());
}

// The program, in an environment of its own.
Ran Check(const std::string& words, const std::string& environment = "") {
  return RunLine("env -i " + environment + " " CANDOR_COLLECTOR " check-config " + words);
}

TEST_F(CollectorConfigTest, TheExampleHoldsAndSaysOfEverySettingWhatItUsuallyIs) {
  const Ran ran = Check("--config " CANDOR_COLLECTOR_EXAMPLE);
  EXPECT_EQ(ran.status, 0) << ran.output;
  const auto read = ReadSources({CANDOR_COLLECTOR_EXAMPLE, {}, {}});
  ASSERT_TRUE(read.ok());
  // The certificate and its key stand in comments, and the database with its own.
  EXPECT_EQ(read.value().origins.size(), CollectorSettings().size() - 4);
  CollectorOptions usual;
  usual.folder = "/var/lib/candor-collector";
  usual.keep_days = {"400", "console=90"};
  usual.origins = read.value().origins;
  EXPECT_EQ(CollectorOptionsJson(read.value()), CollectorOptionsJson(usual));
}

TEST_F(CollectorConfigTest, CheckConfigPrintsWhatHoldsAndOpensNothing) {
  const std::string file = folder_.Write("c.yaml", "folder: " + folder_.Path("store") + "\n");
  const Ran ran = Check("--threads 4", "CANDOR_COLLECTOR_CONFIG=" + file);
  EXPECT_EQ(ran.status, 0) << ran.output;
  for (const std::string& part :
       {std::string("\"threads\": 4"), std::string("\"/threads\": \"--threads\""),
        "\"/folder\": \"" + file + ":1:9\"", std::string("\"/listen\": \"default\"")}) {
    EXPECT_NE(ran.output.find(part), std::string::npos) << part << "\n" << ran.output;
  }
  EXPECT_EQ(RunLine("test -e " + folder_.Path("store")).status, 1);
}

TEST_F(CollectorConfigTest, CheckConfigAndServeRefuseTheSame) {
  const std::string file = folder_.Write("c.yaml", "folder: /f\nlisten: nowhere\nkeepDays: 0\n");
  const Ran check = Check("--config " + file);
  EXPECT_EQ(check.status, 2);
  EXPECT_NE(check.output.find(file + ":2:9: /listen"), std::string::npos) << check.output;
  EXPECT_NE(check.output.find(file + ":3:11: /keepDays"), std::string::npos) << check.output;
  const Ran serve = RunLine("env -i " CANDOR_COLLECTOR " serve --config " + file);
  EXPECT_EQ(serve.status, 2);
  EXPECT_EQ(serve.output, check.output);
}

}  // namespace
}  // namespace candor
