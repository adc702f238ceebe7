#include "core/catalogue_diff.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "core/scope.h"
#include "tests/core/small_catalogue.h"

namespace candor {
namespace {

using Kinds = std::vector<std::pair<ChangeKind, std::string>>;

Kinds Diff(const std::string& older, const std::string& newer) {
  Kinds kinds;
  for (const Change& change : DiffCatalogues(Parsed(older), Parsed(newer))) {
    kinds.emplace_back(change.kind, change.id);
  }
  return kinds;
}

Kinds DiffAfter(std::string_view from, std::string_view to) {
  return Diff(SmallCatalogue(), Small(from, to));
}

TEST(DiffCataloguesTest, SameIsEmpty) {
  EXPECT_EQ(Diff(SmallCatalogue(), SmallCatalogue()), Kinds{});
}

TEST(DiffCataloguesTest, TellsNewAndRemovedFields) {
  EXPECT_EQ(DiffAfter("\"/balance\"", "\"/account\""),
            (Kinds{{ChangeKind::kNewField, "/account"}, {ChangeKind::kRemoved, "/balance"}}));
}

TEST(DiffCataloguesTest, TellsNewComponentsAndLabels) {
  EXPECT_EQ(DiffAfter("[\"till\", \"door\"]", "[\"till\", \"roof\"]"),
            (Kinds{{ChangeKind::kNewField, "/points#queue_seconds@roof"},
                   {ChangeKind::kNewField, "/points#queue_seconds@roof:lane"},
                   {ChangeKind::kNewField, "/points#queue_seconds@roof:side"},
                   {ChangeKind::kRemoved, "/points#queue_seconds@door"},
                   {ChangeKind::kRemoved, "/points#queue_seconds@door:lane"},
                   {ChangeKind::kRemoved, "/points#queue_seconds@door:side"}}));
  EXPECT_EQ(DiffAfter("[\"lane\", \"side\"]", "[\"lane\"]"),
            (Kinds{{ChangeKind::kRemoved, "/points#queue_seconds@till:side"},
                   {ChangeKind::kRemoved, "/points#queue_seconds@door:side"}}));
}

TEST(DiffCataloguesTest, TellsFinerAndCoarser) {
  EXPECT_EQ(DiffAfter("\"maxBytes\": 100", "\"maxBytes\": 101"),
            (Kinds{{ChangeKind::kFiner, "/shop/name"}}));
  EXPECT_EQ(DiffAfter("\"maxBytes\": 100", "\"maxBytes\": 99"),
            (Kinds{{ChangeKind::kCoarser, "/shop/name"}}));
  EXPECT_EQ(DiffAfter("[a-z][a-z0-9]{0,15}", "[a-z][a-z]{0,15}"),
            (Kinds{{ChangeKind::kCoarser, "/sold/*/count"}}));
}

TEST(DiffCataloguesTest, TellsPurposes) {
  EXPECT_EQ(DiffAfter("[\"bill\", \"improve\"]", "[\"bill\"]"),
            (Kinds{{ChangeKind::kNarrowerPurpose, "/shop/opened"}}));
  EXPECT_EQ(Diff(Small("[\"bill\", \"improve\"]", "[\"bill\"]"), SmallCatalogue()),
            (Kinds{{ChangeKind::kWiderPurpose, "/shop/opened"}}));
}

TEST(DiffCataloguesTest, TellsWordingOnce) {
  EXPECT_EQ(DiffAfter("A name.", "Its name."), (Kinds{{ChangeKind::kWording, "/shop/name"}}));
  EXPECT_EQ(DiffAfter("\"Corner\"", "\"Station\""), (Kinds{{ChangeKind::kWording, "/shop/name"}}));
  EXPECT_EQ(DiffAfter("\"missing\": \"null\"", "\"missing\": \"omit\""),
            (Kinds{{ChangeKind::kWording, "/shop/opened"}}));
  EXPECT_EQ(DiffAfter("\"unit\": \"seconds\"", "\"unit\": \"s\""),
            (Kinds{{ChangeKind::kWording, "/points#queue_seconds@till"},
                   {ChangeKind::kWording, "/points#queue_seconds@door"}}));
  EXPECT_EQ(DiffAfter("A shop.", "Some shop."), (Kinds{{ChangeKind::kWording, ""}}));
  EXPECT_EQ(DiffAfter("To bill.", "To ask for money."), (Kinds{{ChangeKind::kWording, ""}}));
}

TEST(DiffCataloguesTest, TellsAnotherOrder) {
  Catalogue newer = Parsed(SmallCatalogue());
  std::swap(newer.fields[0], newer.fields[1]);
  const std::vector<Change> changes = DiffCatalogues(Parsed(SmallCatalogue()), newer);
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(changes[0].kind, ChangeKind::kWording);
  EXPECT_EQ(changes[0].id, "");
}

TEST(DiffCataloguesTest, AsksAgainExactlyWhenTheOldScopeDoesNotCoverTheNew) {
  const std::vector<std::string> versions = {
      SmallCatalogue(),
      Small("\"maxBytes\": 100", "\"maxBytes\": 101"),
      Small("[\"bill\", \"improve\"]", "[\"bill\"]"),
      Small("[\"lane\", \"side\"]", "[\"side\"]"),
      Small("\"type\": \"count\"", "\"type\": \"integer\""),
      Small("\"/balance\"", "\"/account\""),
      Small("A name.", "Its name."),
      Small("\"key\": \"up\"", "\"key\": \"up\", \"countAndSum\": true")};
  for (const std::string& older : versions) {
    for (const std::string& newer : versions) {
      bool asks = false;
      for (const Change& change : DiffCatalogues(Parsed(older), Parsed(newer))) {
        asks = asks || AsksAgain(change.kind);
      }
      const std::vector<ScopeEntry> covered = ScopeOf(Parsed(older));
      bool uncovered = false;
      for (const ScopeEntry& entry : ScopeOf(Parsed(newer))) {
        uncovered = uncovered || !Covers(covered, entry);
      }
      EXPECT_EQ(asks, uncovered);
    }
  }
}

TEST(ParseCatalogueTest, RefusesAnOrderThatNamesNoPointer) {
  const auto catalogue =
      ParseCatalogue(Small(R"({"pointer": "/sold", "always")", R"({"pointer": "sold", "always")"));
  ASSERT_FALSE(catalogue.ok());
  EXPECT_EQ(catalogue.error().code, ErrorCode::kOutOfRange);
}

}  // namespace
}  // namespace candor
