// The table of the admin API's routes, and how paths are found in it.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "native/admin/routes.h"

namespace candor {
namespace {

RouteId Found(std::string_view method, std::string_view path) {
  const RouteMatch match = FindRoute(method, path);
  EXPECT_NE(match.route, nullptr) << method << " " << path;
  return match.route == nullptr ? RouteId::kHealth : match.route->id;
}

TEST(RoutesTest, NoTwoRowsAreTheSame) {
  std::set<std::string> rows;
  for (const Route& route : Routes()) {
    EXPECT_TRUE(rows.insert(std::string(route.method) + " " + std::string(route.path)).second)
        << route.path;
  }
}

TEST(RoutesTest, WhatChangesForSomebodyNeedsATokenAndWhatReadsDoesNot) {
  for (const Route& route : Routes()) {
    EXPECT_EQ(route.needs_token, route.changes() && route.role != Role::kNone) << route.path;
    EXPECT_TRUE(route.changes() || route.most_body_bytes == 0) << route.path;
  }
}

TEST(FindRouteTest, GivesWhatThePlaceholdersStandFor) {
  EXPECT_EQ(Found("GET", "/"), RouteId::kPage);
  EXPECT_EQ(Found("HEAD", "/api/v1/reports/abc/bytes"), RouteId::kReadReportBytes);
  EXPECT_EQ(FindRoute("DELETE", "/api/v1/accounts/a%2Fb%C3%A9").parts,
            std::vector<std::string>{"a/bé"});
  EXPECT_EQ(FindRoute("GET", "/candor-core-1a2b.wasm").parts, std::vector<std::string>{"1a2b"});
}

TEST(FindRouteTest, SaysWhatAPathTakes) {
  const RouteMatch match = FindRoute("DELETE", "/api/v1/consent");
  EXPECT_EQ(match.route, nullptr);
  EXPECT_EQ(match.allow, "GET, HEAD, PUT");
  EXPECT_EQ(FindRoute("GET", "/api/v1/nothing").allow, "");
  EXPECT_EQ(FindRoute("get", "/api/v1/consent").route, nullptr);
}

TEST(FindRouteTest, TakesNoOtherSpellingOfAPath) {
  for (const char* const path : {"",
                                 "//",
                                 "/.",
                                 "/api/v1/status/",
                                 "//api/v1/status",
                                 "/api//v1/status",
                                 "/API/v1/status",
                                 "/api/v1/./status",
                                 "/api/v1/x/../status",
                                 "/api/v1/%73tatus",
                                 "/api%2Fv1/status",
                                 "api/v1/status",
                                 "/api/v1/reports/",
                                 "/api/v1/reports//bytes",
                                 "/api/v1/reports/%zz",
                                 "/api/v1/reports/%",
                                 "/api/v1/reports/%0a",
                                 "/api/v1/reports/%00",
                                 "/api/v1/reports/%ff",
                                 "/api/v1/reports/\xc0\xaf",
                                 "/assets/",
                                 "/assets/a/b",
                                 "/candor-core-.wasm",
                                 "/candor-core-a.wasm/",
                                 "/candor-core-",
                                 "/healthz\t",
                                 "*",
                                 "http://localhost/"}) {
    EXPECT_EQ(FindRoute("GET", path).allow, "") << path;
  }
}

}  // namespace
}  // namespace candor
