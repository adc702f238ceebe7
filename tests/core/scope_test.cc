#include "core/scope.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/sha256.h"
#include "tests/core/small_catalogue.h"

namespace candor {
namespace {

using Ids = std::vector<std::string>;

Ids IdsOf(const Catalogue& catalogue) {
  Ids ids;
  for (const ScopeEntry& entry : ScopeOf(catalogue)) ids.push_back(entry.id);
  return ids;
}

Ids Without(Ids ids, const Ids& gone) {
  for (const std::string& id : gone) ids.erase(std::find(ids.begin(), ids.end(), id));
  return ids;
}

std::string DigestOf(const std::string& json) { return ScopeDigest(Parsed(json)); }

// Ids that stay after something is withheld.
Ids IdsAfter(const Ids& withheld) {
  const Result<Catalogue> narrowed = Withhold(Parsed(SmallCatalogue()), withheld);
  if (!narrowed.ok()) {
    ADD_FAILURE() << narrowed.error().message;
    return {};
  }
  return IdsOf(narrowed.value());
}

TEST(ScopeOfTest, NamesFieldsPointsComponentsAndLabels) {
  EXPECT_EQ(IdsOf(Parsed(SmallCatalogue())),
            (Ids{"/balance", "/doors", "/id", "/load", "/points", "/points#component-count",
                 "/points#queue_seconds@door", "/points#queue_seconds@door:lane",
                 "/points#queue_seconds@door:side", "/points#queue_seconds@till",
                 "/points#queue_seconds@till:lane", "/points#queue_seconds@till:side",
                 "/points#sales@till", "/points#up@*", "/shop/name", "/shop/open", "/shop/opened",
                 "/sold/*/count", "/tags"}));
}

TEST(ScopeOfTest, DetailsTellWhatPassesAndWhatFor) {
  std::vector<std::string> details;
  for (const ScopeEntry& entry : ScopeOf(Parsed(SmallCatalogue()))) details.push_back(entry.detail);
  EXPECT_EQ(details,
            (Ids{"integer; improve", "string-list 1024; improve", "uuid; improve",
                 "decimal-text; improve", "data-points; improve", "component-count; improve",
                 "scraped; improve", "label; improve", "label; improve", "scraped; improve",
                 "label; improve", "label; improve", "usage; improve", "scraped; improve",
                 "string 100; improve", "boolean; improve", "date day; bill, improve",
                 "count key [a-z][a-z0-9]{0,15}; improve",
                 "string-map 1024 key [a-z][a-z]{0,7}; improve"}));
}

TEST(ScopeDigestTest, IsTheDigestOfTheEntries) {
  std::string lines;
  for (const ScopeEntry& entry : ScopeOf(Parsed(SmallCatalogue()))) {
    lines += entry.id + ' ' + entry.detail + '\n';
  }
  EXPECT_EQ(DigestOf(SmallCatalogue()), Sha256Hex(lines));
}

struct Rewording {
  std::string from, to;
};

class ScopeDigestRewordingTest : public testing::TestWithParam<Rewording> {};

TEST_P(ScopeDigestRewordingTest, StaysTheSame) {
  EXPECT_EQ(DigestOf(Small(GetParam().from, GetParam().to)), DigestOf(SmallCatalogue()));
}

INSTANTIATE_TEST_SUITE_P(
    Words, ScopeDigestRewordingTest,
    testing::Values(Rewording{"A name.", "The name over the door."},
                    Rewording{"\"example\": \"Corner\"", "\"example\": \"Station\""},
                    Rewording{"\"missing\": \"null\"", "\"missing\": \"omit\""},
                    Rewording{"\"Shop\"", "\"The shop\""}, Rewording{"1.0", "1.1"},
                    Rewording{"[\"bill\", \"improve\"]", "[\"improve\", \"bill\"]"},
                    Rewording{"[\"lane\", \"side\"]", "[\"side\", \"lane\"]"},
                    Rewording{"[\"till\", \"door\"]", "[\"door\", \"till\"]"},
                    Rewording{"\"objects\": {\"/shop\": \"null\"",
                              "\"objects\": {\"/shop\": \"object\""},
                    Rewording{"To bill.", "To send a bill."}));

TEST(ScopeDigestTest, StaysTheSameInAnotherOrder) {
  Catalogue catalogue = Parsed(SmallCatalogue());
  const std::string digest = ScopeDigest(catalogue);
  std::reverse(catalogue.fields.begin(), catalogue.fields.end());
  EXPECT_EQ(ScopeDigest(catalogue), digest);
}

class ScopeDigestWideningTest : public testing::TestWithParam<Rewording> {};

TEST_P(ScopeDigestWideningTest, Changes) {
  const Catalogue older = Parsed(SmallCatalogue());
  const Catalogue newer = Parsed(Small(GetParam().from, GetParam().to));
  EXPECT_NE(ScopeDigest(newer), ScopeDigest(older));
}

TEST_P(ScopeDigestWideningTest, IsNotCoveredByTheOldScope) {
  const std::vector<ScopeEntry> covered = ScopeOf(Parsed(SmallCatalogue()));
  const Catalogue newer = Parsed(Small(GetParam().from, GetParam().to));
  const Catalogue restricted = RestrictTo(newer, covered);
  EXPECT_NE(IdsOf(restricted), IdsOf(newer));
  for (const ScopeEntry& entry : ScopeOf(restricted)) EXPECT_TRUE(Covers(covered, entry));
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, ScopeDigestWideningTest,
    testing::Values(Rewording{"\"maxBytes\": 100", "\"maxBytes\": 101"},
                    Rewording{"[a-z][a-z0-9]{0,15}", "[a-z][a-z0-9]{0,16}"},
                    Rewording{"[a-z][a-z0-9]{0,15}", "[A-Za-z][a-z0-9]{0,15}"},
                    Rewording{"[a-z][a-z]{0,7}", "[a-z][a-z0]{0,7}"},
                    Rewording{"\"type\": \"count\"", "\"type\": \"integer\""},
                    Rewording{"\"purposes\": [\"improve\"], \"maxBytes\"",
                              "\"purposes\": [\"improve\", \"bill\"], \"maxBytes\""},
                    Rewording{"[\"lane\", \"side\"]", "[\"lane\", \"side\", \"who\"]"},
                    Rewording{"[\"till\", \"door\"]", "[\"till\", \"door\", \"roof\"]"},
                    Rewording{"\"key\": \"up\"", "\"key\": \"up\", \"countAndSum\": true"},
                    Rewording{"\"pointer\": \"/balance\"", "\"pointer\": \"/balances\""}));

// A date of finer precision needs another example.
INSTANTIATE_TEST_SUITE_P(Dates, ScopeDigestWideningTest,
                         testing::Values(Rewording{
                             "\"2026-11-21\", \"since\": \"1\",\n     \"purposes\": [\"bill\", "
                             "\"improve\"], \"precision\": \"day\"",
                             "\"2026-11-21T09:30:00Z\", \"since\": \"1\",\n     \"purposes\": "
                             "[\"bill\", \"improve\"], \"precision\": \"second\""}));

TEST(WithholdTest, NothingChangesNothing) {
  EXPECT_EQ(IdsAfter({}), IdsOf(Parsed(SmallCatalogue())));
}

TEST(WithholdTest, TakesOneField) {
  EXPECT_EQ(IdsAfter({"/shop/name"}), Without(IdsAfter({}), {"/shop/name"}));
}

TEST(WithholdTest, TakesAllBeneathAPrefix) {
  EXPECT_EQ(IdsAfter({"/shop"}),
            Without(IdsAfter({}), {"/shop/name", "/shop/opened", "/shop/open"}));
  EXPECT_EQ(IdsAfter({"/sold"}), Without(IdsAfter({}), {"/sold/*/count"}));
}

TEST(WithholdTest, TakesOnlyWholeSteps) {
  // "/shop/open" does not take "/shop/opened".
  EXPECT_EQ(IdsAfter({"/shop/open"}), Without(IdsAfter({}), {"/shop/open"}));
}

TEST(WithholdTest, TakesAKeyOfEveryComponent) {
  EXPECT_EQ(IdsAfter({"/points#queue_seconds"}),
            Without(IdsAfter({}),
                    {"/points#queue_seconds@door", "/points#queue_seconds@door:lane",
                     "/points#queue_seconds@door:side", "/points#queue_seconds@till",
                     "/points#queue_seconds@till:lane", "/points#queue_seconds@till:side"}));
}

TEST(WithholdTest, TakesAKeyOfOneComponent) {
  EXPECT_EQ(IdsAfter({"/points#queue_seconds@door"}),
            Without(IdsAfter({}), {"/points#queue_seconds@door", "/points#queue_seconds@door:lane",
                                   "/points#queue_seconds@door:side"}));
}

TEST(WithholdTest, TakesALabel) {
  EXPECT_EQ(IdsAfter({"/points#queue_seconds:lane"}),
            Without(IdsAfter({}),
                    {"/points#queue_seconds@door:lane", "/points#queue_seconds@till:lane"}));
  EXPECT_EQ(IdsAfter({"/points#queue_seconds@door:lane"}),
            Without(IdsAfter({}), {"/points#queue_seconds@door:lane"}));
}

TEST(WithholdTest, SplitsARuleWhoseComponentsDiffer) {
  const Result<Catalogue> narrowed =
      Withhold(Parsed(SmallCatalogue()), {"/points#queue_seconds@door:lane"});
  ASSERT_TRUE(narrowed.ok());
  const std::vector<PointRule>& points = narrowed.value().fields.back().points;
  ASSERT_EQ(points.size(), 5u);
  EXPECT_EQ(points[2].components, Ids{"till"});
  EXPECT_EQ(points[2].labels, (Ids{"lane", "side"}));
  EXPECT_EQ(points[3].components, Ids{"door"});
  EXPECT_EQ(points[3].labels, Ids{"side"});
}

TEST(WithholdTest, RefusesRequiredFields) {
  for (const std::string& id : Ids{"/id", "/points#component-count@till", "/shop/na", "", "id"}) {
    EXPECT_FALSE(Withhold(Parsed(SmallCatalogue()), {id}).ok()) << id;
  }
  const Result<Catalogue> narrowed = Withhold(Parsed(SmallCatalogue()), {"/shop", "/id", "/x"});
  ASSERT_FALSE(narrowed.ok());
  const std::vector<Error>& problems = narrowed.problems().list();
  ASSERT_EQ(problems.size(), 2u);
  EXPECT_EQ(problems[0].code, ErrorCode::kOutOfRange);
  EXPECT_EQ(problems[0].where, "/1");
  EXPECT_EQ(problems[1].code, ErrorCode::kNotFound);
  EXPECT_EQ(problems[1].where, "/2");
}

TEST(WithholdTest, EngineKeepsWhatEveryReportNeeds) {
  const Catalogue engine = Parsed(std::string(FindBuiltInCatalogue("engine")->json));
  EXPECT_FALSE(Withhold(engine, {"/product"}).ok());
  const Result<Catalogue> narrowed = Withhold(engine, {"/product/internals"});
  ASSERT_TRUE(narrowed.ok());
  EXPECT_EQ(IdsOf(narrowed.value()), (Ids{"/erasure", "/installation", "/product/edition",
                                          "/product/name", "/product/version"}));
}

TEST(WithholdTest, LeavesFixedPlaces) {
  const Result<Catalogue> empty = SelectProfile(Parsed(SmallCatalogue()), "empty");
  ASSERT_TRUE(empty.ok());
  const Result<Catalogue> narrowed = Withhold(empty.value(), {"/sold", "/shop/open"});
  ASSERT_TRUE(narrowed.ok());
  EXPECT_EQ(IdsOf(narrowed.value()), (Ids{"/id", "/shop/name", "/shop/opened"}));
  EXPECT_EQ(narrowed.value().fields.size(), 4u);
}

TEST(RestrictToTest, FullScopeIsIdentity) {
  for (const BuiltInCatalogue& built_in : BuiltInCatalogues()) {
    const Catalogue catalogue = Parsed(std::string(built_in.json));
    const Catalogue restricted = RestrictTo(catalogue, ScopeOf(catalogue));
    EXPECT_EQ(ScopeOf(restricted), ScopeOf(catalogue));
    ASSERT_EQ(restricted.fields.size(), catalogue.fields.size());
    for (std::size_t i = 0; i < catalogue.fields.size(); ++i) {
      EXPECT_EQ(restricted.fields[i].pointer, catalogue.fields[i].pointer);
      ASSERT_EQ(restricted.fields[i].points.size(), catalogue.fields[i].points.size());
      for (std::size_t p = 0; p < catalogue.fields[i].points.size(); ++p) {
        EXPECT_EQ(restricted.fields[i].points[p].components,
                  catalogue.fields[i].points[p].components);
        EXPECT_EQ(restricted.fields[i].points[p].labels, catalogue.fields[i].points[p].labels);
      }
    }
  }
}

TEST(RestrictToTest, NothingCoversNothing) {
  EXPECT_TRUE(RestrictTo(Parsed(SmallCatalogue()), {}).fields.empty());
}

TEST(RestrictToTest, KeepsExactlyTheSubset) {
  const Catalogue catalogue = Parsed(SmallCatalogue());
  const std::vector<ScopeEntry> scope = ScopeOf(catalogue);
  for (const ScopeEntry& left_out : scope) {
    std::vector<ScopeEntry> covered;
    for (const ScopeEntry& entry : scope) {
      const bool beneath =
          entry.id.compare(0, left_out.id.size(), left_out.id) == 0 &&
          entry.id.size() > left_out.id.size() &&
          std::string("#@:").find(entry.id[left_out.id.size()]) != std::string::npos;
      if (entry.id != left_out.id && !beneath) covered.push_back(entry);
    }
    EXPECT_EQ(ScopeOf(RestrictTo(catalogue, covered)), covered) << left_out.id;
  }
}

TEST(RestrictToTest, KeepsWhatBecameCoarser) {
  const std::vector<ScopeEntry> covered = ScopeOf(Parsed(SmallCatalogue()));
  const Catalogue newer = Parsed(Small("\"maxBytes\": 100", "\"maxBytes\": 99"));
  EXPECT_EQ(IdsOf(RestrictTo(newer, covered)), IdsOf(newer));
}

struct Details {
  std::string older, newer;
  bool finer, coarser, wider, narrower;
};

class CompareDetailsTest : public testing::TestWithParam<Details> {};

TEST_P(CompareDetailsTest, TellsWhatChanged) {
  const DetailDifference difference = CompareDetails(GetParam().older, GetParam().newer);
  EXPECT_EQ(difference.finer, GetParam().finer);
  EXPECT_EQ(difference.coarser, GetParam().coarser);
  EXPECT_EQ(difference.wider_purpose, GetParam().wider);
  EXPECT_EQ(difference.narrower_purpose, GetParam().narrower);
}

INSTANTIATE_TEST_SUITE_P(
    Pairs, CompareDetailsTest,
    testing::Values(Details{"uuid; a", "uuid; a", false, false, false, false},
                    Details{"string 1024; a", "uuid; a", false, true, false, false},
                    Details{"string 35; a", "uuid; a", true, false, false, false},
                    Details{"uuid; a", "string 36; a", true, false, false, false},
                    Details{"string 10; a", "date day; a", false, true, false, false},
                    Details{"string 10; a", "date second; a", true, false, false, false},
                    Details{"string 1024; a", "decimal-text; a", false, true, false, false},
                    Details{"date millisecond; a", "date day; a", false, true, false, false},
                    Details{"date day; a", "date second; a", true, false, false, false},
                    Details{"integer; a", "count; a", false, true, false, false},
                    Details{"count; a", "integer; a", true, false, false, false},
                    Details{"boolean; a", "count; a", true, false, false, false},
                    Details{"string 9; a", "string-list 9; a", true, false, false, false},
                    Details{"string-list 9; a", "string-list 8; a", false, true, false, false},
                    Details{"scraped count-and-sum; a", "scraped; a", false, true, false, false},
                    Details{"scraped; a", "scraped count-and-sum; a", true, false, false, false},
                    Details{"scraped; a", "usage; a", true, false, false, false},
                    Details{"count key [a-z][a-z]{0,9}; a", "count key [a-f][a-z]{0,8}; a", false,
                            true, false, false},
                    Details{"count key [a-f][a-z]{0,9}; a", "count key [a-g][a-z]{0,8}; a", true,
                            false, false, false},
                    Details{"count key [a-f][a-z]{0,9}; a", "count; a", true, false, false, false},
                    Details{"count; a", "count; a, b", false, false, true, false},
                    Details{"count; a, b", "count; b", false, false, false, true},
                    Details{"count; a, b", "count; b, c", false, false, true, false},
                    Details{"integer; a", "count; a, b", false, true, true, false},
                    Details{"count wat; a", "count; a", true, false, false, false},
                    Details{"", "count; a", true, false, true, false}));

}  // namespace
}  // namespace candor
