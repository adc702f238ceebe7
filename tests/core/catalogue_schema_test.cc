#include "core/catalogue_schema.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "core/json_reader.h"
#include "core/json_writer.h"
#include "core/scope.h"
#include "tests/core/small_catalogue.h"

namespace candor {
namespace {

JsonValue SchemaOf(const Catalogue& catalogue) {
  Result<JsonValue> schema = ReadJson(CatalogueSchema(catalogue));
  EXPECT_TRUE(schema.ok());
  return std::move(schema).value();
}

const JsonValue& At(const JsonValue& value, std::initializer_list<std::string_view> path) {
  static const JsonValue kNothing;
  const JsonValue* at = &value;
  for (const std::string_view key : path) {
    at = at->Find(key);
    if (at == nullptr) {
      ADD_FAILURE() << "no " << key;
      return kNothing;
    }
  }
  return *at;
}

std::vector<std::string> Texts(const JsonValue& list) {
  std::vector<std::string> texts;
  for (const JsonValue& item : list.items()) texts.push_back(item.text());
  return texts;
}

// Every object that describes members is closed.
void ExpectClosed(const JsonValue& schema) {
  const bool in_contains =
      schema.Find("properties") && schema.Find("additionalProperties") == nullptr;
  if (in_contains) {
    EXPECT_EQ(At(schema, {"properties", "type", "const"}).text(), "component");
  } else if (schema.Find("properties") || schema.Find("patternProperties")) {
    EXPECT_EQ(WriteJson(At(schema, {"additionalProperties"})), "false\n");
  }
  for (const JsonMember& member : schema.members()) ExpectClosed(member.value);
  for (const JsonValue& item : schema.items()) ExpectClosed(item);
}

TEST(CatalogueSchemaTest, ClosesEveryObject) {
  ExpectClosed(SchemaOf(Parsed(SmallCatalogue())));
  for (const BuiltInCatalogue& built_in : BuiltInCatalogues()) {
    const Catalogue catalogue = Parsed(std::string(built_in.json));
    ExpectClosed(SchemaOf(catalogue));
    for (const Profile& profile : catalogue.profiles) {
      ExpectClosed(SchemaOf(SelectProfile(catalogue, profile.name).value()));
    }
  }
}

TEST(CatalogueSchemaTest, IsOfTheDraft2020) {
  EXPECT_EQ(At(SchemaOf(Parsed(SmallCatalogue())), {"$schema"}).text(),
            "https://json-schema.org/draft/2020-12/schema");
}

TEST(CatalogueSchemaTest, RequiresWhatLeadsToRequiredFields) {
  const JsonValue schema = SchemaOf(Parsed(std::string(FindBuiltInCatalogue("engine")->json)));
  EXPECT_EQ(Texts(At(schema, {"required"})), (std::vector<std::string>{"installation", "product"}));
  EXPECT_EQ(Texts(At(schema, {"properties", "product", "required"})),
            (std::vector<std::string>{"name", "version", "edition"}));
}

TEST(CatalogueSchemaTest, DescribesOpenKeysByTheirPattern) {
  const JsonValue schema = SchemaOf(Parsed(SmallCatalogue()));
  const JsonValue& count = At(schema, {"properties", "sold", "patternProperties",
                                       "^[a-z][a-z0-9]{0,15}$", "properties", "count"});
  EXPECT_EQ(At(count, {"type"}).text(), "integer");
  EXPECT_EQ(At(count, {"minimum"}).text(), "0");
}

TEST(CatalogueSchemaTest, AllowsWhatStandsForUnknownValues) {
  const JsonValue schema = SchemaOf(Parsed(SmallCatalogue()));
  const JsonValue& shop = At(schema, {"properties", "shop"});
  EXPECT_EQ(Texts(At(shop, {"type"})), (std::vector<std::string>{"object", "null"}));
  EXPECT_EQ(Texts(At(shop, {"properties", "opened", "type"})),
            (std::vector<std::string>{"string", "null"}));
  const JsonValue& open = At(shop, {"properties", "open", "anyOf"});
  ASSERT_EQ(open.items().size(), 2u);
  EXPECT_EQ(At(open.items()[0], {"type"}).text(), "boolean");
  EXPECT_EQ(At(open.items()[1], {"const"}).text(), "Unknown");
  EXPECT_EQ(At(schema, {"properties", "sold", "type"}).text(), "object");
}

TEST(CatalogueSchemaTest, FixesFixedPlaces) {
  const JsonValue schema = SchemaOf(SelectProfile(Parsed(SmallCatalogue()), "empty").value());
  EXPECT_EQ(WriteJson(At(schema, {"properties", "sold"})), "{\n  \"const\": {}\n}\n");
}

TEST(CatalogueSchemaTest, HasOneAlternativeForPointsThatLookAlike) {
  const JsonValue schema = SchemaOf(Parsed(SmallCatalogue()));
  const JsonValue& alternatives = At(schema, {"properties", "points", "items", "anyOf"});
  ASSERT_EQ(alternatives.items().size(), 4u);
  const JsonValue& queue = alternatives.items()[2];
  EXPECT_EQ(Texts(At(queue, {"properties", "key", "enum"})),
            std::vector<std::string>{"queue_seconds"});
  EXPECT_EQ(At(queue, {"properties", "tags", "properties"}).members().size(), 2u);
  EXPECT_EQ(Texts(At(queue, {"properties", "entities", "contains", "properties", "id", "enum"})),
            (std::vector<std::string>{"till", "door"}));
  EXPECT_EQ(At(alternatives.items()[3], {"properties", "entities"}).Find("contains"), nullptr);
}

TEST(CatalogueSchemaTest, LeavesOutWhatIsWithheld) {
  const JsonValue schema =
      SchemaOf(Withhold(Parsed(SmallCatalogue()), {"/points", "/shop"}).value());
  EXPECT_EQ(At(schema, {"properties"}).Find("points"), nullptr);
  EXPECT_EQ(At(schema, {"properties"}).Find("shop"), nullptr);
  EXPECT_EQ(schema.Find("$defs"), nullptr);
}

}  // namespace
}  // namespace candor
