// THE table of the admin API's routes. Paths are looked up here and nowhere else; a test asks every
// row as every role in every hostile way, and the OpenAPI document has each one.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "native/admin/admin_request.h"

namespace candor {

enum class RouteId {
  // The page, answered by the server.
  kPage,
  kPageFile,
  // Answered by the server.
  kHealth,
  kOpenApi,
  kEvents,
  // Answered by the Doorkeeper.
  kReadSession,
  kSignIn,
  kSignOut,
  kSetUp,
  kChangePassword,
  kListAccounts,
  kAddAccount,
  kRemoveAccount,
  kReadAudit,
  // Answered by the AdminHandlers.
  kReadStatus,
  kReadConfiguration,
  kReadCatalogue,
  kMakePreview,
  kReadPreview,
  kReadConsent,
  kDecideConsent,
  kReadComponents,
  kReadMetrics,
  kListReports,
  kReadReport,
  kReadReportBytes,
  kWithdrawReport,
  kReadHistory,
  kSendNow,
  kReadEngineConfiguration,
  kSetEngineConfiguration,
  kReadEngineData,
  kReadOptimizeSettings,
  kSetOptimizeSettings,
  kDownloadConsoleReport,
};

// Who answers.
enum class RouteOwner { kServer, kDoorkeeper, kHandlers };

// How a refusal of a caller is told: as a problem document, or as the original product does.
enum class RefusalForm { kProblem, kEngine };

struct Route {
  RouteId id;
  RouteOwner owner;
  std::string_view method;  // "GET" stands for HEAD, too.
  // Segments are literal, or "{name}" with a literal text before or behind it.
  std::string_view path;
  Role role;                        // The least that is needed; kNone for everybody.
  std::size_t most_body_bytes = 0;  // JSON; 0: it takes no body.
  bool needs_if_match = false;
  bool needs_token = false;  // Of a caller with a cookie.
  bool takes_query = false;  // Others refuse one with 400.
  RefusalForm form = RefusalForm::kProblem;

  bool changes() const { return method != "GET"; }
};

std::span<const Route> Routes();

struct RouteMatch {
  const Route* route = nullptr;    // Null: no such path, or not with this method.
  std::vector<std::string> parts;  // As AdminRequest has them.
  std::string allow;               // "GET, HEAD, PUT" for a path that is there, "" for others.
};

// `path`: as it came, without the query.
RouteMatch FindRoute(std::string_view method, std::string_view path);

// The percent-decoded text; nothing for broken escapes, what is not UTF-8, is empty, or has control
// characters.
std::optional<std::string> DecodeSegment(std::string_view segment);

}  // namespace candor
