// What comes from all kinds of senders, and what of it is counted.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "core/sha256.h"
#include "native/collector/store/content_digest.h"
#include "native/collector/store/report_values.h"
#include "tests/core/corpora.h"
#include "tests/native/collector_rig.h"

namespace candor {
namespace {

// "/a 4" for each, in order.
std::string Places(const Problems& problems) {
  std::string text;
  for (const Error& error : problems.list()) {
    text += error.where + " " + std::to_string(static_cast<int>(error.code)) + "\n";
  }
  return text;
}

std::string Refusal(const std::string& bytes, UnknownFields unknown = UnknownFields::kRefuse) {
  const Result<Arrival> read = BuiltInReader(unknown)->Read(bytes);
  return read.ok() ? "" : Places(read.problems());
}

// As JSON.stringify prints without indentation; no string of the golden cases holds such spaces.
std::string Compact(std::string text) {
  for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos;) {
    const std::size_t end = std::min(text.find_first_not_of(" \n", at), text.size());
    text.erase(at, end - at);
  }
  for (std::size_t at = 0; (at = text.find("\": ", at)) != std::string::npos;)
    text.erase(at + 2, 1);
  return text;
}

ReportValues ValuesOf(const Arrival& arrival) {
  Result<ReportValues> values = ReadReportValues(arrival.values);
  EXPECT_TRUE(values.ok()) << arrival.values;
  return values.ok() ? std::move(values).value() : ReportValues();
}

TEST(ArrivalReaderTest, ReadsEveryGoldenReportByItsOwnCataloguePrettyAndCompact) {
  int read = 0;
  for (const auto& entry : std::filesystem::directory_iterator("tests/golden")) {
    const std::string path = entry.path().string() + "/report.json";
    if (!std::filesystem::exists(path)) continue;
    const std::string name = entry.path().filename().string(), pretty = ReadFile(path);
    const std::string compact = Compact(pretty);
    EXPECT_LT(compact.size(), pretty.size());
    std::string counted;
    for (const std::string& bytes : {pretty, compact}) {
      const Result<Arrival> arrival = BuiltInReader()->Read(bytes);
      ASSERT_TRUE(arrival.ok()) << name << "\n" << Places(arrival.problems());
      EXPECT_EQ(arrival.value().catalogue, name.substr(0, name.find('-'))) << name;
      EXPECT_EQ(arrival.value().bytes, bytes);
      if (counted.empty()) counted = arrival.value().values;
      EXPECT_EQ(arrival.value().values, counted) << name;
    }
    ++read;
  }
  EXPECT_EQ(read, 25);
}

// As Gson printed it in 7.14, from the public issue tracker.
TEST(ArrivalReaderTest, ReadsTheFirstMessageOfTheRealEngine) {
  const Arrival arrival = ReadArrival(
      R"({"installation":"35f9c973-ddb5-4d70-a9cb-8abeda49fc5f","product":{"name":"Camunda BPM )"
      R"(Runtime","version":"7.14.0","edition":"community","internals":{"database":null,)"
      R"("application-server":null,"license-key":null,"commands":{},"camunda-integration":[],)"
      R"("metrics":null,"jdk":null,"telemetry-enabled":true}}})");
  EXPECT_EQ(arrival.catalogue, "engine");
  EXPECT_EQ(arrival.installation, "35f9c973-ddb5-4d70-a9cb-8abeda49fc5f");
  EXPECT_EQ(arrival.values,
            R"({"numbers":{},"texts":{"/product/edition":["community"],)"
            R"("/product/name":["Camunda BPM Runtime"],"/product/version":["7.14.0"]}})");
}

TEST(ArrivalReaderTest, KeepsBytesAndDigestAsTheyCame) {
  const std::string bytes = " \n" + EngineReport(InstallationId(1)) + "\r\n ";
  const Arrival arrival = ReadArrival(bytes);
  EXPECT_EQ(arrival.bytes, bytes);
  std::string hex;
  for (const unsigned char c : arrival.digest) {
    hex += "0123456789abcdef"[c >> 4];
    hex += "0123456789abcdef"[c & 15];
  }
  EXPECT_EQ(hex, Sha256Hex(bytes));
}

TEST(ArrivalReaderTest, TakesAnInstallationForTheSameHoweverItsDigitsAreWritten) {
  EXPECT_EQ(ReadArrival(EngineReport("ABCDEFAB-0000-4000-8000-00000000000F")).installation,
            "abcdefab-0000-4000-8000-00000000000f");
}

// The REST example of 7.20 with its impossible date.
TEST(ArrivalReaderTest, TellsAMistakeInTheWordsOfTheCatalogueThatWasMeant) {
  std::string text = ReadFile("tests/golden/engine-rest-7.20/report.json");
  const std::string date = "\"2022-11-30T";
  ASSERT_NE(text.find(date), std::string::npos);
  text.replace(text.find(date), date.size(), "\"2022-11-320T");
  EXPECT_EQ(Refusal(text), "/product/internals/data-collection-start-date 5\n");
  EXPECT_EQ(Refusal(R"({"installation": "x", "product": {"name": 1, "version": 2, "edition": 3,
                        "internals": {"jdk": {"vendor": 4}}}})"),
            "/installation 5\n/product/name 4\n/product/version 4\n/product/edition 4\n"
            "/product/internals/jdk/vendor 4\n");
  EXPECT_EQ(Refusal(R"({"installation": {"cid": "a"}, "dataPoints": 1})"),
            "/installation/iid 7\n/dataPoints 4\n");
}

TEST(ArrivalReaderTest, RefusesOrKeepsWhatNoCatalogueNames) {
  std::string text = EngineReport(InstallationId(1), 5);
  text.insert(text.find("\"commands\""), "\"hostname\": \"db1.example\", ");
  EXPECT_EQ(Refusal(text), "/product/internals/hostname 6\n");
  const Result<Arrival> kept = BuiltInReader(UnknownFields::kKeep)->Read(text);
  ASSERT_TRUE(kept.ok());
  EXPECT_EQ(kept.value().bytes, text);
  EXPECT_EQ(kept.value().values.find("db1"), std::string::npos);
  EXPECT_EQ(kept.value().unknown, "{\n  \"/product/internals/hostname\": \"db1.example\"\n}\n");
  EXPECT_EQ(ReadArrival(EngineReport(InstallationId(1))).unknown, "");
}

// 7.14 names commands after Java's lambdas, which are called otherwise at each start.
TEST(ArrivalReaderTest, SetsKeysApartThatAreNoneOfTheirMapAndCountsTheOthers) {
  std::string text = EngineReport(InstallationId(1), 5);
  text.insert(text.find("\"DeployCmd\""),
              R"("Engine$$Lambda$7/0x0008": {"count": 1e2}, "a b": null, )");
  for (const UnknownFields unknown : {UnknownFields::kRefuse, UnknownFields::kKeep}) {
    const Result<Arrival> read = BuiltInReader(unknown)->Read(text);
    ASSERT_TRUE(read.ok()) << Places(read.problems());
    EXPECT_EQ(read.value().unknown,
              "{\n  \"/product/internals/commands/Engine$$Lambda$7~10x0008\": {\n    \"count\": "
              "1e2\n  },\n  \"/product/internals/commands/a b\": null\n}\n");
    EXPECT_EQ(
        ValuesOf(read.value()).numbers,
        (std::map<std::string, std::int64_t>{{"/product/internals/commands/DeployCmd/count", 5}}));
  }
}

TEST(ArrivalReaderTest, LimitsWhatIsSetApart) {
  const auto report = [](const std::string& unknown) {
    std::string text = EngineReport(InstallationId(1));
    return text.insert(text.find("\"DeployCmd\""), unknown);
  };
  std::string many, deep = R"("a b": )";
  for (int i = 0; i < 5000; ++i) many += "\"a " + std::to_string(i) + "\": 1, ";
  EXPECT_EQ(Refusal(report(many), UnknownFields::kKeep), " 3\n");
  // White space makes it long: some 30 bytes for each two.
  const std::string open(8, '['), close(8, ']');
  deep += open + "1";
  for (int i = 0; i < 100'000; ++i) deep += ",1";
  deep += close + ", ";
  EXPECT_EQ(Refusal(report(deep), UnknownFields::kKeep), " 3\n");
}

TEST(ArrivalReaderTest, RefusesWhatIsNoReport) {
  EXPECT_EQ(Refusal(""), " 1\n");
  EXPECT_EQ(Refusal("nonsense"), " 1\n");
  EXPECT_EQ(Refusal(R"({"a": 1, "a": 2})"), "/a 2\n");
  EXPECT_NE(Refusal("[]", UnknownFields::kKeep), "");
  EXPECT_NE(Refusal("null", UnknownFields::kKeep), "");
  EXPECT_EQ(Refusal("{}", UnknownFields::kKeep), "/installation 7\n");
  EXPECT_NE(Refusal(std::string(100'000, '[')), "");
}

TEST(ArrivalReaderTest, CountsOnlyWhatTellsNothingOfItsSender) {
  const Arrival arrival = ReadArrival(ReadFile("tests/golden/engine-rest-7.17/report.json"));
  EXPECT_NE(arrival.bytes.find("customer"), std::string::npos);
  const std::string& counted = arrival.values;
  EXPECT_EQ(counted.find("license-key"), std::string::npos) << counted;
  EXPECT_EQ(counted.find("/installation"), std::string::npos) << counted;
}

TEST(ArrivalReaderTest, AddsUpThePointsOfOneKeyAndNamesTheComponents) {
  const Arrival arrival =
      ReadArrival(ReadFile("tests/golden/console-several-components/report.json"));
  const std::string place = "/dataPoints/component-count";
  const ReportValues values = ValuesOf(arrival);
  const std::set<std::string>& components = values.texts.at(place);
  EXPECT_EQ(values.numbers.at(place), static_cast<std::int64_t>(components.size()));
  EXPECT_GE(components.size(), 2U);
}

TEST(ReportValuesTest, AreReadAsTheyWereWritten) {
  ReportValues values;
  EXPECT_EQ(WriteReportValues(values), R"({"numbers":{},"texts":{}})");
  values.numbers = {{"/a", -9'007'199'254'740'991}, {"/\"b\\", 7}};
  values.texts = {{"/c", {"\x01\n", "\xC3\xA4\x7F", "x\"\\y"}}, {"/d", {"z"}}};
  const std::string json = WriteReportValues(values);
  EXPECT_EQ(json,
            "{\"numbers\":{\"/\\\"b\\\\\":7,\"/a\":-9007199254740991},\"texts\":{\"/c\":"
            "[\"\\u0001\\u000a\",\"x\\\"\\\\y\",\"\xC3\xA4\x7F\"],\"/d\":[\"z\"]}}");
  const Result<ReportValues> read = ReadReportValues(json);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read.value().numbers, values.numbers);
  EXPECT_EQ(read.value().texts, values.texts);
}

TEST(ReportValuesTest, ComeInAnyOrderAndHaveEachTextOnce) {
  ReportValueViews views;
  views.numbers = {{"/b", 2}, {"/a", 1}};
  views.texts = {{"/d", "y"}, {"/c", "x"}, {"/d", "x"}, {"/d", "y"}};
  views.Order();
  EXPECT_EQ(WriteReportValues(views),
            R"({"numbers":{"/a":1,"/b":2},"texts":{"/c":["x"],"/d":["x","y"]}})");
}

TEST(DigestOfTest, IsTheCoresDigestOfAnyLength) {
  std::string bytes;
  for (int length = 0; length < 300; ++length) {
    Sha256 hash;
    hash.Update(bytes);
    const Sha256::Digest right = hash.Finish();
    const std::string digest = DigestOf(bytes);
    ASSERT_TRUE(
        std::equal(right.begin(), right.end(), digest.begin(), digest.end(),
                   [](std::uint8_t a, char b) { return a == static_cast<std::uint8_t>(b); }))
        << length;
    bytes += static_cast<char>(length * 7);
  }
}

TEST(ReportValuesTest, OfAnotherFormAreDamage) {
  for (const char* json :
       {"", "[]", "{}", R"({"numbers":[],"texts":{}})", R"({"numbers":{"/a":1.5},"texts":{}})",
        R"({"numbers":{},"texts":[]})", R"({"numbers":{},"texts":{"/a":"b"}})",
        R"({"numbers":{},"texts":{"/a":[1]}})"}) {
    EXPECT_FALSE(ReadReportValues(json).ok()) << json;
  }
}

TEST(ArrivalReaderTest, RefusesSumsThatNoIntegerHolds) {
  const std::string point =
      R"({"entities": [{"id": "g", "type": "global"}], "key": "component-count", "type": 1,
          "transferredValue": "9007199254740991", "value": 9007199254740991, "tsFrom": 1})";
  const auto report = [](const std::string& points) {
    return R"({"installation": {"cid": "a", "iid": "b"}, "dataPoints": [)" + points + "]}";
  };
  EXPECT_EQ(Refusal(report(point)), "");
  EXPECT_EQ(Refusal(report(point + "," + point)), "/dataPoints/component-count 3\n");
}

TEST(ArrivalReaderTest, RefusesMoreNamesThanAnEngineHas) {
  const auto report = [](int commands) {
    std::string some;
    for (int i = 0; i < commands; ++i) {
      some += (i == 0 ? "\"C" : ", \"C") + std::to_string(i) + R"(Cmd": {"count": 1})";
    }
    std::string text = EngineReport(InstallationId(1));
    const std::string one = R"("DeployCmd": {"count": 1})";
    return text.replace(text.find(one), one.size(), some);
  };
  EXPECT_EQ(Refusal(report(4000)), "");
  EXPECT_EQ(Refusal(report(5000)), " 3\n");
}

}  // namespace
}  // namespace candor
