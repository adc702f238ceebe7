#include "core/bundle.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "core/json_reader.h"
#include "core/json_writer.h"
#include "core/operation.h"
#include "core/report.h"
#include "tests/core/small_catalogue.h"

namespace candor {
namespace {

constexpr std::string_view kFacts =
    R"({"values": {"id": "8343cc7a-8ad1-42d4-97d2-43452c0bdfa3", "shop": {"name": "Corner"},
        "load": "0.5", "unknown": 5.36870912E8, "balance": -3, "doors": ["front"]}})";

struct Parts {
  Config config;
  JsonValue catalogue = ReadCatalogueJson(SmallCatalogue()).value();
  std::string profile;
  std::optional<ConsentRecord> consent;
  std::vector<std::string> withheld, hidden;
  JsonValue facts = ReadJson(kFacts).value();
  BundledReport report = {std::string(64, 'a'), 3, 1, 2};

  std::string Write() const {
    return WriteBundle(
        {true, config, catalogue, profile, consent, withheld, hidden, facts, report});
  }
};

std::string ReportOf(const std::string& bundle, const std::vector<std::string>& withheld = {}) {
  const Result<Bundle> read = ReadBundle(bundle, withheld);
  if (!read.ok()) return read.error().where + " " + read.error().message;
  StringSink sink;
  const Bundle& parts = read.value();
  EXPECT_TRUE(BuildReport({parts.config, parts.catalogue, parts.facts}, sink).empty());
  return sink.text();
}

std::string Direct(const Catalogue& catalogue) {
  const Result<Facts> facts = ParseFacts(kFacts);
  StringSink sink;
  const Problems problems = BuildReport({Config(), catalogue, facts.value()}, sink);
  EXPECT_TRUE(problems.empty()) << problems.list()[0].where << problems.list()[0].message;
  return sink.text();
}

Catalogue Shop() { return ParseCatalogue(SmallCatalogue()).value(); }

TEST(BundleTest, MakesTheSameReport) { EXPECT_EQ(ReportOf(Parts().Write()), Direct(Shop())); }

TEST(BundleTest, KeepsNumbersAsTheyWereWritten) {
  EXPECT_NE(Parts().Write().find("5.36870912E8"), std::string::npos);
}

TEST(BundleTest, LeavesOutWhatIsWithheldByEachPart) {
  Parts parts;
  parts.config.withhold.value = {"/shop/name"};
  parts.withheld = {"/balance"};
  EXPECT_EQ(ReportOf(parts.Write(), {"/doors"}),
            Direct(Withhold(Shop(), {"/balance", "/doors", "/shop/name"}).value()));
}

TEST(BundleTest, LeavesOutWhatTheConsentDoesNotCover) {
  Parts parts;
  parts.consent = MakeConsent(Verdict::kGranted, Withhold(Shop(), {"/load"}).value(), {"/balance"});
  parts.consent->who = "ada";
  parts.consent->through = "page";
  EXPECT_EQ(ReportOf(parts.Write()), Direct(Withhold(Shop(), {"/balance", "/load"}).value()));
}

TEST(BundleTest, PrintsItsProfile) {
  Parts parts;
  parts.profile = "short";
  EXPECT_EQ(ReportOf(parts.Write()), Direct(SelectProfile(Shop(), "short").value()));
}

TEST(BundleTest, RemembersTheReport) {
  const Result<Bundle> read = ReadBundle(Parts().Write());
  ASSERT_TRUE(read.ok() && read.value().report.has_value());
  EXPECT_EQ(read.value().report->digest, std::string(64, 'a'));
  EXPECT_EQ(read.value().report->to_ms, 2);
}

TEST(BundleTest, ReportsTheMistakesOfAllPartsWithTheirPlaces) {
  const Result<Bundle> read = ReadBundle(R"({
    "candorBundle": 2, "as": "later", "configuration": {"mode": "loud"}, "catalogue": {},
    "profile": "", "consent": {}, "withheld": [7], "facts": {"scrapes": 1}, "extra": 0})");
  ASSERT_FALSE(read.ok());
  const auto has = [&](ErrorCode code, const std::string& where) {
    return std::any_of(read.problems().list().begin(), read.problems().list().end(),
                       [&](const Error& e) { return e.code == code && e.where == where; });
  };
  EXPECT_TRUE(has(ErrorCode::kOutOfRange, "/candorBundle"));
  EXPECT_TRUE(has(ErrorCode::kOutOfRange, "/as"));
  EXPECT_TRUE(has(ErrorCode::kOutOfRange, "/configuration/mode"));
  EXPECT_TRUE(has(ErrorCode::kMissing, "/catalogue/name"));
  EXPECT_TRUE(has(ErrorCode::kMissing, "/consent/verdict"));
  EXPECT_TRUE(has(ErrorCode::kWrongType, "/withheld/0"));
  EXPECT_TRUE(has(ErrorCode::kWrongType, "/facts/scrapes"));
  EXPECT_TRUE(has(ErrorCode::kUnknownKey, "/extra"));
}

TEST(BundleTest, RefusesIdsThatNameNothing) {
  Parts parts;
  parts.withheld = {"/shop/name", "/nothing"};
  const Result<Bundle> read = ReadBundle(parts.Write());
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().where, "/withheld/1");
}

TEST(BundleOperationTest, GivesTheReportOrTheProblems) {
  const std::string good = Parts().Write();
  StringSink out;
  const std::vector<Input> inputs = {{"bundle:b.json", good}, {"withhold", "/balance"}};
  EXPECT_EQ(Perform("bundle", inputs, out).status, kExitGood);
  EXPECT_EQ(out.text(), Direct(Withhold(Shop(), {"/balance"}).value()));
  StringSink nothing;
  const std::vector<Input> bad = {{"bundle:b.json", "{}"}};
  EXPECT_EQ(Perform("bundle", bad, nothing).status, kExitRefused);
  EXPECT_EQ(nothing.text(), "");
}

TEST(ReportOperationTest, LeavesOutWhatTheConsentDoesNotCover) {
  ConsentRecord record =
      MakeConsent(Verdict::kGranted, Withhold(Shop(), {"/load"}).value(), {"/balance"});
  record.who = "ada";
  record.through = "command";
  const std::string consent = [&record] {
    StringSink sink;
    JsonWriter writer(sink);
    WriteConsent(record, writer);
    writer.Finish();
    return sink.text();
  }();
  const std::string catalogue = SmallCatalogue();
  StringSink out;
  const std::vector<Input> inputs = {{"config:c.json", "{}"},
                                     {"catalogue:shop.json", catalogue},
                                     {"facts:f.json", kFacts},
                                     {"consent:consent.json", consent}};
  EXPECT_EQ(Perform("report", inputs, out).status, kExitGood);
  EXPECT_EQ(out.text(), Direct(Withhold(Shop(), {"/balance", "/load"}).value()));
}

}  // namespace
}  // namespace candor
