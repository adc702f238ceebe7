// Configuration files as they are: YAML, XML, ConfigMaps and the environment.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "core/config.h"
#include "core/json_writer.h"
#include "native/import/config_map.h"
#include "native/import/source.h"
#include "native/import/xml.h"
#include "native/import/yaml.h"

namespace candor {
namespace {

using List = std::vector<std::string>;

constexpr char kFixtures[] = "tests/native/fixtures/";

// The one document of a YAML text, as JSON on one line.
std::string Yaml(const std::string& text) {
  const Result<std::vector<JsonValue>> documents = ReadYaml(text);
  if (!documents.ok()) return "problem " + documents.error().message;
  std::string all;
  for (const JsonValue& document : documents.value()) {
    for (const char c : WriteJson(document)) {
      if (c != '\n' && c != ' ') all += c;
    }
    all += ";";
  }
  return all;
}

// "12 3:1 /where" for every problem.
List Described(const Problems& problems) {
  List all;
  for (const Error& error : problems.list()) {
    all.push_back(std::to_string(static_cast<int>(error.code)) + " " +
                  std::to_string(error.at.line) + ":" + std::to_string(error.at.column) + " " +
                  error.where);
  }
  return all;
}
template <typename T>
List ProblemsOf(const Result<T>& result) {
  return result.ok() ? List{} : Described(result.problems());
}

TEST(ReadYamlTest, ReadsTheCoreSchema) {
  EXPECT_EQ(Yaml("a: [true, True, FALSE, null, ~, 5, -0, 1.5e3, x, \"true\", '5', \"~\"]"),
            "{\"a\":[true,true,false,null,null,5,-0,1.5e3,\"x\",\"true\",\"5\",\"~\"]};");
  EXPECT_EQ(Yaml("[online, off, on, no, yes, y, 0x1F, 0o7, 007, +5, .5, .inf, .nan, 1_000, 1:30]"),
            "[\"online\",\"off\",\"on\",\"no\",\"yes\",\"y\",\"0x1F\",\"0o7\",\"007\",\"+5\","
            "\".5\",\".inf\",\".nan\",\"1_000\",\"1:30\"];");
  EXPECT_EQ(Yaml("a:\nb: !!str 5\nc: !!int 5\nd: ! 5\n5: x\ntrue: y"),
            "{\"a\":null,\"b\":\"5\",\"c\":5,\"d\":\"5\",\"5\":\"x\",\"true\":\"y\"};");
}

TEST(ReadYamlTest, ReadsJson) {
  EXPECT_EQ(Yaml("{\"a\":[1,{\"b\":\"\\u00e4\\n\"}],\"c\":{}}"),
            "{\"a\":[1,{\"b\":\"\u00e4\\n\"}],\"c\":{}};");
}

TEST(ReadYamlTest, ReadsEveryDocument) {
  EXPECT_EQ(Yaml("--- 1\n---\n...\n--- \na: b\n"), "1;null;{\"a\":\"b\"};");
  EXPECT_EQ(Yaml("# nothing\n"), "");
}

TEST(ReadYamlTest, KeepsPlacesInBytes) {
  const auto documents =
      ReadYaml("\xEF\xBB\xBF# \u00e4\n\u00e4: {b: \"\u20ac\", c: d}\r\ne:\n  - f\n");
  ASSERT_TRUE(documents.ok());
  const JsonMember& first = documents.value()[0].members()[0];
  EXPECT_EQ(first.key_at.line, 2u);
  EXPECT_EQ(first.key_at.column, 1u);
  const JsonMember& c = first.value.members()[1];
  EXPECT_EQ(c.key_at.column, 16u);
  EXPECT_EQ(c.value.at().column, 19u);
  EXPECT_EQ(documents.value()[0].members()[1].value.items()[0].at().line, 4u);
  EXPECT_EQ(documents.value()[0].members()[1].value.items()[0].at().column, 5u);
}

TEST(ReadYamlTest, ExpandsAliases) {
  EXPECT_EQ(Yaml("a: &x {b: [1, &y 2]}\nc: *x\nd: [*y, *x]\n*y : e"),
            "problem has a key that is no text");
  EXPECT_EQ(Yaml("a: &x {b: [1, &y two]}\nc: *x\nd: [*y, [*x]]\n*y : e"),
            "{\"a\":{\"b\":[1,\"two\"]},\"c\":{\"b\":[1,\"two\"]},\"d\":[\"two\",[{\"b\":[1,"
            "\"two\"]}]],\"two\":\"e\"};");
  EXPECT_EQ(Yaml("- &x 1\n- &x 2\n- *x"), "[1,2,2];");
}

TEST(ReadYamlTest, RefusesAliasesOfNothingAndOfThemselves) {
  EXPECT_EQ(ProblemsOf(ReadYaml("a: *x")), List{"12 1:4 /a"});
  EXPECT_EQ(ProblemsOf(ReadYaml("a: &x [*x]")), List{"12 1:8 /a/0"});
  EXPECT_EQ(ProblemsOf(ReadYaml("--- &x a\n--- *x")), List{"12 2:5 "});
}

TEST(ReadYamlTest, BoundsWhatAliasesExpandTo) {
  std::string laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    laughs += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int j = 1; j < 10; ++j) laughs += ", " + before;
    laughs += "]\n";
  }
  const auto result = ReadYaml(laughs);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::kOverLimit);
  std::string deep = "a0: &a0 []\n";
  for (int i = 1; i < 200; ++i) {
    deep += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [*a" + std::to_string(i - 1) +
            "]\n";
  }
  ASSERT_FALSE(ReadYaml(deep).ok());
  EXPECT_EQ(ReadYaml(deep).error().code, ErrorCode::kOverLimit);
  const std::string megabyte(1 << 20, 'x');
  std::string copies = "- &a " + megabyte + "\n";
  for (int i = 0; i < 100; ++i) copies += "- *a\n";
  EXPECT_EQ(ReadYaml(copies).error().code, ErrorCode::kOverLimit);
}

TEST(ReadYamlTest, ReportsAllDuplicateKeys) {
  EXPECT_EQ(ProblemsOf(ReadYaml("a: 1\nb:\n  c: 1\n  c: 2\na: 2\n'a': 3\n")),
            (List{"2 4:3 /b/c", "2 5:1 /a", "2 6:1 /a"}));
}

TEST(ReadYamlTest, RefusesWhatJsonCannotExpress) {
  EXPECT_EQ(ProblemsOf(ReadYaml("a: !!binary aGk=")), List{"12 1:4 /a"});
  EXPECT_EQ(ProblemsOf(ReadYaml("a: !secret x")), List{"12 1:4 /a"});
  EXPECT_EQ(ProblemsOf(ReadYaml("a: !!int x")), List{"12 1:4 /a"});
  EXPECT_EQ(ProblemsOf(ReadYaml("a: !!set {b}")), List{"12 1:4 /a"});
  EXPECT_EQ(ProblemsOf(ReadYaml("? [a]\n: b")), List{"12 1:3 "});
}

TEST(ReadYamlTest, RefusesWhatIsNoYaml) {
  EXPECT_EQ(ProblemsOf(ReadYaml("a: [1")), List{"12 1:6 "});
  EXPECT_EQ(ProblemsOf(ReadYaml("a: b: c")), List{"12 1:5 "});
  EXPECT_EQ(ProblemsOf(ReadYaml("[a],[b]")), List{"12 1:4 "});
  EXPECT_EQ(ProblemsOf(ReadYaml("a\tb: \x01")), List{"12 1:6 "});
  EXPECT_EQ(ProblemsOf(ReadYaml("a: \xff")), List{"8 1:4 "});
  EXPECT_EQ(ProblemsOf(ReadYaml(std::string("a\0b", 3))), List{"8 1:2 "});
}

TEST(ReadYamlTest, LimitsDepthSizeAndDocuments) {
  for (const std::string unit : {"[", "{a: ", "- ", "? ", "[[a]: "}) {
    std::string text;
    for (int i = 0; i < 10'000; ++i) text += unit;
    const auto result = ReadYaml(text);
    ASSERT_FALSE(result.ok()) << unit;
    EXPECT_TRUE(result.error().code == ErrorCode::kOverLimit ||
                result.error().code == ErrorCode::kMalformedYaml)
        << unit;
  }
  EXPECT_EQ(ReadYaml(std::string((8 << 20) + 1, ' ')).error().code, ErrorCode::kOverLimit);
  std::string many;
  for (int i = 0; i < 101; ++i) many += "--- a\n";
  EXPECT_EQ(ReadYaml(many).error().code, ErrorCode::kOverLimit);
}

// XML

std::string Xml(const std::string& text) {
  const Result<JsonValue> document = ReadEngineXml(text);
  return document.ok() ? WriteJson(document.value()) : "problem " + document.error().message;
}

TEST(ReadEngineXmlTest, ReadsTheSeedsFragment) {
  EXPECT_EQ(Xml("<property name=\"initializeTelemetry\">true</property>"),
            "{\n  \"initializeTelemetry\": true\n}\n");
}

TEST(ReadEngineXmlTest, ReadsEveryWayToWriteAProperty) {
  EXPECT_EQ(Xml("<x:property xmlns:x='u' name=' initializeTelemetry '> TRUE\n</x:property>"
                "<property name='telemetryRequestRetries' value='5'/>"
                "<property name='telemetryEndpoint'><value>https://a/?b&amp;c</value></property>"
                "<property name='telemetryReporterActivate'><null/></property>"
                "<property name='telemetryReportingPeriod'><![CDATA[ 60 ]]></property>"
                "<property name='telemetryRequestTimeout'>007</property>"),
            "{\n  \"initializeTelemetry\": true,\n  \"telemetryRequestRetries\": 5,\n"
            "  \"telemetryEndpoint\": \"https://a/?b&c\",\n  \"telemetryReportingPeriod\": 60,\n"
            "  \"telemetryRequestTimeout\": \"007\"\n}\n");
}

TEST(ReadEngineXmlTest, IgnoresTheEnginesOtherProperties) {
  EXPECT_EQ(Xml("<beans><bean id='c'><property name='history' value='full'/>"
                "<property name='telemetryRegistry' ref='r'/><property/></bean></beans>"),
            "{}\n");
}

TEST(ReadEngineXmlTest, KeepsSlipsForTheCoreToRefuse) {
  const auto sources = ParseConfigText("e.xml",
                                       "<properties>\n <property name='telemetryEndpont'>"
                                       "x</property>\n</properties>");
  ASSERT_TRUE(sources.ok());
  EXPECT_EQ(ProblemsOf(ReadConfig(sources.value())), List{"6 2:2 /telemetryEndpont"});
}

TEST(ReadEngineXmlTest, RefusesTwoValuesOfOneProperty) {
  EXPECT_EQ(ProblemsOf(ReadEngineXml("<bpm-platform>\n<property name='initializeTelemetry'>true"
                                     "</property>\n<property name='initializeTelemetry'>false"
                                     "</property></bpm-platform>")),
            List{"11 3:1 /initializeTelemetry"});
  EXPECT_EQ(Xml("<property name='initializeTelemetry'>true</property>"
                "<property name='initializeTelemetry' value='true'/>"),
            "{\n  \"initializeTelemetry\": true\n}\n");
}

TEST(ReadEngineXmlTest, NeverExpandsEntities) {
  EXPECT_EQ(Xml("<!DOCTYPE p [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"
                "<property name='telemetryEndpoint'>&a;</property>"),
            "{\n  \"telemetryEndpoint\": \"&a;\"\n}\n");
}

TEST(ReadEngineXmlTest, RefusesWhatIsNoXmlOrNoneOfTheEngine) {
  EXPECT_EQ(ReadEngineXml("").error().code, ErrorCode::kMalformedXml);
  EXPECT_EQ(ReadEngineXml("<a>").error().code, ErrorCode::kMalformedXml);
  EXPECT_EQ(ReadEngineXml("<property name='a'></propert>").error().code, ErrorCode::kMalformedXml);
  EXPECT_EQ(ProblemsOf(ReadEngineXml("<?xml version='1.0'?>\n <project/>")), List{"13 2:2 "});
  EXPECT_EQ(ReadEngineXml("<property>\xff</property>").error().code, ErrorCode::kNotUtf8);
}

TEST(ReadEngineXmlTest, LimitsDepth) {
  std::string text, end;
  for (int i = 0; i < 200'000; ++i) {
    text += "<beans>";
    end += "</beans>";
  }
  EXPECT_EQ(ReadEngineXml(text + end).error().code, ErrorCode::kOverLimit);
}

// Whole files.

Result<Config> Load(const List& paths, const EnvironmentVariables& environment = {}) {
  Result<std::vector<ConfigSource>> sources = LoadConfigSources(paths, environment);
  if (!sources.ok()) return std::move(sources).problems();
  return ReadConfig(sources.value());
}

TEST(LoadConfigSourcesTest, ReadsBpmPlatformXml) {
  const Result<Config> config = Load({std::string(kFixtures) + "bpm-platform.xml"});
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(config.value().catalogue.value, "engine");
  EXPECT_EQ(config.value().mode.value, Mode::kOnline);
  EXPECT_EQ(config.value().initialize_telemetry.value, true);
  EXPECT_EQ(config.value().initialize_telemetry.origin,
            "tests/native/fixtures/bpm-platform.xml:10:7");
  EXPECT_EQ(config.value().request_timeout_ms.value, 5000);
}

TEST(LoadConfigSourcesTest, ReadsSpringBeans) {
  const Result<Config> config = Load({std::string(kFixtures) + "camunda.cfg.xml"});
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_FALSE(config.value().reporter_activate.value);
}

TEST(LoadConfigSourcesTest, ReadsOptimizesFileWithTheEnvironment) {
  const std::string file = std::string(kFixtures) + "service-config.yaml";
  Result<Config> config = Load({file});
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(config.value().catalogue.value, "optimize");
  EXPECT_EQ(config.value().initialize_telemetry.value, false);
  config = Load({file}, {{"CAMUNDA_OPTIMIZE_TELEMETRY_ENABLED", "true"}, {"HOME", "/x"}});
  ASSERT_TRUE(config.ok());
  EXPECT_EQ(config.value().initialize_telemetry.value, true);
}

TEST(LoadConfigSourcesTest, ReadsTheConsolesFile) {
  const Result<Config> config = Load({std::string(kFixtures) + "application.yaml"},
                                     {{"CUSTOMER", "acme"}, {"DO_NOT_TRACK", "1"}});
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(config.value().catalogue.value, "console");
  EXPECT_EQ(config.value().mode.value, Mode::kOnline);
  EXPECT_EQ(config.value().customer_id.value, "acme");
  EXPECT_TRUE(config.value().do_not_track.value);
  ASSERT_EQ(config.value().releases.value.size(), 2u);
  EXPECT_EQ(config.value().releases.value[1].components[0].id, "zeebeGateway");
}

TEST(LoadConfigSourcesTest, PointsIntoTheYamlInsideAConfigMap) {
  const std::string file = std::string(kFixtures) + "configmap.yaml";
  const Result<Config> config = Load({file});
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(config.value().mode.origin, file + ":20:20");
  EXPECT_EQ(config.value().customer_id.value, "from-override");
}

TEST(LoadConfigSourcesTest, PointsAtMistakesInsideAConfigMap) {
  const std::string text =
      "kind: ConfigMap\napiVersion: v1\ndata:\n  application.yaml: |\n\n    # c\n    camunda:\n"
      "      console:\n        telemtry: online\n";
  const auto sources = ParseConfigText("c.yaml", text);
  ASSERT_TRUE(sources.ok());
  EXPECT_EQ(ProblemsOf(ReadConfig(sources.value())), List{"6 9:9 /camunda/console/telemtry"});
  EXPECT_EQ(ProblemsOf(ParseConfigText("c.yaml", text + "        a: b: c\n")), List{"12 10:13 "});
  EXPECT_EQ(ProblemsOf(ParseConfigText("c.yaml",
                                       "kind: ConfigMap\napiVersion: v1\ndata:\n"
                                       "  application.yaml: \"camunda:\\n  consol: x\"")),
            List{});
}

TEST(LoadConfigSourcesTest, ChoosesTheOneConfigMapOfAStream) {
  const std::string service = "apiVersion: v1\nkind: Service\n";
  const std::string map =
      "apiVersion: v1\nkind: ConfigMap\ndata:\n  application.yaml: |\n    mode: download\n";
  const auto sources = ParseConfigText("c.yaml", service + "---\n" + map);
  ASSERT_TRUE(sources.ok());
  EXPECT_EQ(ReadConfig(sources.value()).value().mode.value, Mode::kDownload);
  EXPECT_EQ(ProblemsOf(ParseConfigText("c.yaml", map + "---\n" + map)), List{"11 7:1 "});
  EXPECT_EQ(ProblemsOf(ParseConfigText("c.yaml", service)), List{"7 1:1 /data"});
  EXPECT_EQ(ProblemsOf(ParseConfigText("c.yaml", service + "---\n" + service)), List{"7 0:0 "});
  EXPECT_EQ(ProblemsOf(ParseConfigText("c.yaml", "a: 1\n---\nb: 1")), List{"11 1:1 "});
}

TEST(LoadConfigSourcesTest, AFileOfCommentsSaysNothingAndAnEmptyOneIsRefused) {
  const auto comments = ParseConfigText("a.yaml", "# telemetry:\n");
  ASSERT_TRUE(comments.ok());
  EXPECT_EQ(ReadConfig(comments.value()).value().mode.value, Mode::kDisabled);
  for (const std::string name : {"a.yaml", "a.json", "a.xml", "a"}) {
    for (const std::string text : {"", " \n", "\xEF\xBB\xBF"}) {
      EXPECT_EQ(ProblemsOf(ParseConfigText(name, text)), List{"7 0:0 "}) << name;
    }
  }
}

TEST(LoadConfigSourcesTest, TellsFormatsByExtensionThenByContent) {
  for (const auto& [name, text] : std::vector<std::pair<std::string, std::string>>{
           {"a.json", "{\"mode\":\"online\"}"},
           {"a", " {\"mode\":\"online\"}"},
           {"a.yml", "{mode: online}"},
           {"a", "mode: online"},
           {"a", "\xEF\xBB\xBFmode: online\r\n"},
           {"a.conf", "<property name='initializeTelemetry'>true</property>"}}) {
    const auto sources = ParseConfigText(name, text);
    ASSERT_TRUE(sources.ok()) << text << sources.error().message;
    EXPECT_EQ(ReadConfig(sources.value()).value().mode.value, Mode::kOnline) << text;
  }
  EXPECT_EQ(ProblemsOf(ParseConfigText("a.json", "\xEF\xBB\xBF{}")).size(), 1u);
  EXPECT_EQ(ProblemsOf(ParseConfigText("a.json", "{\"a\":1,\"a\":2}")).size(), 1u);
}

TEST(LoadConfigSourcesTest, ReportsTheProblemsOfAllFiles) {
  const List paths = {"/nonexistent/a.yaml", std::string(kFixtures) + "bpm-platform.xml", "/"};
  const auto sources = LoadConfigSources(paths, {{"CANDOR_MODE", "\xff"}});
  ASSERT_FALSE(sources.ok());
  EXPECT_EQ(ProblemsOf(sources), (List{"15 0:0 ", "15 0:0 ", "8 0:0 /CANDOR_MODE"}));
  EXPECT_EQ(sources.error().source, "/nonexistent/a.yaml");
}

TEST(LoadConfigSourcesTest, RefusesLargeFiles) {
  const Result<std::vector<ConfigSource>> sources = LoadConfigSources(List{"/dev/zero"}, {});
  EXPECT_EQ(sources.error().code, ErrorCode::kOverLimit);
}

TEST(LoadConfigSourcesTest, FiveMistakesAreFiveProblems) {
  const auto sources = ParseConfigText(
      "a.yaml",
      "mode: onlin\nrequestRetries: many\nreportingPeriodSeconds: 99999999999999999999\n"
      "telemtry: {}\nendpoint: http://t.example/\n");
  ASSERT_TRUE(sources.ok());
  EXPECT_EQ(ProblemsOf(ReadConfig(sources.value())),
            (List{"6 4:1 /telemtry", "5 1:7 /mode", "4 2:17 /requestRetries",
                  "5 3:25 /reportingPeriodSeconds", "5 5:11 /endpoint"}));
}

// The configuration as the vendor's Helm chart renders it.

std::string HelmFile(const std::string& name) {
  const char* corpora = std::getenv("CANDOR_CORPORA");
  if (corpora == nullptr) return "";
  const std::string path = std::string(corpora) + "/../data/helm/" + name;
  return std::filesystem::exists(path) ? path : "";
}

TEST(HelmTest, ReadsTheConfigMapsOfEveryVersion) {
  const List kOld = {"console",  "keycloak", "identity",     "operate",
                     "optimize", "tasklist", "zeebeGateway", "zeebe"};
  const List k87 = {"console",    "keycloak", "identity",     "operate", "optimize",
                    "connectors", "tasklist", "zeebeGateway", "zeebe"};
  const List k88 = {"console",
                    "keycloak",
                    "identity",
                    "connectors",
                    "operate",
                    "tasklist",
                    "orchestrationIdentity",
                    "orchestration"};
  for (const auto& [version, ids] : std::vector<std::pair<std::string, List>>{
           {"8.4", kOld}, {"8.5", kOld}, {"8.6", kOld}, {"8.7", k87}, {"8.8", k88}}) {
    const std::string path = HelmFile("console-configmap-golden-" + version + ".yaml");
    if (path.empty()) GTEST_SKIP() << "CANDOR_CORPORA names no folder beside data/helm";
    const Result<Config> config = Load({path});
    ASSERT_TRUE(config.ok()) << config.error().where << " " << config.error().message;
    EXPECT_EQ(config.value().catalogue.value, "console");
    EXPECT_EQ(config.value().mode.value, Mode::kDisabled);
    ASSERT_EQ(config.value().releases.value.size(), 1u);
    const ManagedRelease& release = config.value().releases.value[0];
    EXPECT_EQ(release.name, "camunda-platform-test");
    EXPECT_EQ(release.name_space, "camunda-platform");
    List found;
    for (const ManagedComponent& component : release.components) {
      found.push_back(component.id);
      EXPECT_EQ(component.metrics.empty(), component.id == "keycloak") << component.id;
    }
    EXPECT_EQ(found, ids) << version;
  }
}

TEST(HelmTest, PointsAtTheLineOfTheFile) {
  const std::string path = HelmFile("console-configmap-golden-8.5.yaml");
  if (path.empty()) GTEST_SKIP() << "CANDOR_CORPORA names no folder beside data/helm";
  const Result<Config> config = Load({path});
  ASSERT_TRUE(config.ok());
  EXPECT_TRUE(config.value().releases.origin.ends_with("8.5.yaml:28:11"))
      << config.value().releases.origin;
}

TEST(HelmTest, RefusesAChartsValues) {
  for (const std::string version : {"8.3", "8.4", "8.5", "8.6", "8.7", "8.8"}) {
    const std::string path = HelmFile("console-values-" + version + ".yaml");
    if (path.empty()) GTEST_SKIP() << "CANDOR_CORPORA names no folder beside data/helm";
    const Result<Config> config = Load({path});
    ASSERT_FALSE(config.ok()) << version;
    EXPECT_EQ(config.error().code, ErrorCode::kUnknownKey);
    EXPECT_EQ(config.error().where, "/console");
  }
}

}  // namespace
}  // namespace candor
