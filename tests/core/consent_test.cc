#include "core/consent.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/json_reader.h"
#include "core/sha256.h"

namespace candor {
namespace {

Field MakeField(std::string pointer, bool may_withhold) {
  Field field;
  field.pointer = std::move(pointer);
  field.purposes = {"product-improvement"};
  field.may_withhold = may_withhold;
  field.required = !may_withhold;
  return field;
}

Catalogue MakeCatalogue() {
  Catalogue catalogue;
  catalogue.name = "example";
  catalogue.fields = {MakeField("/installation", false), MakeField("/product/name", false),
                      MakeField("/product/version", true), MakeField("/product/edition", true)};
  return catalogue;
}

std::vector<std::string> Pointers(const Catalogue& catalogue) {
  std::vector<std::string> pointers;
  for (const Field& field : catalogue.fields) pointers.push_back(field.pointer);
  return pointers;
}

using Texts = std::vector<std::string>;

std::string Write(const ConsentRecord& record) {
  StringSink sink;
  JsonWriter writer(sink);
  WriteConsent(record, writer);
  writer.Finish();
  return std::move(sink).text();
}

Result<ConsentRecord> Parse(std::string_view json) {
  const Result<JsonValue> document = ReadJson(json);
  EXPECT_TRUE(document.ok()) << json;
  return ParseConsent(document.ok() ? document.value() : JsonValue());
}

std::string DigestOf(std::string_view scope_lines) { return Sha256Hex(scope_lines); }

std::string Document() {
  return R"({
  "verdict": "granted",
  "catalogue": "example",
  "scopeDigest": ")" +
         DigestOf("/a uuid; support\n/b string; support\n") + R"(",
  "scope": [
    {
      "id": "/a",
      "detail": "uuid; support"
    },
    {
      "id": "/b",
      "detail": "string; support"
    }
  ],
  "withheld": [
    "/b"
  ],
  "who": "Ada",
  "whenMs": 1712228731639,
  "through": "page",
  "reportDigest": ""
}
)";
}

TEST(MakeConsentTest, TakesTheScopeOfTheDay) {
  const Catalogue catalogue = MakeCatalogue();
  const ConsentRecord record = MakeConsent(Verdict::kGranted, catalogue, {});
  EXPECT_EQ(record.verdict, Verdict::kGranted);
  EXPECT_EQ(record.catalogue, "example");
  EXPECT_EQ(record.scope_digest, ScopeDigest(catalogue));
  EXPECT_EQ(record.scope, ScopeOf(catalogue));
  EXPECT_EQ(record.when_ms, 0);
}

TEST(MakeConsentTest, SortsWhatIsWithheldAndDropsDoubles) {
  const ConsentRecord record =
      MakeConsent(Verdict::kDenied, MakeCatalogue(),
                  {"/product/version", "/product/edition", "/product/version"});
  EXPECT_EQ(record.withheld, (Texts{"/product/edition", "/product/version"}));
}

TEST(WriteConsentTest, WritesWhatParseConsentReads) {
  ConsentRecord record = MakeConsent(Verdict::kGranted, MakeCatalogue(), {"/product/version"});
  record.who = "Ада \"x\"";
  record.when_ms = -1;
  record.through = "rest";
  record.report_digest = DigestOf("report");
  const std::string written = Write(record);
  const Result<ConsentRecord> read = Parse(written);
  ASSERT_TRUE(read.ok()) << read.error().where << read.error().message;
  EXPECT_EQ(Write(read.value()), written);
  EXPECT_EQ(read.value().scope, record.scope);
  EXPECT_EQ(read.value().withheld, record.withheld);
  EXPECT_EQ(read.value().who, record.who);
  EXPECT_EQ(read.value().when_ms, -1);
  EXPECT_EQ(read.value().report_digest, record.report_digest);
}

TEST(WriteConsentTest, HasALiteralForm) {
  const Result<ConsentRecord> read = Parse(Document());
  ASSERT_TRUE(read.ok()) << read.error().where << read.error().message;
  EXPECT_EQ(Write(read.value()), Document());
}

TEST(ParseConsentTest, ReadsADenialWithoutAReport) {
  std::string text = Document();
  text.replace(text.find("granted"), 7, "denied");
  text.erase(text.find(",\n  \"reportDigest\": \"\""), 22);
  const Result<ConsentRecord> read = Parse(text);
  ASSERT_TRUE(read.ok()) << read.error().where;
  EXPECT_EQ(read.value().verdict, Verdict::kDenied);
  EXPECT_EQ(read.value().report_digest, "");
}

struct BadEdit {
  std::string from, to;
  ErrorCode code;
  std::string where;
};

TEST(ParseConsentTest, RefusesEachMistakeAtItsPlace) {
  const std::string long_text(kMaxConsentTextBytes + 1, 'x');
  for (const BadEdit& edit : std::vector<BadEdit>{
           {"\"granted\"", "\"yes\"", ErrorCode::kOutOfRange, "/verdict"},
           {"\"granted\"", "true", ErrorCode::kWrongType, "/verdict"},
           {"\"granted\"", "null", ErrorCode::kWrongType, "/verdict"},
           {"\"verdict\"", "\"verdikt\"", ErrorCode::kMissing, "/verdict"},
           {"\"example\"", "1", ErrorCode::kWrongType, "/catalogue"},
           {"\"example\"", "\"ex\\u0000\"", ErrorCode::kOutOfRange, "/catalogue"},
           {"\"scopeDigest\": \"", "\"scopeDigest\": \"A", ErrorCode::kOutOfRange, "/scopeDigest"},
           {"string; support", "string; sales", ErrorCode::kConflict, "/scopeDigest"},
           {"\"/b\",\n      \"detail\"", "\"/a\",\n      \"detail\"", ErrorCode::kOutOfRange,
            "/scope/1/id"},
           {"\"detail\": \"uuid; support\"", "\"detail\": 1", ErrorCode::kWrongType,
            "/scope/0/detail"},
           {"\"id\": \"/a\"", "\"ID\": \"/a\"", ErrorCode::kMissing, "/scope/0/id"},
           {"[\n    \"/b\"\n  ]", "{}", ErrorCode::kWrongType, "/withheld"},
           {"[\n    \"/b\"\n  ]", "[7]", ErrorCode::kWrongType, "/withheld/0"},
           {"[\n    \"/b\"\n  ]", "[\"/b\",\"\\u0000\"]", ErrorCode::kOutOfRange, "/withheld/1"},
           {"[\n    \"/b\"\n  ]", "[\"/b\",\"/b\"]", ErrorCode::kConflict, "/withheld/1"},
           {"Ada", "", ErrorCode::kOutOfRange, "/who"},
           {"Ada", "Ada \\u001b[31m", ErrorCode::kOutOfRange, "/who"},
           {"Ada", long_text, ErrorCode::kOverLimit, "/who"},
           {"1712228731639", "1.5", ErrorCode::kOutOfRange, "/whenMs"},
           {"1712228731639", "9007199254740992", ErrorCode::kOutOfRange, "/whenMs"},
           {"1712228731639", "\"1712228731639\"", ErrorCode::kWrongType, "/whenMs"},
           {"\"page\"", "\"post\"", ErrorCode::kOutOfRange, "/through"},
           {"\"reportDigest\": \"\"", "\"reportDigest\": \"abc\"", ErrorCode::kOutOfRange,
            "/reportDigest"},
           {"\"reportDigest\": \"\"", "\"reportDigest\": 1", ErrorCode::kWrongType,
            "/reportDigest"},
           {"\"reportDigest\"", "\"reportdigest\"", ErrorCode::kUnknownKey, "/reportdigest"},
       }) {
    std::string text = Document();
    ASSERT_NE(text.find(edit.from), std::string::npos) << edit.from;
    text.replace(text.find(edit.from), edit.from.size(), edit.to);
    const Result<ConsentRecord> read = Parse(text);
    ASSERT_FALSE(read.ok()) << edit.to;
    EXPECT_EQ(read.error().code, edit.code) << edit.to;
    EXPECT_EQ(read.error().where, edit.where) << edit.to;
    EXPECT_GT(read.error().at.line, 0u) << edit.to;
  }
}

TEST(ParseConsentTest, ReportsEveryProblemUnderTheGivenPointer) {
  const auto document = ReadJson(R"({"verdict":"maybe","scope":[{}],"withheld":[1],"whenMs":"now",
                                     "by":"me"})");
  const Result<ConsentRecord> read = ParseConsent(document.value(), "/consent");
  ASSERT_FALSE(read.ok());
  Texts places;
  for (const Error& error : read.problems().list()) places.push_back(error.where);
  EXPECT_EQ(places, (Texts{"/consent/verdict", "/consent/catalogue", "/consent/scopeDigest",
                           "/consent/scope/0/id", "/consent/scope/0/detail", "/consent/withheld/0",
                           "/consent/who", "/consent/whenMs", "/consent/through", "/consent/by"}));
}

TEST(ParseConsentTest, RefusesWhatIsNoObject) {
  for (const std::string_view text : {"null", "[]", "\"granted\"", "1"}) {
    const Result<ConsentRecord> read = Parse(text);
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.problems().list().size(), 1u);
    EXPECT_EQ(read.error().code, ErrorCode::kWrongType);
  }
}

TEST(ParseConsentTest, RefusesTooManyEntries) {
  JsonValue ids = JsonValue::Array();
  for (std::size_t i = 0; i <= kMaxScopeEntries; ++i) {
    ids.mutable_items().push_back(JsonValue::String("/a"));
  }
  const JsonValue document = JsonValue::Object({{"scope", ids}, {"withheld", ids}});
  const Result<ConsentRecord> read = ParseConsent(document);
  ASSERT_FALSE(read.ok());
  Texts over;
  for (const Error& error : read.problems().list()) {
    if (error.code == ErrorCode::kOverLimit) over.push_back(error.where);
  }
  EXPECT_EQ(over, (Texts{"/scope", "/withheld"}));
}

TEST(CoveredByTest, IsTheWholeCatalogueOfTheDay) {
  const Catalogue catalogue = MakeCatalogue();
  const ConsentRecord record = MakeConsent(Verdict::kGranted, catalogue, {});
  EXPECT_EQ(Pointers(CoveredBy(record, catalogue)), Pointers(catalogue));
}

TEST(CoveredByTest, IsNothingAfterADenial) {
  const Catalogue catalogue = MakeCatalogue();
  const ConsentRecord record = MakeConsent(Verdict::kDenied, catalogue, {});
  EXPECT_TRUE(CoveredBy(record, catalogue).fields.empty());
}

TEST(CoveredByTest, IsNothingOfAnotherCatalogue) {
  Catalogue catalogue = MakeCatalogue();
  const ConsentRecord record = MakeConsent(Verdict::kGranted, catalogue, {});
  catalogue.name = "other";
  EXPECT_TRUE(CoveredBy(record, catalogue).fields.empty());
}

TEST(CoveredByTest, LeavesOutWhatCameLater) {
  Catalogue catalogue = MakeCatalogue();
  const ConsentRecord record = MakeConsent(Verdict::kGranted, catalogue, {});
  const Texts before = Pointers(catalogue);
  catalogue.fields.push_back(MakeField("/product/later", true));
  EXPECT_EQ(Pointers(CoveredBy(record, catalogue)), before);
}

TEST(CoveredByTest, LeavesOutWhatBecameFinerOrServesMore) {
  Catalogue catalogue = MakeCatalogue();
  catalogue.fields[2].type = FieldType::kDate;
  const ConsentRecord record = MakeConsent(Verdict::kGranted, catalogue, {});
  catalogue.fields[2].precision = DatePrecision::kSecond;
  catalogue.fields[3].purposes.push_back("sales");
  EXPECT_EQ(Pointers(CoveredBy(record, catalogue)), (Texts{"/installation", "/product/name"}));
}

TEST(CoveredByTest, KeepsWhatBecameCoarserOrServesLess) {
  Catalogue catalogue = MakeCatalogue();
  catalogue.fields[2].type = FieldType::kDate;
  catalogue.fields[2].precision = DatePrecision::kSecond;
  catalogue.fields[3].purposes.push_back("sales");
  const ConsentRecord record = MakeConsent(Verdict::kGranted, catalogue, {});
  catalogue.fields[2].precision = DatePrecision::kDay;
  catalogue.fields[3].purposes.pop_back();
  EXPECT_EQ(Pointers(CoveredBy(record, catalogue)), Pointers(catalogue));
  EXPECT_FALSE(DriftSince(record, catalogue).asks_again);
}

Catalogue WithPoints(std::vector<std::string> components, std::vector<std::string> labels) {
  Catalogue catalogue = MakeCatalogue();
  Field field = MakeField("/dataPoints", true);
  field.type = FieldType::kDataPoints;
  PointRule point;
  point.key = "jvm_info";
  point.components = std::move(components);
  point.labels = std::move(labels);
  field.points.push_back(std::move(point));
  catalogue.fields.push_back(std::move(field));
  return catalogue;
}

TEST(CoveredByTest, LeavesOutNewLabelsAndComponentsOfAPoint) {
  const ConsentRecord record =
      MakeConsent(Verdict::kGranted, WithPoints({"operate"}, {"vendor", "version"}),
                  {"/dataPoints#jvm_info:version"});
  const Catalogue later = WithPoints({"operate", "optimize"}, {"host", "vendor", "version"});
  const std::vector<PointRule> points = CoveredBy(record, later).fields.back().points;
  ASSERT_EQ(points.size(), 1u);
  EXPECT_EQ(points[0].components, Texts{"operate"});
  EXPECT_EQ(points[0].labels, Texts{"vendor"});
  EXPECT_EQ(DriftSince(record, later).uncovered,
            (Texts{"/dataPoints#jvm_info@operate:host", "/dataPoints#jvm_info@optimize",
                   "/dataPoints#jvm_info@optimize:host", "/dataPoints#jvm_info@optimize:vendor"}));
}

TEST(CoveredByTest, LeavesOutWhatIsWithheld) {
  const Catalogue catalogue = MakeCatalogue();
  const ConsentRecord record = MakeConsent(Verdict::kGranted, catalogue, {"/product/version"});
  EXPECT_EQ(Pointers(CoveredBy(record, catalogue)),
            (Texts{"/installation", "/product/name", "/product/edition"}));
}

TEST(CoveredByTest, WithholdsAlsoBesideIdsThatAreGone) {
  Catalogue catalogue = MakeCatalogue();
  const ConsentRecord record =
      MakeConsent(Verdict::kGranted, catalogue, {"/product/edition", "/product/version", "/zzz"});
  catalogue.fields.pop_back();
  EXPECT_EQ(Pointers(CoveredBy(record, catalogue)), (Texts{"/installation", "/product/name"}));
}

TEST(CoveredByTest, IsNothingWhenSomethingWithheldBecameNecessary) {
  Catalogue catalogue = MakeCatalogue();
  const ConsentRecord record =
      MakeConsent(Verdict::kGranted, catalogue, {"/gone", "/product/version"});
  catalogue.fields[2].may_withhold = false;
  EXPECT_TRUE(CoveredBy(record, catalogue).fields.empty());
}

TEST(DriftSinceTest, IsEmptyForTheSameScope) {
  Catalogue catalogue = MakeCatalogue();
  const ConsentRecord record = MakeConsent(Verdict::kGranted, catalogue, {"/product/version"});
  catalogue.fields[0].description = "Another wording.";
  std::swap(catalogue.fields[0], catalogue.fields[3]);
  const ConsentDrift drift = DriftSince(record, catalogue);
  EXPECT_FALSE(drift.asks_again);
  EXPECT_EQ(drift.uncovered, Texts());
  EXPECT_EQ(drift.gone, Texts());
}

TEST(DriftSinceTest, NamesWhatIsNewChangedAndGone) {
  Catalogue catalogue = MakeCatalogue();
  const ConsentRecord record = MakeConsent(Verdict::kGranted, catalogue, {});
  catalogue.fields.erase(catalogue.fields.begin() + 3);
  catalogue.fields[2].purposes.push_back("sales");
  catalogue.fields.push_back(MakeField("/a", true));
  const ConsentDrift drift = DriftSince(record, catalogue);
  EXPECT_TRUE(drift.asks_again);
  EXPECT_EQ(drift.uncovered, (Texts{"/a", "/product/version"}));
  EXPECT_EQ(drift.gone, Texts{"/product/edition"});
}

TEST(DriftSinceTest, DoesNotAskWhenTheScopeOnlyShrank) {
  Catalogue catalogue = MakeCatalogue();
  const ConsentRecord record = MakeConsent(Verdict::kGranted, catalogue, {});
  catalogue.fields.pop_back();
  const ConsentDrift drift = DriftSince(record, catalogue);
  EXPECT_FALSE(drift.asks_again);
  EXPECT_EQ(drift.gone, Texts{"/product/edition"});
}

TEST(DriftSinceTest, DoesNotAskForWhatIsWithheld) {
  Catalogue catalogue = MakeCatalogue();
  const ConsentRecord record = MakeConsent(Verdict::kGranted, catalogue, {"/product/version"});
  catalogue.fields[2].purposes.push_back("sales");
  EXPECT_FALSE(DriftSince(record, catalogue).asks_again);
}

TEST(DriftSinceTest, AsksForSomethingWithheldThatBecameNecessary) {
  Catalogue catalogue = MakeCatalogue();
  const ConsentRecord record = MakeConsent(Verdict::kGranted, catalogue, {"/product/version"});
  catalogue.fields[2].may_withhold = false;
  const ConsentDrift drift = DriftSince(record, catalogue);
  EXPECT_TRUE(drift.asks_again);
  EXPECT_EQ(drift.uncovered, Texts{"/product/version"});
}

TEST(DriftSinceTest, AsksForAllOfAnotherCatalogue) {
  Catalogue catalogue = MakeCatalogue();
  const ConsentRecord record = MakeConsent(Verdict::kGranted, catalogue, {});
  catalogue.name = "other";
  const ConsentDrift drift = DriftSince(record, catalogue);
  EXPECT_TRUE(drift.asks_again);
  EXPECT_EQ(drift.uncovered.size(), catalogue.fields.size());
}

TEST(DriftSinceTest, NeverAsksAfterADenial) {
  Catalogue catalogue = MakeCatalogue();
  const ConsentRecord record = MakeConsent(Verdict::kDenied, catalogue, {});
  catalogue.fields.push_back(MakeField("/a", true));
  const ConsentDrift drift = DriftSince(record, catalogue);
  EXPECT_FALSE(drift.asks_again);
  EXPECT_EQ(drift.uncovered, Texts{"/a"});
}

}  // namespace
}  // namespace candor
