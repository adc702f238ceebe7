#include "tests/native/openapi_check.h"

#include <fstream>
#include <iterator>

#include "core/json_reader.h"
#include "tests/native/openapi_document.h"

namespace candor {

const JsonValue& OpenApi() {
  static const JsonValue document = [] {
    std::ifstream file(CANDOR_SOURCE "/native/admin/openapi.json", std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    return ReadJson(text).value();
  }();
  return document;
}

std::string WhyNotDescribed(const Route& route, const HttpAnswer& answer) {
  return WhyNotDescribed(OpenApi(), route.method, route.path, answer);
}

}  // namespace candor
