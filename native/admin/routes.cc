#include "native/admin/routes.h"

#include <algorithm>
#include <array>

#include "core/text.h"

namespace candor {
namespace {

constexpr std::size_t kSmall = std::size_t{64} << 10, kLarge = std::size_t{1} << 20;
constexpr auto kServer = RouteOwner::kServer, kDoorkeeper = RouteOwner::kDoorkeeper;
constexpr auto kHandlers = RouteOwner::kHandlers;
constexpr Role kAll = Role::kNone, kViewer = Role::kViewer, kSuperuser = Role::kSuperuser;

constexpr Route Get(RouteId id, RouteOwner owner, std::string_view path, Role role) {
  return {.id = id, .owner = owner, .method = "GET", .path = path, .role = role};
}

constexpr Route Queried(RouteId id, std::string_view path, Role role) {
  Route route = Get(id, kHandlers, path, role);
  route.takes_query = true;
  return route;
}

constexpr Route Change(RouteId id, RouteOwner owner, std::string_view method, std::string_view path,
                       Role role, std::size_t most_body_bytes) {
  return {.id = id,
          .owner = owner,
          .method = method,
          .path = path,
          .role = role,
          .most_body_bytes = most_body_bytes,
          .needs_token = role != kAll};
}

constexpr Route Engine(Route route) {
  route.form = RefusalForm::kEngine;
  return route;
}

constexpr Route IfMatch(Route route) {
  route.needs_if_match = true;
  return route;
}

constexpr std::string_view kSession = "/api/v1/session", kAccounts = "/api/v1/accounts";
constexpr std::string_view kConsent = "/api/v1/consent", kReports = "/api/v1/reports";
constexpr std::string_view kEngine = "/telemetry/configuration", kSettings = "/api/settings";

constexpr auto kRoutes = std::to_array<Route>({
    Get(RouteId::kPage, kServer, "/", kAll),
    Get(RouteId::kPageFile, kServer, "/assets/{file}", kAll),
    Get(RouteId::kPageFile, kServer, "/candor-core-{hash}.wasm", kAll),
    Get(RouteId::kPageFile, kServer, "/favicon.svg", kAll),
    Get(RouteId::kPageFile, kServer, "/offline.html", kAll),
    Get(RouteId::kHealth, kServer, "/healthz", kAll),
    Get(RouteId::kOpenApi, kServer, "/api/v1/openapi.json", kAll),
    Get(RouteId::kEvents, kServer, "/api/v1/events", kViewer),

    Get(RouteId::kReadSession, kDoorkeeper, kSession, kAll),
    Change(RouteId::kSignIn, kDoorkeeper, "POST", kSession, kAll, kSmall),
    Change(RouteId::kSignOut, kDoorkeeper, "DELETE", kSession, kViewer, 0),
    Change(RouteId::kSetUp, kDoorkeeper, "POST", "/api/v1/setup", kAll, kSmall),
    Change(RouteId::kChangePassword, kDoorkeeper, "PUT", "/api/v1/password", kViewer, kSmall),
    Get(RouteId::kListAccounts, kDoorkeeper, kAccounts, kSuperuser),
    Change(RouteId::kAddAccount, kDoorkeeper, "POST", kAccounts, kSuperuser, kSmall),
    Change(RouteId::kRemoveAccount, kDoorkeeper, "DELETE", "/api/v1/accounts/{name}", kSuperuser,
           0),
    Get(RouteId::kReadAudit, kDoorkeeper, "/api/v1/audit", kSuperuser),

    Get(RouteId::kReadStatus, kHandlers, "/api/v1/status", kViewer),
    Get(RouteId::kReadConfiguration, kHandlers, "/api/v1/configuration", kViewer),
    Get(RouteId::kReadCatalogue, kHandlers, "/api/v1/catalogue", kViewer),
    Change(RouteId::kMakePreview, kHandlers, "POST", "/api/v1/preview", kViewer, kLarge),
    Get(RouteId::kReadPreview, kHandlers, "/api/v1/preview/{digest}", kViewer),
    Get(RouteId::kReadConsent, kHandlers, kConsent, kViewer),
    IfMatch(Change(RouteId::kDecideConsent, kHandlers, "PUT", kConsent, kSuperuser, kLarge)),
    Get(RouteId::kReadComponents, kHandlers, "/api/v1/components", kViewer),
    Queried(RouteId::kReadMetrics, "/api/v1/metrics", kViewer),
    Queried(RouteId::kListReports, kReports, kViewer),
    Get(RouteId::kReadReport, kHandlers, "/api/v1/reports/{id}", kViewer),
    Get(RouteId::kReadReportBytes, kHandlers, "/api/v1/reports/{id}/bytes", kViewer),
    Change(RouteId::kWithdrawReport, kHandlers, "POST", "/api/v1/reports/{id}/withdraw", kSuperuser,
           0),
    Get(RouteId::kReadHistory, kHandlers, "/api/v1/history", kViewer),
    Change(RouteId::kSendNow, kHandlers, "POST", "/api/v1/send", kSuperuser, 0),

    Engine(Get(RouteId::kReadEngineConfiguration, kHandlers, kEngine, kViewer)),
    Engine(
        Change(RouteId::kSetEngineConfiguration, kHandlers, "POST", kEngine, kSuperuser, kSmall)),
    Engine(Get(RouteId::kReadEngineData, kHandlers, "/telemetry/data", kViewer)),
    Get(RouteId::kReadOptimizeSettings, kHandlers, kSettings, kViewer),
    Change(RouteId::kSetOptimizeSettings, kHandlers, "PUT", kSettings, kSuperuser, kSmall),
    Get(RouteId::kDownloadConsoleReport, kHandlers, "/telemetry/download", kViewer),
});

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string_view TakeSegment(std::string_view& path) {
  const std::size_t end = std::min(path.find('/'), path.size());
  const std::string_view segment = path.substr(0, end);
  path.remove_prefix(std::min(end + 1, path.size()));
  return segment;
}

// One segment of a pattern against one of a path.
bool MatchSegment(std::string_view pattern, std::string_view segment,
                  std::vector<std::string>& parts) {
  const std::size_t open = pattern.find('{');
  if (open == std::string_view::npos) return pattern == segment;
  const std::string_view before = pattern.substr(0, open);
  const std::string_view behind = pattern.substr(pattern.find('}') + 1);
  if (segment.size() <= before.size() + behind.size() || !segment.starts_with(before) ||
      !segment.ends_with(behind)) {
    return false;
  }
  segment.remove_prefix(before.size());
  segment.remove_suffix(behind.size());
  std::optional<std::string> part = DecodeSegment(segment);
  if (!part) return false;
  parts.push_back(*std::move(part));
  return true;
}

bool Match(std::string_view pattern, std::string_view path, std::vector<std::string>& parts) {
  if (std::count(pattern.begin(), pattern.end(), '/') != std::count(path.begin(), path.end(), '/'))
    return false;
  while (!pattern.empty() || !path.empty()) {
    if (!MatchSegment(TakeSegment(pattern), TakeSegment(path), parts)) return false;
  }
  return true;
}

}  // namespace

std::span<const Route> Routes() { return kRoutes; }

RouteMatch FindRoute(std::string_view method, std::string_view path) {
  RouteMatch match;
  for (const Route& route : kRoutes) {
    std::vector<std::string> parts;
    if (!Match(route.path, path, parts)) continue;
    const bool reads = route.method == "GET";
    match.allow.append(match.allow.empty() ? "" : ", ").append(route.method);
    if (reads) match.allow.append(", HEAD");
    if (method != route.method && !(reads && method == "HEAD")) continue;
    match.route = &route;
    match.parts = std::move(parts);
  }
  return match;
}

std::optional<std::string> DecodeSegment(std::string_view segment) {
  std::string text;
  for (std::size_t i = 0; i < segment.size(); ++i) {
    char c = segment[i];
    if (c == '%') {
      if (segment.size() - i < 3) return std::nullopt;
      const int high = HexValue(segment[i + 1]), low = HexValue(segment[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      i += 2;
    }
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return std::nullopt;
    text.push_back(c);
  }
  if (text.empty() || FindInvalidUtf8(text) != std::string_view::npos) return std::nullopt;
  return text;
}

}  // namespace candor
