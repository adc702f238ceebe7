// Every route of the admin API x who asks x method x hostile variants, over real sockets. What is
// expected is written down here, apart from the table of routes: none may be wrongly let in, and
// none wrongly refused.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <map>

#include "core/json_reader.h"
#include "native/admin/openapi.h"
#include "tests/native/admin_server_rig.h"

namespace candor {
namespace {

struct Row {
  std::string method, path, role;
};

// The contract.
const std::vector<Row> kRows = {
    {"GET", "/", "public"},
    {"GET", "/assets/{file}", "public"},
    {"GET", "/candor-core-{hash}.wasm", "public"},
    {"GET", "/favicon.svg", "public"},
    {"GET", "/offline.html", "public"},
    {"GET", "/healthz", "public"},
    {"GET", "/api/v1/openapi.json", "public"},
    {"GET", "/api/v1/events", "viewer"},
    {"GET", "/api/v1/session", "public"},
    {"POST", "/api/v1/session", "public"},
    {"DELETE", "/api/v1/session", "viewer"},
    {"POST", "/api/v1/setup", "public"},
    {"PUT", "/api/v1/password", "viewer"},
    {"GET", "/api/v1/accounts", "superuser"},
    {"POST", "/api/v1/accounts", "superuser"},
    {"DELETE", "/api/v1/accounts/{name}", "superuser"},
    {"GET", "/api/v1/audit", "superuser"},
    {"GET", "/api/v1/status", "viewer"},
    {"GET", "/api/v1/configuration", "viewer"},
    {"GET", "/api/v1/catalogue", "viewer"},
    {"POST", "/api/v1/preview", "viewer"},
    {"GET", "/api/v1/preview/{digest}", "viewer"},
    {"GET", "/api/v1/consent", "viewer"},
    {"PUT", "/api/v1/consent", "superuser"},
    {"GET", "/api/v1/components", "viewer"},
    {"GET", "/api/v1/metrics", "viewer"},
    {"GET", "/api/v1/reports", "viewer"},
    {"GET", "/api/v1/reports/{id}", "viewer"},
    {"GET", "/api/v1/reports/{id}/bytes", "viewer"},
    {"POST", "/api/v1/reports/{id}/withdraw", "superuser"},
    {"GET", "/api/v1/history", "viewer"},
    {"GET", "/telemetry/configuration", "viewer"},
    {"POST", "/telemetry/configuration", "superuser"},
    {"GET", "/telemetry/data", "viewer"},
    {"GET", "/api/settings", "viewer"},
    {"PUT", "/api/settings", "superuser"},
    {"GET", "/telemetry/download", "viewer"},
};

const std::vector<std::string> kMethods = {"GET",    "HEAD",  "POST",    "PUT",
                                           "DELETE", "PATCH", "OPTIONS", "TRACE"};

// Their page's file is found under these names, others stand for anything.
std::string Sample(const std::string& path) {
  if (path == "/assets/{file}") return "/assets/index-BNr1cRAh.js";
  if (path == "/candor-core-{hash}.wasm") return "/candor-core-eOD8xFWI.wasm";
  const std::size_t open = path.find('{');
  if (open == std::string::npos) return path;
  return path.substr(0, open) + "x1" + path.substr(path.find('}') + 1);
}

bool Reads(const std::string& method) { return method == "GET" || method == "HEAD"; }

bool HasBody(const Row& row) {
  return row.method == "PUT" || (row.method == "POST" && !row.path.ends_with("/withdraw"));
}

// ---- what a request may be like

enum class Want { kAsWithout, kStatus, kNoToken, kNoBody, kNoIfMatch };

struct Variant {
  std::string name;
  Want want = Want::kAsWithout;  // kAsWithout: as the plain request.
  int status = 0;                // Where the variant alone decides.
  std::string headers = {};      // On top.
  std::string host = "\r\n";     // Instead of the right one.
};

std::vector<Variant> Variants(const std::string& at) {
  const auto with = [](std::string headers, int status) {
    return Variant{headers.substr(0, headers.size() - 2), Want::kStatus, status, headers};
  };
  const auto same = [](std::string headers) {
    return Variant{headers.substr(0, headers.size() - 2), Want::kAsWithout, 0, headers};
  };
  std::vector<Variant> variants = {
      {"plain"},
      same("Origin: http://" + at + "\r\nSec-Fetch-Site: same-origin\r\n"),
      same("Sec-Fetch-Site: none\r\n"),
      same("X-HTTP-Method-Override: DELETE\r\nX-HTTP-Method: PUT\r\nX-Method-Override: GET\r\n"),
      same("X-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: https\r\n"),
      with("Origin: http://evil.example\r\n", 403),
      with("Origin: null\r\n", 403),
      with("Origin: http://" + at + ".evil.example\r\n", 403),
      with("Origin: http://" + at + "\r\nOrigin: http://evil.example\r\n", 403),
      with("Origin: http://127.0.0.1:1\r\n", 403),
      with("Sec-Fetch-Site: cross-site\r\n", 403),
      with("Sec-Fetch-Site: same-site\r\n", 403),
      with("Sec-Fetch-Site: same-origin\r\nSec-Fetch-Site: cross-site\r\n", 403),
      with("Host: " + at + "\r\n", 400),
      {"foreign Host", Want::kStatus, 421, "", "evil.example"},
      {"foreign Host with our port", Want::kStatus, 421, "", "evil.example:8080"},
      {"Host of another port", Want::kStatus, 421, "", "127.0.0.1:1"},
      {"Host with a user", Want::kStatus, 421, "", at + "@evil.example"},
      {"no Host", Want::kStatus, 400, "", ""},
      {"no token", Want::kNoToken},
      {"wrong token", Want::kNoToken, 0, "X-Candor-Token: token-of-other\r\n"},
      {"text/plain", Want::kNoBody, 415, "Content-Type: text/plain\r\nContent-Length: 2\r\n"},
      {"a form", Want::kNoBody, 415,
       "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 2\r\n"},
      {"two lengths", Want::kNoBody, 400,
       "Content-Type: application/json\r\nContent-Length: 2\r\nContent-Length: 3\r\n"},
      {"length and chunks", Want::kNoBody, 400,
       "Content-Type: application/json\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n"},
      {"no If-Match", Want::kNoIfMatch},
  };
  return variants;
}

class AdminTableTest : public AdminServerRig {
 protected:
  struct Asked {
    Row row;
    std::string method, who;
    Variant variant;
  };

  std::string TextOf(const Asked& asked) const {
    const Variant& variant = asked.variant;
    std::string text = asked.method + " " + Sample(asked.row.path) + " HTTP/1.1\r\n";
    const std::string host = variant.host == "\r\n" ? at_ : variant.host;
    if (!host.empty()) text += "Host: " + host + "\r\n";
    if (asked.who != "none") text += As(asked.who);
    const bool own = asked.method == asked.row.method;
    if (!Reads(asked.method) && variant.want != Want::kNoToken) {
      text += "X-Candor-Token: token-of-" + asked.who + "\r\n";
    }
    if (variant.want != Want::kNoIfMatch) text += "If-Match: \"1\"\r\n";
    text += variant.headers;
    const bool body = own && HasBody(asked.row);
    if (body && variant.want != Want::kNoBody) {
      text += "Content-Type: application/json\r\nContent-Length: 2\r\n";
    }
    return text + "\r\n" + (body ? "{}" : "");
  }

  static int Expected(const Asked& asked) {
    const Variant& variant = asked.variant;
    const Row& row = asked.row;
    if (variant.want == Want::kStatus) return variant.status;
    const bool takes =
        asked.method == row.method || (asked.method == "HEAD" && row.method == "GET");
    if (!takes) return 405;
    const std::map<std::string, int> levels = {{"public", 0},  {"none", 0},   {"expired", 0},
                                               {"revoked", 0}, {"viewer", 1}, {"superuser", 2}};
    const int has = levels.at(asked.who), needs = levels.at(row.role);
    if (has < needs) return has == 0 ? 401 : 403;
    const bool changes = !Reads(asked.method) && needs > 0;
    if (changes && variant.want == Want::kNoToken) return 403;
    if (variant.want == Want::kNoBody) return HasBody(row) ? variant.status : 400;
    const bool conditional = row.path == "/api/v1/consent" && row.method == "PUT";
    if (conditional && variant.want == Want::kNoIfMatch) return 428;
    return 200;
  }

  void Check(const Asked& asked) {
    const int before = handlers_.asked;
    const ClientAnswer answer = AskOnce(at_, TextOf(asked));
    ++count_;
    const int expected = Expected(asked);
    const std::string what =
        asked.method + " " + asked.row.path + " as " + asked.who + ", " + asked.variant.name;
    EXPECT_EQ(answer.status, expected) << what << "\n" << answer.body;
    if (expected != 200) {
      EXPECT_EQ(handlers_.asked, before) << what;
    }
    answered_[asked.row.path + " " + asked.method].insert(answer.status);
  }

  int count_ = 0;
  std::map<std::string, std::set<int>> answered_;
};

TEST(AdminTableRowsTest, EveryRouteHasItsRowAndNoOther) {
  std::set<std::string> here, there;
  for (const Row& row : kRows) here.insert(row.method + " " + row.path + " " + row.role);
  for (const Route& route : Routes()) {
    const char* const role = route.role == Role::kNone     ? "public"
                             : route.role == Role::kViewer ? "viewer"
                                                           : "superuser";
    there.insert(std::string(route.method) + " " + std::string(route.path) + " " + role);
  }
  EXPECT_EQ(here, there);
}

TEST_F(AdminTableTest, LetsInWhoMayAndNobodyElse) {
  Start();
  const std::vector<Variant> variants = Variants(at_);
  for (const Row& row : kRows) {
    for (const char* const who : {"none", "viewer", "superuser", "expired", "revoked"}) {
      for (const Variant& variant : variants) Check({row, row.method, who, variant});
      if (row.method == "GET") Check({row, "HEAD", who, {"plain"}});
    }
  }
  // Methods that a path does not take, of whomever and from wherever.
  std::map<std::string, std::set<std::string>> taken;
  for (const Row& row : kRows) {
    taken[row.path].insert(row.method);
    if (row.method == "GET") taken[row.path].insert("HEAD");
  }
  for (const auto& [path, methods] : taken) {
    for (const std::string& method : kMethods) {
      if (methods.count(method) > 0) continue;
      for (const char* const who : {"none", "viewer", "superuser"}) {
        Check({{"-", path, "public"}, method, who, {"plain"}});
      }
      Check({{"-", path, "public"}, method, "superuser", variants[5]});
    }
  }
  std::printf("%d requests\n", count_);
  EXPECT_GE(count_, 2'000);
}

// ---- the description

TEST(OpenApiTest, DescribesEveryRouteAndNoOther) {
  const Result<JsonValue> document = ReadJson(OpenApiJson());
  ASSERT_TRUE(document.ok()) << document.error().message;
  const JsonValue* const paths = document.value().Find("paths");
  ASSERT_NE(paths, nullptr);
  std::size_t operations = 0;
  for (const auto& item : paths->members()) operations += item.value.members().size();
  EXPECT_EQ(operations, Routes().size());
  for (const Route& route : Routes()) {
    SCOPED_TRACE(std::string(route.method) + " " + std::string(route.path));
    const JsonValue* const path = paths->Find(route.path);
    ASSERT_NE(path, nullptr);
    std::string method(route.method);
    std::transform(method.begin(), method.end(), method.begin(),
                   [](char c) { return static_cast<char>(c + 32); });
    const JsonValue* const operation = path->Find(method);
    ASSERT_NE(operation, nullptr);
    const JsonValue* const security = operation->Find("security");
    EXPECT_EQ(security != nullptr && security->items().empty(), route.role == Role::kNone);
    EXPECT_EQ(operation->Find("requestBody") != nullptr, route.most_body_bytes > 0);
    EXPECT_EQ(operation->Find("responses")->Find("428") != nullptr, route.needs_if_match);
  }
}

}  // namespace
}  // namespace candor
