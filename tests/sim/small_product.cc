#include "tests/sim/small_product.h"

#include <string>

namespace candor::sim {
namespace {

std::string Field(const std::string& pointer, const std::string& type, const std::string& example,
                  const std::string& more) {
  return R"({"pointer": ")" + pointer + R"(", "type": ")" + type +
         R"(", "group": "general", "title": "T", "description": "D.", "why": "W.", "example": )" +
         example + R"(, "since": "1", "purposes": ["improve"])" + more + "}";
}

std::string Count(const std::string& name) {
  return Field("/product/internals/metrics/" + name + "/count", "count", "3",
               R"(, "withhold": true)");
}

std::string Json() {
  return R"({"catalogue": 1, "name": "small", "version": "1", "title": "Small", "description": "S.",
  "purposes": {"improve": "To improve."}, "fields": [)" +
         Field("/installation", "uuid", R"("8343cc7a-8ad1-42d4-97d2-43452c0bdfa3")",
               R"(, "required": true)") +
         "," + Field("/product/name", "string", R"("N")", R"(, "required": true)") + "," +
         Field("/product/internals/commands/*/count", "count", "3",
               R"(, "keyPattern": "[A-Za-z_][A-Za-z0-9_]{0,63}", "withhold": true)") +
         "," + Count("activity-instance-start") + "," + Count("executed-decision-elements") + "," +
         Field("/product/internals/telemetry-enabled", "boolean", "true", "") +
         R"(], "profiles": [{"name": "initial", "description": "I.",
         "order": ["/installation", "/product/name", "/product/internals/telemetry-enabled"]}]})";
}

}  // namespace

const Catalogue& SmallProduct() {
  static const Catalogue* const product = new Catalogue(ParseCatalogue(Json()).value());
  return *product;
}

const Catalogue& EngineProduct() {
  static const Catalogue* const product =
      new Catalogue(ParseCatalogue(FindBuiltInCatalogue("engine")->json).value());
  return *product;
}

}  // namespace candor::sim
