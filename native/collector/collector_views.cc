#include "native/collector/collector_views.h"

#include <cstdint>
#include <string_view>

#include "core/json_writer.h"
#include "core/text.h"
#include "native/collector/operator.h"
#include "native/http/headers.h"
#include "native/http/problem.h"

namespace candor {
namespace {

constexpr std::string_view kLatest = "/v1/reports?latest=";
constexpr std::int64_t kMostLatest = 1000;

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

}  // namespace

std::optional<HttpNext> CollectorViews::Handle(const HttpRequest& head, const HttpPeer& peer) {
  if (head.method != "GET" || !head.target.starts_with(kLatest)) return std::nullopt;
  if (auto refusal = RefuseBody(head, false, 0)) return HttpNext{.answer = std::move(refusal)};
  if (!IsOperator(head, peer, parts_.proxies)) {
    return HttpNext{.answer = ProblemAnswer(403,
                                            "only the operator sees single reports, from this "
                                            "machine and not through a proxy")};
  }
  return HttpNext{.answer = Latest(head)};
}

HttpAnswer CollectorViews::Latest(const HttpRequest& head) const {
  std::int64_t most = 0;
  if (!ParseDecimal(std::string_view(head.target).substr(kLatest.size()), &most) || most < 1 ||
      most > kMostLatest) {
    return ProblemAnswer(400, "the query is not understood: there is latest=1 to latest=1000");
  }
  const Result<std::vector<LatestReport>> reports = parts_.store.Latest(most);
  if (!reports.ok()) return ProblemAnswer(503, "the reports cannot be read now");
  return {.body = LatestJson(reports.value())};
}

}  // namespace candor
