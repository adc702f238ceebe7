#include "core/config.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "core/config_schema.h"
#include "core/json_reader.h"
#include "core/text.h"

namespace candor {
namespace {

ConfigSource Document(const std::string& text, const std::string& name = "a.json") {
  Result<JsonValue> document = ReadJson(text);
  EXPECT_TRUE(document.ok()) << text;
  return {name, document.ok() ? document.value() : JsonValue::Object()};
}

ConfigSource Environment(const std::vector<std::pair<std::string, std::string>>& variables) {
  std::vector<JsonMember> members;
  for (const auto& [name, text] : variables) members.push_back({name, JsonValue::String(text)});
  return {"environment", JsonValue::Object(std::move(members)), ConfigSource::Kind::kEnvironment};
}

Result<Config> Read(const std::vector<ConfigSource>& sources) { return ReadConfig(sources); }
Result<Config> Read(const std::string& text) { return Read({Document(text)}); }

std::string Messages(const Problems& problems) {
  std::string all;
  for (const Error& error : problems.list()) {
    all += error.source + ":" + std::to_string(error.at.line) + ":" +
           std::to_string(error.at.column) + " " + error.where + ": " + error.message + "\n";
  }
  return all;
}

Config MustRead(const std::vector<ConfigSource>& sources) {
  Result<Config> config = Read(sources);
  EXPECT_TRUE(config.ok()) << Messages(config.problems());
  return config.ok() ? config.value() : Config{};
}
Config MustRead(const std::string& text) { return MustRead({Document(text)}); }

// The code and pointer of every problem: "4 /mode".
std::vector<std::string> ProblemsOf(const std::vector<ConfigSource>& sources) {
  const Result<Config> config = Read(sources);
  std::vector<std::string> found;
  if (config.ok()) return found;
  for (const Error& error : config.problems().list()) {
    found.push_back(std::to_string(static_cast<int>(error.code)) + " " + error.where);
  }
  return found;
}
std::vector<std::string> ProblemsOf(const std::string& text) {
  return ProblemsOf(std::vector<ConfigSource>{Document(text)});
}

using List = std::vector<std::string>;

TEST(ReadConfigTest, NothingConfiguredIsDisabled) {
  const Config config = MustRead(std::vector<ConfigSource>{});
  EXPECT_EQ(config.mode.value, Mode::kDisabled);
  EXPECT_EQ(config.mode.origin, "default");
  EXPECT_EQ(config.catalogue.value, "engine");
  EXPECT_FALSE(config.initialize_telemetry.value.has_value());
  EXPECT_TRUE(config.reporter_activate.value);
  EXPECT_FALSE(config.initial_report.value);
  EXPECT_FALSE(config.erasable.value);
  EXPECT_EQ(config.request_retries.value, 2);
  EXPECT_EQ(config.request_timeout_ms.value, 15'000);
  EXPECT_EQ(config.reporting_period_s.value, 86'400);
}

TEST(ReadConfigTest, ReadsEveryCanonicalKey) {
  const Config config = MustRead(R"({
    "mode": "download", "catalogue": "acme", "profile": "1.2", "endpoint": "https://t.example/p",
    "caFile": "ca.pem", "clientCertificateFile": "c.pem", "clientKeyFile": "k.pem",
    "proxy": "http://proxy.example:3128", "proxyCredentialsFile": "p.txt",
    "receiptKeys": ["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="],
    "initializeTelemetry": false, "reporterActivate": false, "initialReport": true,
    "erasable": true, "doNotTrack": true, "requestRetries": 0, "requestTimeoutMs": 1,
    "reportingPeriodSeconds": 3600, "reviewWindowSeconds": 86400, "customerId": "c",
    "installationId": "i", "withhold": ["/a", "/b#c"],
    "managed": {"releases": [{"name": "r"}]}})");
  EXPECT_EQ(config.mode.value, Mode::kDownload);
  EXPECT_EQ(config.catalogue.value, "acme");
  EXPECT_EQ(config.profile.value, "1.2");
  EXPECT_EQ(config.endpoint.value, "https://t.example/p");
  EXPECT_EQ(config.ca_file.value, "ca.pem");
  EXPECT_EQ(config.client_certificate_file.value, "c.pem");
  EXPECT_EQ(config.client_key_file.value, "k.pem");
  EXPECT_EQ(config.proxy.value, "http://proxy.example:3128");
  EXPECT_EQ(config.proxy_credentials_file.value, "p.txt");
  EXPECT_EQ(config.receipt_keys.value, List{"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="});
  EXPECT_EQ(config.initialize_telemetry.value, false);
  EXPECT_FALSE(config.reporter_activate.value);
  EXPECT_TRUE(config.initial_report.value);
  EXPECT_TRUE(config.erasable.value);
  EXPECT_TRUE(config.do_not_track.value);
  EXPECT_EQ(config.request_retries.value, 0);
  EXPECT_EQ(config.request_timeout_ms.value, 1);
  EXPECT_EQ(config.reporting_period_s.value, 3600);
  EXPECT_EQ(config.review_window_s.value, 86'400);
  EXPECT_EQ(config.customer_id.value, "c");
  EXPECT_EQ(config.installation_id.value, "i");
  EXPECT_EQ(config.withhold.value, (List{"/a", "/b#c"}));
  ASSERT_EQ(config.releases.value.size(), 1u);
  EXPECT_EQ(config.releases.value[0].name, "r");
}

TEST(ReadConfigTest, NamesThePlaceOfEachValue) {
  const Config config = MustRead("{\n  \"mode\": \"download\"\n}");
  EXPECT_EQ(config.mode.origin, "a.json:2:11");
  EXPECT_EQ(config.endpoint.origin, "default");
}

TEST(ReadConfigTest, ReportsFiveMistakesAsFiveProblems) {
  EXPECT_EQ(ProblemsOf(R"({"mode": "on", "requestRetries": "2", "reportingPeriodSeconds": 0,
                           "telemetryEndpont": "x", "endpoint": "http://t.example/"})"),
            (List{"6 /telemetryEndpont", "5 /mode", "4 /requestRetries",
                  "5 /reportingPeriodSeconds", "5 /endpoint"}));
}

TEST(ReadConfigTest, RefusesReceiptKeysThatAreNone) {
  EXPECT_EQ(
      ProblemsOf(R"({"receiptKeys": ["AAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", 1,
                           "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB="]})"),
      (List{"5 /receiptKeys/0", "4 /receiptKeys/2", "5 /receiptKeys/3"}));
}

TEST(ReadConfigTest, NamesSourceLineAndColumnOfAProblem) {
  const Result<Config> config = Read({Document("{\n \"mode\":\n  1}", "b.json")});
  ASSERT_FALSE(config.ok());
  EXPECT_EQ(config.error().source, "b.json");
  EXPECT_EQ(config.error().at.line, 3u);
  EXPECT_EQ(config.error().at.column, 3u);
}

TEST(ReadConfigTest, SuggestsTheNearestKey) {
  const Result<Config> config = Read(R"({"telemtry": {}})");
  ASSERT_FALSE(config.ok());
  EXPECT_EQ(config.error().code, ErrorCode::kUnknownKey);
  EXPECT_NE(config.error().message.find("'telemetry'"), std::string::npos);
}

TEST(ReadConfigTest, RefusesADocumentThatIsNoObject) {
  EXPECT_EQ(ProblemsOf("[]"), List{"4 "});
  EXPECT_EQ(ProblemsOf("\"online\""), List{"4 "});
}

TEST(ReadConfigTest, IsStrictAboutTypesInItsOwnDocuments) {
  EXPECT_EQ(ProblemsOf(R"({"reporterActivate": "true"})"), List{"4 /reporterActivate"});
  EXPECT_EQ(ProblemsOf(R"({"initializeTelemetry": "true"})"), List{"4 /initializeTelemetry"});
  EXPECT_EQ(ProblemsOf(R"({"customerId": 5})"), List{"4 /customerId"});
  EXPECT_EQ(ProblemsOf(R"({"mode": null})"), List{"4 /mode"});
  EXPECT_EQ(ProblemsOf(R"({"withhold": "a"})"), List{"4 /withhold"});
}

TEST(ReadConfigTest, RefusesIntegersOutOfRangeWhateverTheirSize) {
  EXPECT_EQ(ProblemsOf(R"({"requestRetries": -1})"), List{"5 /requestRetries"});
  EXPECT_EQ(ProblemsOf(R"({"requestRetries": 2.5})"), List{"5 /requestRetries"});
  EXPECT_EQ(ProblemsOf(R"({"requestRetries": 9007199254740993})"), List{"5 /requestRetries"});
  EXPECT_EQ(ProblemsOf(R"({"telemetry": {"reportingIntervalInHours": 5124095576030431}})"),
            List{"5 /telemetry/reportingIntervalInHours"});
  EXPECT_EQ(ProblemsOf(R"({"telemetryRequestTimeout": "99999999999999999999"})"),
            List{"5 /telemetryRequestTimeout"});
}

TEST(ReadConfigTest, RefusesTextsWithNulOrBeyondTheirLimit) {
  EXPECT_EQ(ProblemsOf(R"({"customerId": "a\u0000b"})"), List{"8 /customerId"});
  EXPECT_EQ(ProblemsOf("{\"customerId\": \"" + std::string(2049, 'x') + "\"}"),
            List{"3 /customerId"});
  EXPECT_EQ(ProblemsOf({Environment({{"CANDOR_CUSTOMER_ID", "\xff"}})}),
            List{"8 /CANDOR_CUSTOMER_ID"});
}

TEST(ReadConfigTest, ChecksTheProxy) {
  for (const std::string good : {"http://proxy.example:3128", "https://[2001:db8::1]:443", ""}) {
    EXPECT_TRUE(Read("{\"proxy\": \"" + good + "\"}").ok()) << good;
  }
  for (const std::string bad :
       {"proxy.example:3128", "socks5://proxy.example:1080", "http://proxy.example", "http://[::1]",
        "http://proxy.example:", "http://proxy.example:0", "http://user:secret@proxy.example:3128",
        "http://proxy.example:3128/", "http://proxy.example:3128?a=b",
        "http://proxy.example:3128#a", "http://a b:1"}) {
    EXPECT_EQ(ProblemsOf("{\"proxy\": \"" + bad + "\"}"), List{"5 /proxy"}) << bad;
  }
}

TEST(ReadConfigTest, ReadsWhatConcernsTheNetworkFromTheEnvironment) {
  const Config config = MustRead({Environment({{"CANDOR_CA_FILE", "ca.pem"},
                                               {"CANDOR_CLIENT_CERTIFICATE_FILE", "c.pem"},
                                               {"CANDOR_CLIENT_KEY_FILE", "k.pem"},
                                               {"CANDOR_PROXY", "http://proxy.example:3128"},
                                               {"CANDOR_PROXY_CREDENTIALS_FILE", "p.txt"}})});
  EXPECT_EQ(config.ca_file.value, "ca.pem");
  EXPECT_EQ(config.client_certificate_file.value, "c.pem");
  EXPECT_EQ(config.client_key_file.value, "k.pem");
  EXPECT_EQ(config.proxy.value, "http://proxy.example:3128");
  EXPECT_EQ(config.proxy.origin, "environment variable CANDOR_PROXY");
  EXPECT_EQ(config.proxy_credentials_file.value, "p.txt");
}

TEST(ReadConfigTest, ChecksTheEndpoint) {
  EXPECT_TRUE(Read(R"({"endpoint": "http://127.0.0.1:8080/pings"})").ok());
  EXPECT_TRUE(Read(R"({"endpoint": "http://[::1]/"})").ok());
  EXPECT_TRUE(Read(R"({"endpoint": "http://localhost/"})").ok());
  EXPECT_EQ(ProblemsOf(R"({"endpoint": "https://user:secret@t.example/"})"), List{"5 /endpoint"});
  EXPECT_EQ(ProblemsOf(R"({"endpoint": "https:///pings"})"), List{"5 /endpoint"});
  EXPECT_EQ(ProblemsOf(R"({"endpoint": "ftp://t.example/"})"), List{"5 /endpoint"});
}

// The engine's form.

TEST(ReadConfigTest, ReadsTheEnginesNames) {
  const Config config = MustRead(R"({"initializeTelemetry": true,
    "telemetryReporterActivate": "false", "telemetryEndpoint": "https://t.example/pings",
    "telemetryRequestRetries": "5", "telemetryRequestTimeout": 1000,
    "telemetryReportingPeriod": "3600"})");
  EXPECT_EQ(config.initialize_telemetry.value, true);
  EXPECT_FALSE(config.reporter_activate.value);
  EXPECT_EQ(config.endpoint.value, "https://t.example/pings");
  EXPECT_EQ(config.request_retries.value, 5);
  EXPECT_EQ(config.request_timeout_ms.value, 1000);
  EXPECT_EQ(config.reporting_period_s.value, 3600);
  EXPECT_EQ(config.catalogue.value, "engine");
}

TEST(ReadConfigTest, TheEnginesFormImpliesOnline) {
  const Config config = MustRead({Document("{\"initializeTelemetry\": true}", "engine.xml")});
  EXPECT_EQ(config.mode.value, Mode::kOnline);
  EXPECT_EQ(config.mode.origin, "implied by initializeTelemetry at engine.xml:1:25");
  EXPECT_EQ(MustRead(R"({"telemetryRequestRetries": 1})").mode.value, Mode::kOnline);
}

TEST(ReadConfigTest, NothingIsImpliedForAnotherCatalogue) {
  const Config config = MustRead(R"({"catalogue": "acme", "initializeTelemetry": true})");
  EXPECT_EQ(config.mode.value, Mode::kDisabled);
}

TEST(ReadConfigTest, AModeThatIsGivenIsNotImplied) {
  const Config config = MustRead(R"({"mode": "download", "initializeTelemetry": true})");
  EXPECT_EQ(config.mode.value, Mode::kDownload);
}

TEST(ReadConfigTest, ReadsTheEnginesPropertiesInSpringBootsForm) {
  const Config config = MustRead(R"({"server": {"port": 8080}, "camunda": {"bpm": {
    "admin-user": {"id": "demo"}, "generic-properties": {"properties": {
      "initializeTelemetry": "true", "telemetryRequestRetries": 4, "historyLevel": "full"}}}}})");
  EXPECT_EQ(config.catalogue.value, "engine");
  EXPECT_EQ(config.mode.value, Mode::kOnline);
  EXPECT_EQ(config.initialize_telemetry.value, true);
  EXPECT_EQ(config.request_retries.value, 4);
}

// Optimize's form.

TEST(ReadConfigTest, ReadsOptimizesSection) {
  const Config config = MustRead(R"({"security": {"auth": {}}, "es": {}, "telemetry": {
    "initializeTelemetry": true, "reportingIntervalInHours": 24,
    "telemetryEndpoint": "https://t.example/pings"}})");
  EXPECT_EQ(config.catalogue.value, "optimize");
  EXPECT_EQ(config.mode.value, Mode::kOnline);
  EXPECT_EQ(config.initialize_telemetry.value, true);
  EXPECT_EQ(config.reporting_period_s.value, 86'400);
  EXPECT_EQ(config.endpoint.value, "https://t.example/pings");
}

TEST(ReadConfigTest, RefusesAnIntervalThatIsNotPositive) {
  EXPECT_EQ(ProblemsOf(R"({"telemetry": {"reportingIntervalInHours": 0}})"),
            List{"5 /telemetry/reportingIntervalInHours"});
}

TEST(ReadConfigTest, ResolvesPlaceholdersFromTheEnvironment) {
  const ConfigSource file = Document(
      R"({"telemetry": {"initializeTelemetry": "${CAMUNDA_OPTIMIZE_TELEMETRY_ENABLED:false}"}})",
      "o.yaml");
  Config config = MustRead({file});
  EXPECT_EQ(config.initialize_telemetry.value, false);
  EXPECT_EQ(config.initialize_telemetry.origin, "o.yaml:1:39");
  config = MustRead({file, Environment({{"CAMUNDA_OPTIMIZE_TELEMETRY_ENABLED", "true"}})});
  EXPECT_EQ(config.initialize_telemetry.value, true);
  config = MustRead({Document(R"({"telemetry": {"initializeTelemetry": "${OURS}"}})", "o.yaml"),
                     Environment({{"OURS", "true"}})});
  EXPECT_EQ(config.initialize_telemetry.value, true);
  EXPECT_EQ(config.initialize_telemetry.origin, "environment variable OURS through o.yaml:1:39");
}

TEST(ReadConfigTest, RefusesAPlaceholderThatNothingResolves) {
  EXPECT_EQ(ProblemsOf(R"({"telemetry": {"initializeTelemetry": "${OURS}"}})"),
            List{"7 /telemetry/initializeTelemetry"});
}

TEST(PlaceholderVariablesTest, NamesThoseOfTheSettingsOnly) {
  const ConfigSource source = Document(
      R"({"security": {"password": "${SECRET}"}, "telemetry": {"telemetryEndpoint": "${URL:x}"},
          "camunda": {"console": {"managed": {"releases": [{"name": "${RELEASE}"}]}}}})");
  EXPECT_EQ(PlaceholderVariables(source), (List{"URL", "RELEASE"}));
}

TEST(ReadConfigTest, OptimizesVariableDecides) {
  const Config config = MustRead({Environment({{"CAMUNDA_OPTIMIZE_TELEMETRY_ENABLED", "true"}})});
  EXPECT_EQ(config.catalogue.value, "optimize");
  EXPECT_EQ(config.initialize_telemetry.value, true);
  EXPECT_EQ(config.mode.value, Mode::kOnline);
  EXPECT_EQ(config.mode.origin,
            "implied by environment variable CAMUNDA_OPTIMIZE_TELEMETRY_ENABLED");
}

// The Console's form.

TEST(ReadConfigTest, OnlineInTheConsolesFormIsADecision) {
  const Config config = MustRead({Document(
      R"({"camunda": {"console": {"customerId": "c", "installationId": "i", "telemetry": "online",
          "oAuth": {"clientId": "console"}}}, "server": {"port": 8080}})",
      "application.yaml")});
  EXPECT_EQ(config.catalogue.value, "console");
  EXPECT_EQ(config.catalogue.origin, "implied by camunda.console at application.yaml:1:14");
  EXPECT_EQ(config.mode.value, Mode::kOnline);
  EXPECT_EQ(config.initialize_telemetry.value, true);
  EXPECT_EQ(config.initialize_telemetry.origin, config.mode.origin);
  EXPECT_EQ(config.customer_id.value, "c");
  EXPECT_EQ(config.installation_id.value, "i");
}

TEST(ReadConfigTest, OnlineInCandorsOwnFormIsNoDecision) {
  const Config config = MustRead(R"({"mode": "online"})");
  EXPECT_FALSE(config.initialize_telemetry.value.has_value());
}

TEST(ReadConfigTest, TheConsolesFormWithoutTelemetryIsDisabled) {
  const Config config = MustRead(R"({"camunda": {"console": {"customerId": "c"}}})");
  EXPECT_EQ(config.mode.value, Mode::kDisabled);
  EXPECT_FALSE(config.initialize_telemetry.value.has_value());
}

TEST(ReadConfigTest, AnOverriddenOnlineIsNoDecision) {
  const ConfigSource file = Document(R"({"camunda": {"console": {"telemetry": "online"}}})");
  for (const std::string mode : {"download", "disabled"}) {
    const Config config = MustRead({file, Environment({{"CAMUNDA_CONSOLE_TELEMETRY", mode}})});
    EXPECT_EQ(Name(config.mode.value), mode);
    EXPECT_EQ(config.mode.origin, "environment variable CAMUNDA_CONSOLE_TELEMETRY");
    EXPECT_FALSE(config.initialize_telemetry.value.has_value());
  }
}

TEST(ReadConfigTest, AnExplicitNoOutweighsTheConsolesOnline) {
  const Config config = MustRead(
      R"({"initializeTelemetry": false, "camunda": {"console": {"telemetry": "online"}}})");
  EXPECT_EQ(config.mode.value, Mode::kOnline);
  EXPECT_EQ(config.initialize_telemetry.value, false);
}

TEST(ReadConfigTest, ReadsTheConsolesVariables) {
  const Config config = MustRead({Environment({{"CAMUNDA_CONSOLE_CUSTOMERID", "c"},
                                               {"CAMUNDA_CONSOLE_INSTALLATIONID", "i"},
                                               {"CAMUNDA_CONSOLE_TELEMETRY", "online"},
                                               {"CAMUNDA_CONSOLE_CONTEXT_PATH", "/x"}})});
  EXPECT_EQ(config.catalogue.value, "console");
  EXPECT_EQ(config.customer_id.value, "c");
  EXPECT_EQ(config.installation_id.value, "i");
  EXPECT_EQ(config.mode.value, Mode::kOnline);
  EXPECT_EQ(config.initialize_telemetry.value, true);
}

TEST(ReadConfigTest, AStringCalledTelemetryIsExplained) {
  EXPECT_EQ(ProblemsOf(R"({"telemetry": "online"})"), List{"4 /telemetry"});
}

TEST(ReadConfigTest, RefusesUnknownKeysInAProductsSection) {
  EXPECT_EQ(ProblemsOf(R"({"camunda": {"console": {"telemetri": "online"}, "consol": {}}})"),
            (List{"6 /camunda/console/telemetri", "6 /camunda/consol"}));
  EXPECT_EQ(ProblemsOf(R"({"telemetry": {"initialiseTelemetry": true}})"),
            List{"6 /telemetry/initialiseTelemetry"});
  EXPECT_EQ(ProblemsOf(R"({"console": {"enabled": false}})"), List{"6 /console"});
}

TEST(ReadConfigTest, DoesNotSkipForeignSectionsInItsOwnDocuments) {
  EXPECT_EQ(ProblemsOf(R"({"mode": "online", "email": {}})"), List{"6 /email"});
}

// managed.releases

std::vector<std::string> ReleaseProblems(const std::string& releases) {
  return ProblemsOf(R"({"managed": {"method": "plain", "releases": )" + releases + "}}");
}

TEST(ReadConfigTest, ReadsReleasesAndTheirComponents) {
  const Config config = MustRead(R"({"camunda": {"console": {"managed": {"method": "plain",
    "releases": [{"name": "r", "namespace": "n", "version": 8.5, "tags": ["dev"],
      "custom-properties": [{"description": "d"}],
      "components": [
        {"name": "Operate", "id": "operate", "version": "8.5.1", "url": "http:///auth",
         "readiness": "http://o.n:80/ready", "metrics": "http://o.n:80/prometheus"},
        {"name": "Zeebe", "id": "zeebe", "urls": {"grpc": "grpc://"}, "url": null,
         "readiness": null}]}]}}}})");
  ASSERT_EQ(config.releases.value.size(), 1u);
  const ManagedRelease& release = config.releases.value[0];
  EXPECT_EQ(release.name_space, "n");
  EXPECT_EQ(release.version, "8.5");
  ASSERT_EQ(release.components.size(), 2u);
  EXPECT_EQ(release.components[0].version, "8.5.1");
  EXPECT_EQ(release.components[0].readiness, "http://o.n:80/ready");
  EXPECT_EQ(release.components[0].metrics, "http://o.n:80/prometheus");
  EXPECT_EQ(release.components[1].id, "zeebe");
  EXPECT_EQ(release.components[1].readiness, "");
}

TEST(ReadConfigTest, MakesAMissingComponentIdFromItsName) {
  const Config config = MustRead(R"({"managed": {"releases": [{"name": "r", "components": [
    {"name": "Console"}, {"name": "Zeebe Gateway"}, {"name": "WebModeler WebApp"},
    {"name": "Orchestration Identity"}]}]}})");
  List ids;
  for (const ManagedComponent& component : config.releases.value[0].components) {
    ids.push_back(component.id);
  }
  EXPECT_EQ(ids, (List{"console", "zeebeGateway", "webModelerWebApp", "orchestrationIdentity"}));
}

TEST(ReadConfigTest, ReportsEveryProblemOfTheReleases) {
  EXPECT_EQ(ReleaseProblems(R"([{"components": [{"name": "!"}, 5, {"id": "a", "metric": "x"},
                                {"id": "b", "metrics": "http://u@h/"}]}, [], {"name": "r",
                                "tags": "dev", "components": {}}])"),
            (List{"7 /managed/releases/0", "7 /managed/releases/0/components/0",
                  "4 /managed/releases/0/components/1", "6 /managed/releases/0/components/2/metric",
                  "5 /managed/releases/0/components/3/metrics", "4 /managed/releases/1",
                  "4 /managed/releases/2/tags", "4 /managed/releases/2/components"}));
}

TEST(ReadConfigTest, RefusesRepeatedComponentIdsAndReleaseNames) {
  EXPECT_EQ(ReleaseProblems(R"([{"name": "r", "components": [{"id": "zeebeGateway"},
                                {"name": "Zeebe Gateway"}]}])"),
            List{"11 /managed/releases/0/components/1"});
  EXPECT_EQ(
      ReleaseProblems(R"([{"name": "r", "namespace": "a"}, {"name": "r", "namespace": "b"}])"),
      List{"11 /managed/releases/1"});
}

TEST(ReadConfigTest, LimitsReleasesAndComponents) {
  std::string releases = "[";
  for (int i = 0; i < 1001; ++i) {
    releases += std::string(i == 0 ? "" : ",") + "{\"name\":\"r" + std::to_string(i) + "\"}";
  }
  EXPECT_EQ(ReleaseProblems(releases + "]"), List{"3 /managed/releases"});
  std::string components = "[{\"name\":\"r\",\"components\":[";
  for (int i = 0; i < 10'001; ++i) {
    components += std::string(i == 0 ? "" : ",") + "{\"id\":\"c" + std::to_string(i) + "\"}";
  }
  EXPECT_EQ(ReleaseProblems(components + "]}]"), List{"3 /managed/releases/0/components"});
}

TEST(ReadConfigTest, KnowsOneMethodOnly) {
  EXPECT_EQ(ProblemsOf(R"({"managed": {"method": "helm", "releases": []}})"),
            List{"5 /managed/method"});
}

// Layers.

TEST(ReadConfigTest, LaterDocumentsWinAndTheEnvironmentOverAll) {
  const ConfigSource first = Document(R"({"requestRetries": 1, "customerId": "a",
    "installationId": "x", "withhold": ["/a", "/b"]})");
  const ConfigSource second =
      Document(R"({"requestRetries": 3, "customerId": "b", "withhold": ["/c"]})", "b.json");
  const Config config = MustRead({Environment({{"CANDOR_CUSTOMER_ID", "e"}}), first, second});
  EXPECT_EQ(config.request_retries.value, 3);
  EXPECT_EQ(config.request_retries.origin, "b.json:1:20");
  EXPECT_EQ(config.customer_id.value, "e");
  EXPECT_EQ(config.customer_id.origin, "environment variable CANDOR_CUSTOMER_ID");
  EXPECT_EQ(config.installation_id.value, "x");
  EXPECT_EQ(config.withhold.value, List{"/c"});
}

TEST(ReadConfigTest, RefusesTwoNamesOfOneSettingThatDisagree) {
  EXPECT_EQ(ProblemsOf(R"({"mode": "disabled", "camunda": {"console": {"telemetry": "online"}}})"),
            List{"11 /camunda/console/telemetry"});
  EXPECT_EQ(ProblemsOf(R"({"requestRetries": 1, "telemetryRequestRetries": 2})"),
            List{"11 /telemetryRequestRetries"});
  EXPECT_EQ(ProblemsOf({Environment(
                {{"CAMUNDA_CONSOLE_TELEMETRY", "online"}, {"CANDOR_MODE", "disabled"}})}),
            List{"11 /CANDOR_MODE"});
}

TEST(ReadConfigTest, TwoNamesOfOneSettingMayAgree) {
  const Config config =
      MustRead(R"({"mode": "online", "camunda": {"console": {"telemetry": "online"}}})");
  EXPECT_EQ(config.mode.value, Mode::kOnline);
  EXPECT_EQ(config.initialize_telemetry.value, true);
}

TEST(ReadConfigTest, RefusesDocumentsOfTwoProductsUnlessOneIsNamed) {
  const ConfigSource console = Document(R"({"camunda": {"console": {"customerId": "c"}}})");
  const ConfigSource optimize = Document(R"({"telemetry": {}})", "o.yaml");
  EXPECT_EQ(ProblemsOf({console, optimize}), List{"11 "});
  EXPECT_EQ(Read({console, optimize}).error().source, "o.yaml");
  EXPECT_EQ(Read({console, optimize}).error().at.column, 2u);
  EXPECT_EQ(ProblemsOf({console, optimize, Environment({{"CANDOR_CATALOGUE", "console"}})}),
            List{});
}

TEST(ReadConfigTest, VariablesOfAnotherProductSayNothing) {
  const Config config = MustRead({Document(R"({"telemetryRequestRetries": 1})"),
                                  Environment({{"CAMUNDA_CONSOLE_TELEMETRY", "online"},
                                               {"CAMUNDA_OPTIMIZE_TELEMETRY_ENABLED", "true"}})});
  EXPECT_EQ(config.catalogue.value, "engine");
  EXPECT_EQ(config.mode.origin, "implied by telemetryRequestRetries at a.json:1:2");
  EXPECT_FALSE(config.initialize_telemetry.value.has_value());
}

// The environment.

TEST(ReadConfigTest, ReadsTextsOfTheEnvironmentAsTheirTypes) {
  const Config config = MustRead({Environment({{"CANDOR_REPORTER_ACTIVATE", "FALSE"},
                                               {"CANDOR_REQUEST_RETRIES", "7"},
                                               {"CANDOR_WITHHOLD", "/a, /b,"}})});
  EXPECT_FALSE(config.reporter_activate.value);
  EXPECT_EQ(config.request_retries.value, 7);
  EXPECT_EQ(config.withhold.value, (List{"/a", "/b"}));
}

TEST(ReadConfigTest, RefusesTextsOfTheEnvironmentThatAreNone) {
  EXPECT_EQ(ProblemsOf({Environment({{"CANDOR_REPORTER_ACTIVATE", "no"},
                                     {"CANDOR_REQUEST_RETRIES", "07"},
                                     {"CANDOR_MODE", ""}})}),
            (List{"5 /CANDOR_REPORTER_ACTIVATE", "5 /CANDOR_REQUEST_RETRIES", "5 /CANDOR_MODE"}));
}

TEST(ReadConfigTest, RefusesSlipsInOwnVariablesAndIgnoresOthers) {
  EXPECT_EQ(ProblemsOf({Environment({{"CAMUNDA_CONSOLE_CUSTOMER_ID", "c"},
                                     {"CANDOR_MOD", "x"},
                                     {"CANDOR_CORPORA", "/x"},
                                     {"CAMUNDA_CONSOLE_DISABLE_AUTH", "true"},
                                     {"PATH", "/bin"}})}),
            (List{"6 /CAMUNDA_CONSOLE_CUSTOMER_ID", "6 /CANDOR_MOD"}));
}

TEST(ReadConfigTest, DoNotTrackDeniesUnlessEmptyOrZero) {
  for (const std::string text : {"1", "true", "false", "no", " "}) {
    const Config config = MustRead({Environment({{"DO_NOT_TRACK", text}})});
    EXPECT_TRUE(config.do_not_track.value) << text;
    EXPECT_EQ(config.do_not_track.origin, "environment variable DO_NOT_TRACK");
  }
  for (const std::string text : {"", "0"}) {
    EXPECT_FALSE(MustRead({Environment({{"DO_NOT_TRACK", text}})}).do_not_track.value) << text;
  }
}

TEST(ReadConfigTest, DoNotTrackOfAFileStaysWhenTheVariableIsZero) {
  const Config config =
      MustRead({Document(R"({"doNotTrack": true})"), Environment({{"DO_NOT_TRACK", "0"}})});
  EXPECT_TRUE(config.do_not_track.value);
}

TEST(IsConfigVariableTest, KnowsItsOwnAndTheirNeighbours) {
  EXPECT_TRUE(IsConfigVariable("DO_NOT_TRACK"));
  EXPECT_TRUE(IsConfigVariable("CANDOR_MODE"));
  EXPECT_TRUE(IsConfigVariable("CAMUNDA_CONSOLE_TELEMTRY"));
  EXPECT_FALSE(IsConfigVariable("HOME"));
  EXPECT_FALSE(IsConfigVariable(""));
}

// ConfigJson.

void ExpectSame(const Config& a, const Config& b) {
  for (const SettingRow& row : SettingRows()) {
    VisitMember(row.member, [&](auto member) {
      EXPECT_TRUE((a.*member).value == (b.*member).value) << row.key;
      EXPECT_EQ((a.*member).origin, (b.*member).origin) << row.key;
    });
  }
}

TEST(ConfigJsonTest, IsReadBackToTheSameValuesAndOrigins) {
  const std::vector<std::vector<ConfigSource>> cases = {
      {},
      {Document(R"({"initializeTelemetry": false, "telemetryRequestTimeout": 10})", "e.xml")},
      {Document(R"({"telemetry": {"reportingIntervalInHours": 2}})", "o.yaml")},
      {Document(R"({"camunda": {"console": {"telemetry": "online", "customerId": "\"\u00e4/~",
        "managed": {"releases": [{"name": "r", "version": "1", "components": [{"name": "Zeebe",
        "metrics": "https://[::1]:1/m?x=1"}, {"id": "x"}]}]}}}})"),
       Environment({{"DO_NOT_TRACK", "1"}, {"CAMUNDA_CONSOLE_INSTALLATIONID", "${X}"}})},
      {Environment({{"CANDOR_WITHHOLD", "/a#b@c:d,/e"}, {"CANDOR_MODE", "download"}})},
  };
  for (const std::vector<ConfigSource>& sources : cases) {
    const Config config = MustRead(sources);
    const std::string json = ConfigJson(config);
    const Config again = MustRead({Document(json, "effective.json")});
    ExpectSame(config, again);
    EXPECT_EQ(ConfigJson(again), json);
  }
}

// A linear congruential generator (Knuth's MMIX): the same numbers on every target.
class Numbers {
 public:
  std::uint32_t Below(std::uint32_t end) {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<std::uint32_t>(state_ >> 33) % end;
  }

 private:
  std::uint64_t state_ = 7;
};

std::string RandomDocument(Numbers& numbers) {
  const std::vector<std::vector<std::string>> choices = {
      {R"("mode":"online")", R"("mode":"download")"},
      {R"("catalogue":"acme-1.0_x")", R"("catalogue":"console")"},
      {R"("endpoint":"https://t.example/\u0070")", R"("endpoint":"")"},
      {R"("caFile":"/etc/ca.pem")"},
      {R"("proxy":"https://[::1]:3128")", R"("proxy":"")"},
      {R"("initializeTelemetry":null)", R"("initializeTelemetry":true)",
       R"("initializeTelemetry":false)"},
      {R"("telemetryReporterActivate":false)", R"("reporterActivate":true)"},
      {R"("initialReport":true)"},
      {R"("doNotTrack":true)"},
      {R"("requestRetries":0)", R"("requestRetries":1e2)", R"("telemetryRequestRetries":7)"},
      {R"("telemetryReportingPeriod":60)", R"("reportingPeriodSeconds":61)"},
      {R"("reviewWindowSeconds":86400)"},
      {R"("customerId":"${NOT A NAME}\ud83d\ude00\n\"")", R"("customerId":"${UNSET:x:y}")"},
      {R"("withhold":["/a~1b#c@d:e","\u0001"])", R"("withhold":[])"},
      {R"("managed":{})", R"("managed":{"releases":[{"name":"a","components":[{"name":"X Y"},)"
                          R"({"id":"\\","version":"\u2028"}]},{"name":"b","version":"1"}]})"},
  };
  std::string document;
  for (const std::vector<std::string>& choice : choices) {
    if (numbers.Below(2) == 0) continue;
    document += (document.empty() ? "" : ",") +
                choice[numbers.Below(static_cast<std::uint32_t>(choice.size()))];
  }
  return "{" + document + "}";
}

TEST(ConfigJsonTest, ReadsBackGeneratedConfigurations) {
  Numbers numbers;
  for (int i = 0; i < 2000; ++i) {
    const std::string first = RandomDocument(numbers);
    const std::string second = RandomDocument(numbers);
    SCOPED_TRACE(first + "\n" + second);
    const Config config = MustRead({Document(first), Document(second, "b.json")});
    const std::string json = ConfigJson(config);
    const Config again = MustRead(json);
    ExpectSame(config, again);
    ASSERT_EQ(ConfigJson(again), json);
  }
}

TEST(ConfigJsonTest, NamesFilesOfAnyNameInUtf8) {
  ConfigSource source = Document(R"({"mode": "online"})");
  source.name = "a\xff\n\"b.json";
  const Config config = MustRead({source});
  EXPECT_EQ(FindInvalidUtf8(ConfigJson(config)), std::string_view::npos);
  ExpectSame(config, MustRead(ConfigJson(config)));
}

TEST(ConfigJsonTest, ChecksTheOriginsItReads) {
  EXPECT_EQ(ProblemsOf(R"({"origins": {"/mod": "x", "/mode": 1}})"),
            (List{"6 /origins/~1mod", "4 /origins/~1mode"}));
  EXPECT_EQ(ProblemsOf(R"({"origins": []})"), List{"4 /origins"});
}

}  // namespace
}  // namespace candor
