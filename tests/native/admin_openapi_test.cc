// The description of the admin API. That every answer is as it says is checked with each request
// of the other tests (HandlersRig::Ask).
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "native/admin/routes.h"
#include "tests/native/openapi_check.h"

namespace candor {
namespace {

std::string Upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

TEST(OpenApiTest, HasEveryRouteAndNoOther) {
  std::set<std::string> described, routes;
  for (const JsonMember& path : OpenApi().Find("paths")->members()) {
    for (const JsonMember& operation : path.value.members()) {
      described.insert(Upper(operation.key) + " " + path.key);
    }
  }
  for (const Route& route : Routes()) {
    routes.insert(std::string(route.method) + " " + std::string(route.path));
  }
  EXPECT_EQ(described, routes);
}

TEST(OpenApiTest, SaysWhoMayAndWhatIsNeeded) {
  for (const Route& route : Routes()) {
    std::string method(route.method);
    std::transform(method.begin(), method.end(), method.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const JsonValue& operation = *OpenApi().Find("paths")->Find(route.path)->Find(method);
    SCOPED_TRACE(std::string(route.path));
    EXPECT_EQ(operation.Find("security")->items().empty(), route.role == Role::kNone);
    EXPECT_EQ(operation.Find("requestBody") != nullptr, route.most_body_bytes > 0);
    if (route.role != Role::kNone) {
      const JsonValue& first = operation.Find("security")->items().front();
      EXPECT_EQ(first.Find("token") != nullptr, route.needs_token);
      EXPECT_NE(operation.Find("responses")->Find("401"), nullptr);
      const bool superuser =
          operation.Find("description")->text().find("For superusers.") != std::string::npos;
      EXPECT_EQ(superuser, route.role == Role::kSuperuser);
    }
    EXPECT_EQ(operation.Find("responses")->Find("428") != nullptr, route.needs_if_match);
  }
}

}  // namespace
}  // namespace candor
