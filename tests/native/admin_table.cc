#include "tests/native/admin_table.h"

#include <set>

namespace candor {
namespace {

const std::vector<std::string> kMethods = {"GET",    "HEAD",  "POST",    "PUT",
                                           "DELETE", "PATCH", "OPTIONS", "TRACE"};

// Files of the test's page are found under these names, others stand for anything.
std::string Sample(const std::string& path) {
  if (path == "/assets/{file}") return "/assets/index-BNr1cRAh.js";
  if (path == "/candor-core-{hash}.wasm") return "/candor-core-eOD8xFWI.wasm";
  const std::size_t open = path.find('{');
  if (open == std::string::npos) return path;
  return path.substr(0, open) + "x1" + path.substr(path.find('}') + 1);
}

bool Reads(const std::string& method) { return method == "GET" || method == "HEAD"; }

bool HasBody(const TableRow& row) {
  return row.method == "PUT" ||
         (row.method == "POST" && !row.path.ends_with("/withdraw") && !row.path.ends_with("/send"));
}

// 0 nobody, 1 viewer, 2 superuser.
int Level(const std::string& name) { return name == "superuser" ? 2 : name == "viewer" ? 1 : 0; }

std::vector<TableVariant> Variants(const std::string& at) {
  const auto with = [](std::string headers, int status) {
    return TableVariant{headers.substr(0, headers.size() - 2), TableWant::kStatus, status, headers};
  };
  const auto same = [](std::string headers) {
    return TableVariant{headers.substr(0, headers.size() - 2), TableWant::kAsWithout, 0, headers};
  };
  return {
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
      {"foreign Host", TableWant::kStatus, 421, "", "evil.example"},
      {"foreign Host with our port", TableWant::kStatus, 421, "", "evil.example:8080"},
      {"Host of another port", TableWant::kStatus, 421, "", "127.0.0.1:1"},
      {"Host with a user", TableWant::kStatus, 421, "", at + "@evil.example"},
      {"no Host", TableWant::kStatus, 400, "", ""},
      {"no token", TableWant::kNoToken},
      {"wrong token", TableWant::kNoToken, 0, "X-Candor-Token: token-of-other\r\n"},
      {"text/plain", TableWant::kNoBody, 415, "Content-Type: text/plain\r\nContent-Length: 2\r\n"},
      {"a form", TableWant::kNoBody, 415,
       "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 2\r\n"},
      {"two lengths", TableWant::kNoBody, 400,
       "Content-Type: application/json\r\nContent-Length: 2\r\nContent-Length: 3\r\n"},
      {"length and chunks", TableWant::kNoBody, 400,
       "Content-Type: application/json\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n"},
      {"no If-Match", TableWant::kNoIfMatch},
  };
}

}  // namespace

const std::vector<TableRow>& TableRows() {
  // The contract.
  static const std::vector<TableRow> rows = {
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
      {"POST", "/api/v1/send", "superuser"},
      {"GET", "/telemetry/configuration", "viewer"},
      {"POST", "/telemetry/configuration", "superuser"},
      {"GET", "/telemetry/data", "viewer"},
      {"GET", "/api/settings", "viewer"},
      {"PUT", "/api/settings", "superuser"},
      {"GET", "/telemetry/download", "viewer"},
  };
  return rows;
}

std::string TableRequest::Name() const {
  return method + " " + row.path + " as " + who + ", " + variant.name;
}

int TableRequest::Expected() const {
  if (variant.want == TableWant::kStatus) return variant.status;
  if (method != row.method && !(method == "HEAD" && row.method == "GET")) return 405;
  const int has = Level(who), needs = Level(row.role);
  if (has < needs) return has == 0 ? 401 : 403;
  const bool changes = !Reads(method) && needs > 0;
  if (changes && variant.want == TableWant::kNoToken) return 403;
  if (variant.want == TableWant::kNoBody) return HasBody(row) ? variant.status : 400;
  const bool conditional = row.path == "/api/v1/consent" && row.method == "PUT";
  if (conditional && variant.want == TableWant::kNoIfMatch) return 428;
  return 200;
}

void ForEveryTableRequest(const std::string& at,
                          const std::function<void(const TableRequest&)>& ask) {
  const std::vector<TableVariant> variants = Variants(at);
  std::map<std::string, std::set<std::string>> taken;
  for (const TableRow& row : TableRows()) {
    taken[row.path].insert(row.method);
    if (row.method == "GET") taken[row.path].insert("HEAD");
    for (const char* const who : {"none", "viewer", "superuser", "expired", "revoked"}) {
      for (const TableVariant& variant : variants) ask({row, row.method, who, variant});
      if (row.method == "GET") ask({row, "HEAD", who, variants.front()});
    }
  }
  for (const auto& [path, methods] : taken) {
    for (const std::string& method : kMethods) {
      if (methods.count(method) > 0) continue;
      for (const char* const who : {"none", "viewer", "superuser"}) {
        ask({{"-", path, "public"}, method, who, variants.front()});
      }
      // From elsewhere, too.
      ask({{"-", path, "public"}, method, "superuser", variants[5]});
    }
  }
}

std::string TableText(const TableRequest& request, const std::string& at,
                      const std::map<std::string, TableKeys>& keys) {
  const TableVariant& variant = request.variant;
  const TableKeys& key = keys.at(request.who);
  std::string text = request.method + " " + Sample(request.row.path) + " HTTP/1.1\r\n";
  const std::string host = variant.host == "\r\n" ? at : variant.host;
  if (!host.empty()) text += "Host: " + host + "\r\n";
  text += key.signs_in;
  if (!Reads(request.method) && variant.want != TableWant::kNoToken) text += key.token;
  if (variant.want != TableWant::kNoIfMatch) text += "If-Match: \"1\"\r\n";
  text += variant.headers;
  const bool body = request.method == request.row.method && HasBody(request.row);
  if (body && variant.want != TableWant::kNoBody) {
    text += "Content-Type: application/json\r\nContent-Length: 2\r\n";
  }
  return text + "\r\n" + (body ? "{}" : "");
}

}  // namespace candor
