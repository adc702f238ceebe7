#include "native/collector/service/collector_views.h"

#include <algorithm>
#include <cstdint>
#include <memory>

#include "core/json_writer.h"
#include "core/text.h"
#include "native/collector/service/operator.h"
#include "native/collector/statistics/statistics_days.h"
#include "native/http/headers.h"
#include "native/http/problem.h"
#include "native/http/proxy_peer.h"
#include "native/http/security_headers.h"

namespace candor {
namespace {

constexpr std::string_view kPagePolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'none'; base-uri 'none'; object-src 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types lit-html";
constexpr std::int64_t kMostLatest = 1000;
constexpr std::int64_t kRetryS = 5;

// The page's places; it looks itself at which of them it is.
bool IsPage(std::string_view path) { return path == "/" || path == "/upload" || path == "/lately"; }

std::string LatestJson(const std::vector<LatestReport>& reports) {
  return JsonObject([&](JsonWriter& json) {
    const auto member = [&json](std::string_view key, std::string_view value) {
      json.Key(key);
      json.String(value);
    };
    json.Key("reports");
    json.BeginArray();
    for (const LatestReport& report : reports) {
      json.BeginObject();
      member("catalogue", report.catalogue);
      member("installation", report.installation);
      member("time", TimeText(report.at));
      member("way", report.way == Arrival::Way::kFile ? "file" : "post");
      const auto* digest = reinterpret_cast<const std::uint8_t*>(report.digest.data());
      member("digest", Hex({digest, report.digest.size()}));
      json.EndObject();
    }
    json.EndArray();
  });
}

HttpAnswer Secured(HttpAnswer answer, std::string_view policy = kDataPolicy) {
  AddSecurityHeaders(answer, policy);
  if (policy == kDataPolicy) answer.headers.emplace_back("Cache-Control", "no-store");
  return answer;
}

HttpAnswer AnswerOf(const Result<Statistics>& read, bool as_csv) {
  if (!read.ok()) return ProblemAnswer(503, "the reports cannot be read now");
  const Statistics& statistics = read.value();
  if (!as_csv) return {.body = StatisticsAsJson(statistics)};
  HttpAnswer answer{.content_type = "text/csv; charset=utf-8", .body = StatisticsAsCsv(statistics)};
  answer.headers.emplace_back("Content-Disposition", "attachment; filename=\"candor-statistics-" +
                                                         statistics.from + "-" + statistics.to +
                                                         ".csv\"");
  return answer;
}

// "from=DAY&to=DAY", or one of them, or none.
std::optional<Result<StatisticsQuery>> DaysOf(std::string_view query, UnixMillis now) {
  std::string from, to;
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view item = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    std::string& text = item.starts_with("from=") ? from : to;
    if (!text.empty() || (!item.starts_with("from=") && !item.starts_with("to=")))
      return std::nullopt;
    text = item.substr(item.find('=') + 1);
  }
  return ParseStatisticsDays(from, to, now);
}

}  // namespace

std::optional<HttpNext> CollectorViews::Handle(const HttpRequest& head,
                                               const HttpPeer& peer) const {
  if (head.method != "GET" && head.method != "HEAD") return std::nullopt;
  std::optional<HttpNext> next = Find(head, peer);
  if (!next) return std::nullopt;
  if (auto refusal = RefuseBody(head, false, 0)) return HttpNext{.answer = std::move(refusal)};
  return next;
}

std::optional<HttpNext> CollectorViews::Find(const HttpRequest& head, const HttpPeer& peer) const {
  const std::string_view path = PathOf(head.target);
  std::string_view query = head.target;
  query.remove_prefix(std::min(path.size() + 1, query.size()));
  const auto now = [](HttpAnswer answer, std::string_view policy = kDataPolicy) {
    return HttpNext{.answer = Secured(std::move(answer), policy)};
  };
  if (IsPage(path) || path.starts_with("/assets/") || path == "/favicon.svg") {
    HttpAnswer answer = AnswerPage(parts_.page, head, IsPage(path) ? "/" : path);
    const bool is_page = answer.status < 400;
    return now(std::move(answer), is_page ? kPagePolicy : kDataPolicy);
  }
  if (path == "/openapi.json") return now({.body = std::string(CollectorOpenApi())});
  if (path == "/v1/reports" && query.starts_with("latest=")) {
    if (IsOperator(head, peer, parts_.proxies)) return AnswerLatest(query);
    return now(ProblemAnswer(
        403, "only the operator sees single reports, from this machine and not through a proxy"));
  }
  const bool as_csv = path == "/v1/statistics.csv";
  if (!as_csv && path != "/v1/statistics" && path != "/metrics") return std::nullopt;
  if (!MaySeeStatistics(peer)) {
    return now(ProblemAnswer(403,
                             "this is for the collector's machine and its proxies; "
                             "--public-statistics opens it"));
  }
  if (path == "/metrics") return std::nullopt;
  return AnswerStatistics(query, as_csv);
}

bool CollectorViews::MaySeeStatistics(const HttpPeer& peer) const {
  return parts_.public_statistics || peer.is_this_machine() ||
         IsProxy(peer.address, parts_.proxies);
}

HttpNext CollectorViews::Later(std::function<HttpAnswer()> look) const {
  return {.later = [this, look = std::move(look)](const HttpRequest&, HttpReply reply) {
    const auto held = std::make_shared<HttpReply>(std::move(reply));
    if (parts_.desk.Do([held, look] { (*held)(Secured(look())); })) return;
    (*held)(Secured(TryAgain(503, "too many look at the reports", kRetryS)));
  }};
}

HttpNext CollectorViews::AnswerLatest(std::string_view query) const {
  std::int64_t most = 0;
  if (!ParseDecimal(query.substr(query.find('=') + 1), &most) || most < 1 || most > kMostLatest) {
    return {.answer = Secured(ProblemAnswer(
                400, "the query is not understood: there is latest=1 to latest=1000"))};
  }
  return Later([this, most]() -> HttpAnswer {
    const Result<std::vector<LatestReport>> reports = parts_.store.Latest(most);
    if (!reports.ok()) return ProblemAnswer(503, "the reports cannot be read now");
    return {.body = LatestJson(reports.value())};
  });
}

HttpNext CollectorViews::AnswerStatistics(std::string_view query, bool as_csv) const {
  const auto days = DaysOf(query, parts_.clock.Wall());
  if (!days) {
    return {.answer = Secured(
                ProblemAnswer(400, "the query is not understood: there is from=DAY and to=DAY"))};
  }
  if (!days->ok()) {
    return {.answer = Secured(ProblemAnswer(400, "these are no days", days->problems()))};
  }
  return Later(
      [this, days = days->value(), as_csv] { return AnswerOf(parts_.desk.Find(days), as_csv); });
}

}  // namespace candor
