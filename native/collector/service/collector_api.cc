#include "native/collector/service/collector_api.h"

#include <atomic>
#include <string>
#include <string_view>
#include <utility>

#include "core/erasure.h"
#include "native/http/headers.h"
#include "native/http/problem.h"

namespace candor {
namespace {

HttpAnswer OnlyPost(std::string detail) {
  HttpAnswer answer = ProblemAnswer(405, std::move(detail), {}, true);
  answer.headers.emplace_back("Allow", "POST");
  return answer;
}

HttpAnswer Plain(int status, std::string text) {
  return {status, "text/plain; charset=utf-8", std::move(text)};
}

}  // namespace

HttpNext CollectorApi::Handle(const HttpRequest& head, const HttpPeer& peer) {
  const std::string_view path = PathOf(head.target);
  const bool reads = head.method == "GET" || head.method == "HEAD";
  if (path == "/pings" || path == "/v1/reports") {
    if (head.method == "POST") return posts_.Take(head, peer);
    return {.answer = OnlyPost("reports are sent here, with POST")};
  }
  if (path == kErasurePath) {
    if (head.method == "POST") return erasures_.Take(head, peer);
    return {.answer = OnlyPost("erasure is asked for here, with POST")};
  }
  const bool known =
      path == "/v1/keys" || path == "/metrics" || path == "/healthz" || path == "/readyz";
  if (!known || !reads) return {.answer = ProblemAnswer(404, "there is nothing here", {}, true)};
  if (auto refusal = RefuseBody(head, false, 0)) return {.answer = std::move(refusal)};
  if (path == "/v1/keys") return {.answer = HttpAnswer{.body = signer_.Keys()}};
  if (path == "/metrics") return {.answer = Metrics()};
  if (path == "/healthz") return {.answer = Plain(200, "alive\n")};
  return {.answer = posts_.draining() ? Plain(503, "going away\n") : Plain(200, "ready\n")};
}

HttpAnswer CollectorApi::Metrics() const {
  const PostCounts& counts = posts_.counts();
  std::string text =
      "# HELP candor_collector_posts_total Reports by what became of them.\n"
      "# TYPE candor_collector_posts_total counter\n";
  const auto line = [&text](const char* outcome, const std::atomic<std::uint64_t>& count) {
    text.append("candor_collector_posts_total{outcome=\"").append(outcome).append("\"} ");
    text.append(std::to_string(count.load())).append("\n");
  };
  line("accepted", counts.accepted);
  line("repeated", counts.repeated);
  line("conflicting", counts.conflicting);
  line("refused", counts.refused);
  line("limited", counts.limited);
  line("unavailable", counts.unavailable);
  return {200, "text/plain; version=0.0.4; charset=utf-8", std::move(text)};
}

}  // namespace candor
