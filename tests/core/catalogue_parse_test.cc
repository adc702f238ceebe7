// Every way in which a catalogue document can be wrong.
#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "core/catalogue.h"
#include "tests/core/corpora.h"
#include "tests/core/small_catalogue.h"

namespace candor {
namespace {

struct Mistake {
  std::string from, to;
  ErrorCode code;
  std::string where;
  friend void PrintTo(const Mistake& mistake, std::ostream* out) { *out << mistake.to; }
};

class ParseCatalogueMistakeTest : public testing::TestWithParam<Mistake> {};

TEST_P(ParseCatalogueMistakeTest, IsReportedWithItsPlace) {
  const Mistake& mistake = GetParam();
  const Result<Catalogue> catalogue = ParseCatalogue(Small(mistake.from, mistake.to));
  ASSERT_FALSE(catalogue.ok());
  bool found = false;
  std::string got;
  for (const Error& error : catalogue.problems().list()) {
    found = found || (error.code == mistake.code && error.where == mistake.where);
    got += error.where + ": " + error.message + '\n';
    EXPECT_NE(error.at.line, 0u) << error.where;
  }
  EXPECT_TRUE(found) << "want " << mistake.where << ", got\n" << got;
}

constexpr ErrorCode kConflict = ErrorCode::kConflict;
constexpr ErrorCode kMissing = ErrorCode::kMissing;
constexpr ErrorCode kNotFound = ErrorCode::kNotFound;
constexpr ErrorCode kOutOfRange = ErrorCode::kOutOfRange;
constexpr ErrorCode kOverLimit = ErrorCode::kOverLimit;
constexpr ErrorCode kUnknownKey = ErrorCode::kUnknownKey;
constexpr ErrorCode kWrongType = ErrorCode::kWrongType;

INSTANTIATE_TEST_SUITE_P(
    Head, ParseCatalogueMistakeTest,
    testing::Values(
        Mistake{"\"catalogue\": 1,", "", kMissing, "/catalogue"},
        Mistake{"\"catalogue\": 1", "\"catalogue\": 2", kOutOfRange, "/catalogue"},
        Mistake{"\"catalogue\": 1", "\"catalogue\": \"1\"", kWrongType, "/catalogue"},
        Mistake{"\"name\": \"shop\"", "\"name\": \"My Shop\"", kOutOfRange, "/name"},
        Mistake{"\"version\": \"1.0\",", "", kMissing, "/version"},
        Mistake{"\"title\": \"Shop\"", "\"titel\": \"Shop\"", kUnknownKey, "/titel"},
        Mistake{"\"title\": \"Shop\"", "\"titel\": \"Shop\"", kMissing, "/title"},
        Mistake{"\"A shop.\"", "\" \"", kOutOfRange, "/description"},
        Mistake{"\"A shop.\"", "\"A\\nshop.\"", kOutOfRange, "/description"},
        Mistake{"\"A shop.\"", "[]", kWrongType, "/description"},
        Mistake{"\"A shop.\"", '"' + std::string(2001, 'x') + '"', kOverLimit, "/description"},
        Mistake{"\"bill\": \"To bill.\"", "\"to bill\": \"To bill.\"", kOutOfRange,
                "/purposes/to bill"},
        Mistake{"\"bill\": \"To bill.\"", "\"bill\": 1", kWrongType, "/purposes/bill"},
        Mistake{"\"fields\": [", "\"fields\": [], \"x\": [", kOutOfRange, "/fields"},
        Mistake{"\"fields\": [", "\"fields\": {}, \"x\": [", kWrongType, "/fields"},
        Mistake{"\"components\": {", "\"components\": {\"x\": 1, ", kUnknownKey, "/components/x"},
        Mistake{"{\"kasse\": \"till\"}", "[\"kasse\"]", kWrongType, "/components/renamed"},
        Mistake{"[\"office\"]", "[\"office\", \"office\"]", kConflict,
                "/components/management/1"}));

INSTANTIATE_TEST_SUITE_P(
    Field, ParseCatalogueMistakeTest,
    testing::Values(
        Mistake{"\"pointer\": \"/id\", ", "", kMissing, "/fields/0/pointer"},
        Mistake{"\"/id\"", "\"id\"", kOutOfRange, "/fields/0/pointer"},
        Mistake{"\"/id\"", "\"/\"", kOutOfRange, "/fields/0/pointer"},
        Mistake{"\"/id\"", "\"/i d\"", kOutOfRange, "/fields/0/pointer"},
        Mistake{"\"/id\"", "\"/1\"", kOutOfRange, "/fields/0/pointer"},
        Mistake{"\"/id\"", "\"/a/2b\"", kOutOfRange, "/fields/0/pointer"},
        Mistake{"\"/id\"", "\"/__proto__\"", kOutOfRange, "/fields/0/pointer"},
        Mistake{"\"/id\"", "\"/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q\"", kOutOfRange,
                "/fields/0/pointer"},
        Mistake{"\"/sold/*/count\"", "\"/sold/*/*\"", kOutOfRange, "/fields/4/pointer"},
        Mistake{"\"type\": \"uuid\"", "\"type\": \"uid\"", kOutOfRange, "/fields/0/type"},
        Mistake{"\"type\": \"uuid\", ", "", kMissing, "/fields/0/type"},
        Mistake{"\"group\": \"general\"", "\"group\": \"genral\"", kOutOfRange, "/fields/0/group"},
        Mistake{"\"Id\"", "7", kWrongType, "/fields/0/title"},
        Mistake{"\"why\": \"To count.\",", "", kMissing, "/fields/0/why"},
        Mistake{"\"since\": \"1\",", "", kMissing, "/fields/0/since"},
        Mistake{"\"example\": \"8343cc7a-8ad1-42d4-97d2-43452c0bdfa3\",", "", kMissing,
                "/fields/0/example"},
        Mistake{"8343cc7a-8ad1-42d4", "8343cc7a-8ad1-12d4", kOutOfRange, "/fields/0/example"},
        Mistake{"\"Corner\"", "\"\\u0000\"", ErrorCode::kNotUtf8, "/fields/1/example"},
        Mistake{"\"maxBytes\": 100", "\"maxBytes\": 5", kOverLimit, "/fields/1/example"},
        Mistake{"\"maxBytes\": 100", "\"maxBytes\": 0", kOutOfRange, "/fields/1/maxBytes"},
        Mistake{"\"maxBytes\": 100", "\"maxBytes\": 65537", kOutOfRange, "/fields/1/maxBytes"},
        Mistake{"\"maxBytes\": 100", "\"precision\": \"day\"", kConflict, "/fields/1/precision"},
        Mistake{"\"maxBytes\": 100", "\"keyPattern\": \"[a][a]{0,1}\"", kConflict,
                "/fields/1/keyPattern"},
        Mistake{"\"maxBytes\": 100", "\"points\": []", kConflict, "/fields/1/points"},
        Mistake{"\"maxBytes\": 100", "\"maxbytes\": 100", kUnknownKey, "/fields/1/maxbytes"},
        Mistake{"\"precision\": \"day\", ", "", kMissing, "/fields/2/precision"},
        Mistake{"\"precision\": \"day\"", "\"precision\": \"hour\"", kOutOfRange,
                "/fields/2/precision"},
        Mistake{"2026-11-21", "2026-02-29", kOutOfRange, "/fields/2/example"},
        Mistake{"\"example\": true", "\"example\": \"true\"", kWrongType, "/fields/3/example"},
        Mistake{"\"example\": 3", "\"example\": -3", kOutOfRange, "/fields/4/example"},
        Mistake{"\"example\": -3", "\"example\": 0.5", kOutOfRange, "/fields/5/example"},
        Mistake{"{\"a\": \"b\"}", "{\"a\": 1}", kWrongType, "/fields/6/example/a"},
        Mistake{"{\"a\": \"b\"}", "{\"a\": 1}", kWrongType, "/fields/6/example/a"},
        Mistake{"\"0.5\"", "\"half\"", kOutOfRange, "/fields/7/example"},
        Mistake{"[\"front\"]", "[\"front\", 1]", kWrongType, "/fields/8/example/1"},
        Mistake{"\"example\": []", "\"example\": {}", kWrongType, "/fields/9/example"},
        Mistake{"\"keyPattern\": \"[a-z][a-z0-9]{0,15}\", ", "", kMissing, "/fields/4/keyPattern"},
        Mistake{"[a-z][a-z0-9]{0,15}", "[a-z]+", kOutOfRange, "/fields/4/keyPattern"},
        Mistake{"[a-z][a-z0-9]{0,15}", "[0-9][a-z0-9]{0,15}", kOutOfRange, "/fields/4/keyPattern"},
        Mistake{"[\"improve\"], \"required\"", "[], \"required\"", kOutOfRange,
                "/fields/0/purposes"},
        Mistake{"[\"improve\"], \"required\"", "[\"sell\"], \"required\"", kNotFound,
                "/fields/0/purposes"},
        Mistake{"\"required\": true", "\"required\": true, \"withhold\": true", kConflict,
                "/fields/0/withhold"},
        Mistake{"\"required\": true", "\"required\": true, \"missing\": \"null\"", kConflict,
                "/fields/0/missing"},
        Mistake{"{0,15}\"", "{0,15}\", \"required\": true", kConflict, "/fields/4/required"},
        Mistake{"\"required\": true", "\"required\": 1", kWrongType, "/fields/0/required"},
        Mistake{"\"required\": true", "\"sensitivity\": \"secret\"", kOutOfRange,
                "/fields/0/sensitivity"},
        Mistake{"\"missing\": \"null\"", "\"missing\": \"nil\"", kOutOfRange, "/fields/2/missing"},
        Mistake{"\"missing\": \"null\"", "\"missing\": null", kWrongType, "/fields/2/missing"},
        Mistake{"\"missing\": \"null\"", "\"missing\": {}", kMissing, "/fields/2/missing/literal"},
        Mistake{"\"literal\": \"Unknown\"", "\"literal\": 0.5", kOutOfRange,
                "/fields/3/missing/literal"},
        Mistake{"\"literal\": \"Unknown\"", "\"literal\": [1]", kOutOfRange,
                "/fields/3/missing/literal"}));

INSTANTIATE_TEST_SUITE_P(
    Shape, ParseCatalogueMistakeTest,
    testing::Values(
        Mistake{"\"/balance\"", "\"/id\"", kConflict, "/fields/5/pointer"},
        Mistake{"\"/balance\"", "\"/id/x\"", kConflict, "/fields/5/pointer"},
        Mistake{"\"/balance\"", "\"/shop\"", kConflict, "/fields/5/pointer"},
        Mistake{"\"/balance\"", "\"/sold/all\"", kConflict, "/fields/5/pointer"},
        Mistake{"\"pointer\": \"/balance\"",
                "\"keyPattern\": \"[a][a]{0,1}\", \"pointer\": \"/shop/*/x\"", kConflict,
                "/fields/5/pointer"},
        Mistake{"\"pointer\": \"/balance\"",
                "\"keyPattern\": \"[a][a]{0,1}\", \"pointer\": \"/sold/*/sum\"", kConflict,
                "/fields/5/pointer"},
        Mistake{"\"/tags\"", "\"/tags/*/x\"", kConflict, "/fields/6/type"},
        Mistake{"\"objects\": {\"/shop\"", "\"objects\": {\"/shops\"", kNotFound,
                "/objects/~1shops"},
        Mistake{"\"objects\": {\"/shop\"", "\"objects\": {\"/id\"", kNotFound, "/objects/~1id"},
        Mistake{"{\"/shop\": \"null\"", "{\"/shop\": \"omit\"", kOutOfRange, "/objects/~1shop"}));

INSTANTIATE_TEST_SUITE_P(
    Points, ParseCatalogueMistakeTest,
    testing::Values(
        Mistake{"\"key\": \"up\"", "\"key\": \"queue_seconds\"", kConflict,
                "/fields/9/points/3/key"},
        Mistake{"\"key\": \"up\"", "\"key\": \"9up\"", kOutOfRange, "/fields/9/points/3/key"},
        Mistake{"\"key\": \"sales\"", "\"key\": \"sales_total\"", kOutOfRange,
                "/fields/9/points/1/key"},
        Mistake{"\"kind\": \"usage\"", "\"kind\": \"use\"", kOutOfRange, "/fields/9/points/1/kind"},
        Mistake{"\"kind\": \"usage\"", "\"kind\": \"usage\", \"labels\": [\"a\"]", kConflict,
                "/fields/9/points/1/labels"},
        Mistake{"\"kind\": \"usage\"", "\"kind\": \"usage\", \"countAndSum\": true", kConflict,
                "/fields/9/points/1/countAndSum"},
        Mistake{"\"kind\": \"usage\", \"components\": [\"till\"]", "\"kind\": \"component-count\"",
                kConflict, "/fields/9/points/1"},
        Mistake{"\"kind\": \"usage\", \"components\": [\"till\"]", "\"kind\": \"usage\"", kMissing,
                "/fields/9/points/1/components"},
        Mistake{"[\"till\", \"door\"]", "[]", kOutOfRange, "/fields/9/points/2/components"},
        Mistake{"[\"till\", \"door\"]", "[\"till\", \"*\"]", kOutOfRange,
                "/fields/9/points/2/components"},
        Mistake{"[\"lane\", \"side\"]", "[\"lane\", \"le ft\"]", kOutOfRange,
                "/fields/9/points/2/labels"},
        Mistake{"[\"lane\", \"side\"]", "[\"lane\", \"lane\"]", kConflict,
                "/fields/9/points/2/labels/1"},
        Mistake{"\"unit\": \"seconds\"", "\"units\": \"seconds\"", kUnknownKey,
                "/fields/9/points/2/units"},
        Mistake{"\"pointer\": \"/balance\", \"type\": \"integer\"",
                "\"pointer\": \"/balance\", \"points\": [], \"type\": \"data-points\"", kConflict,
                "/fields/9/type"}));

INSTANTIATE_TEST_SUITE_P(
    Profile, ParseCatalogueMistakeTest,
    testing::Values(
        Mistake{"\"name\": \"empty\"", "\"name\": \"short\"", kConflict, "/profiles/1/name"},
        Mistake{"\"order\": [\"/shop\", \"/id\"]", "\"order\": [\"/shop\"]", kMissing,
                "/profiles/0/order"},
        Mistake{"\"order\": [\"/shop\", \"/id\"]", "\"ordre\": []", kMissing, "/profiles/0/order"},
        Mistake{"\"order\": [\"/shop\"", "\"order\": [\"/shup\"", kNotFound, "/profiles/0/order/0"},
        Mistake{"\"order\": [\"/shop\"", "\"order\": [\"/id\"", kConflict, "/profiles/0/order/1"},
        Mistake{"\"order\": [\"/shop\"", "\"order\": [7", kWrongType, "/profiles/0/order/0"},
        Mistake{"\"always\": {}", "\"always\": {\"a\": 1}", kOutOfRange,
                "/profiles/1/order/1/always"},
        Mistake{", \"always\": {}", "", kMissing, "/profiles/1/order/1/always"},
        Mistake{"\"pointer\": \"/sold\", \"always\"", "\"pointer\": \"/shop\", \"always\"",
                kConflict, "/profiles/1/order/2"},
        Mistake{"\"pointer\": \"/sold\", \"always\"", "\"pointer\": \"/sold/*\", \"always\"",
                kOutOfRange, "/profiles/1/order/1/pointer"},
        Mistake{"\"/shop/open\": \"omit\"", "\"/shop/close\": \"omit\"", kNotFound,
                "/profiles/1/missing/~1shop~1close"},
        Mistake{"\"/shop/open\": \"omit\"", "\"/shop/open\": \"never\"", kOutOfRange,
                "/profiles/1/missing/~1shop~1open"},
        Mistake{"{\"/shop\": \"object\"}", "{\"/shop/open\": \"object\"}", kNotFound,
                "/profiles/1/objects/~1shop~1open"}));

TEST(ParseCatalogueTest, ProfilesMayLeaveFieldsOut) {
  EXPECT_TRUE(ParseCatalogue(Small("[\"/shop\", \"/id\"]", "[\"/id\"]")).ok());
}

TEST(ParseCatalogueTest, ReportsEveryProblemAtOnce) {
  std::string json = SmallCatalogue();
  json = Replaced(json, "\"title\": \"Shop\"", "\"titel\": \"Shop\"");
  json = Replaced(json, "\"type\": \"count\"", "\"type\": \"counter\"");
  json = Replaced(json, "\"/balance\"", "\"/id\"");
  json = Replaced(json, "\"key\": \"up\"", "\"key\": \"queue_seconds\"");
  const Result<Catalogue> catalogue = ParseCatalogue(json);
  ASSERT_FALSE(catalogue.ok());
  // The profiles name "/id", which is no field any more.
  std::vector<std::string> places;
  for (const Error& error : catalogue.problems().list()) places.push_back(error.where);
  std::sort(places.begin(), places.end());
  EXPECT_EQ(places, (std::vector<std::string>{"/fields/4/type", "/fields/5/pointer",
                                              "/fields/9/points/3/key", "/profiles/0/order/1",
                                              "/profiles/1/order/0", "/titel", "/title"}));
}

TEST(ParseCatalogueTest, TellsLineAndColumn) {
  const Result<Catalogue> catalogue = ParseCatalogue(
      Small("\"purposes\": {\"improve\"", "\"porpoises\": 1,\n  \"purposes\": {\"improve\""));
  ASSERT_FALSE(catalogue.ok());
  EXPECT_EQ(catalogue.error().code, ErrorCode::kUnknownKey);
  EXPECT_EQ(catalogue.error().at.line, 3u);
  EXPECT_EQ(catalogue.error().at.column, 3u);
}

TEST(ParseCatalogueTest, RefusesWhatIsNoObject) {
  for (const std::string_view json : {"", "[]", "null", "7", "\"x\"", "{", "\xEF\xBB\xBF{}"}) {
    EXPECT_FALSE(ParseCatalogue(json).ok()) << json;
  }
}

TEST(ParseCatalogueTest, RefusesDuplicateKeys) {
  const Result<Catalogue> catalogue =
      ParseCatalogue(Small("\"version\"", "\"name\": \"other\", \"version\""));
  ASSERT_FALSE(catalogue.ok());
  EXPECT_EQ(catalogue.error().code, ErrorCode::kDuplicateKey);
}

TEST(ParseCatalogueTest, RefusesDocumentsOver4MiB) {
  const std::string json = SmallCatalogue() + std::string(4u << 20, ' ');
  const Result<Catalogue> catalogue = ParseCatalogue(json);
  ASSERT_FALSE(catalogue.ok());
  EXPECT_EQ(catalogue.error().code, ErrorCode::kOverLimit);
}

TEST(ParseCatalogueTest, RefusesMoreThan2000Fields) {
  std::string fields = "\"fields\": [";
  for (int i = 0; i < 2001; ++i) fields += "{},";
  const Result<Catalogue> catalogue = ParseCatalogue(Small("\"fields\": [", fields));
  ASSERT_FALSE(catalogue.ok());
  EXPECT_EQ(catalogue.error().code, ErrorCode::kOverLimit);
  EXPECT_EQ(catalogue.error().where, "/fields");
}

TEST(ParseCatalogueTest, AcceptsTheExampleOfItsReference) {
  const std::string reference = ReadFile("core/catalogues/README.md");
  const std::string_view fence = "```json\n";
  const std::size_t start = reference.find(fence) + fence.size();
  const Catalogue shop = Parsed(reference.substr(start, reference.find("```", start) - start));
  EXPECT_EQ(shop.name, "shop");
  EXPECT_EQ(shop.fields.size(), 2u);
}

TEST(ParseCatalogueTest, KeepsEverythingThatIsSaid) {
  const Catalogue shop = Parsed(SmallCatalogue());
  EXPECT_EQ(shop.name, "shop");
  EXPECT_EQ(shop.purposes.size(), 2u);
  ASSERT_EQ(shop.fields.size(), 10u);
  EXPECT_EQ(shop.fields[1].max_bytes, 100u);
  EXPECT_TRUE(shop.fields[1].may_withhold);
  EXPECT_EQ(shop.fields[1].sensitivity, "none");
  EXPECT_EQ(shop.fields[2].missing, MissingRule::kNull);
  EXPECT_EQ(shop.fields[3].literal.text(), "Unknown");
  EXPECT_EQ(shop.fields[4].key_pattern.max_rest, 15u);
  EXPECT_EQ(shop.fields[9].points[2].labels, (std::vector<std::string>{"lane", "side"}));
  ASSERT_EQ(shop.objects.size(), 2u);
  EXPECT_EQ(shop.objects[0].empty, ObjectRule::Empty::kNull);
  ASSERT_EQ(shop.profiles.size(), 2u);
  EXPECT_TRUE(shop.profiles[1].order[1].always.has_value());
  EXPECT_EQ(shop.components.renamed[0], (std::pair<std::string, std::string>{"kasse", "till"}));
}

TEST(SelectProfileTest, NamedFieldsLeaveTheObjectAroundThem) {
  const Result<Catalogue> empty = SelectProfile(Parsed(SmallCatalogue()), "empty");
  ASSERT_TRUE(empty.ok());
  std::vector<std::string> pointers;
  for (const Field& field : empty.value().fields) pointers.push_back(field.pointer);
  EXPECT_EQ(pointers,
            (std::vector<std::string>{"/id", "/sold", "/shop/open", "/shop/name", "/shop/opened"}));
  EXPECT_EQ(empty.value().fields[2].missing, MissingRule::kOmit);
  EXPECT_EQ(empty.value().fields[3].missing, MissingRule::kNull);
  EXPECT_TRUE(empty.value().fields[1].fixed);
}

TEST(SelectProfileTest, ReplacesObjectRulesOfTheSamePointer) {
  const Result<Catalogue> empty = SelectProfile(Parsed(SmallCatalogue()), "empty");
  ASSERT_TRUE(empty.ok());
  ASSERT_EQ(empty.value().objects.size(), 2u);
  EXPECT_EQ(empty.value().objects[0].pointer, "/shop");
  EXPECT_EQ(empty.value().objects[0].empty, ObjectRule::Empty::kObject);
  EXPECT_EQ(empty.value().objects[1].pointer, "/sold");
}

}  // namespace
}  // namespace candor
