#include "native/admin/guard.h"

#include <algorithm>

#include "core/text.h"
#include "core/url.h"
#include "native/http/headers.h"
#include "native/http/problem.h"

namespace candor {
namespace {

constexpr std::size_t kAnyLength = std::size_t{1} << 40;
constexpr std::string_view kLoopbackNames[] = {"localhost", "127.0.0.1", "[::1]"};

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return lower;
}

// Where the port's colon is, or the end.
std::size_t PortAt(std::string_view host) {
  const std::size_t colon = host.rfind(':');
  const bool in_brackets =
      colon != std::string_view::npos && host.find(']') != host.npos && host.rfind(']') > colon;
  return colon == std::string_view::npos || in_brackets ? host.size() : colon;
}

std::string_view WithoutPort(std::string_view host, std::string_view port) {
  const std::size_t at = PortAt(host);
  return host.substr(at) == port ? host.substr(0, at) : host;
}

HttpAnswer Forbidden(std::string detail) { return ProblemAnswer(403, std::move(detail), {}, true); }

// The page itself may be linked to from anywhere: it shows nothing before it has asked, and asks
// from here.
bool FollowsALink(const HttpRequest& head) {
  const auto mode = OnlyHeader(head, "Sec-Fetch-Mode"), to = OnlyHeader(head, "Sec-Fetch-Dest");
  return head.method == "GET" && head.target == "/" && mode && *mode == "navigate" && to &&
         *to == "document" && CountHeaders(head, "Origin") == 0;
}

// Behind a proxy the page's scheme may be https where ours is not; never the other way round.
bool IsOwnOrigin(std::string_view origin, std::string_view host, bool tls) {
  const std::string lower = LowerCase(origin);
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (!lower.starts_with(scheme)) continue;
    if (scheme == "http://" && tls) return false;
    const std::string_view port = scheme == "https://" ? ":443" : ":80";
    return WithoutPort(std::string_view(lower).substr(scheme.size()), port) ==
           WithoutPort(host, port);
  }
  return false;
}

bool IsOwnFetch(const HttpRequest& head) {
  if (CountHeaders(head, "Sec-Fetch-Site") == 0) return true;
  const auto site = OnlyHeader(head, "Sec-Fetch-Site");
  return site && (*site == "same-origin" || *site == "none" || FollowsALink(head));
}

}  // namespace

Guard::Guard(const std::vector<ListenAddress>& addresses, const std::vector<std::string>& names,
             bool tls) {
  for (const ListenAddress& address : addresses) {
    if (!address.path.empty()) continue;
    const std::string port = ":" + Decimal(address.port);
    const auto add = [&](std::string_view name) {
      const std::string host = std::string(name) + port;
      hosts_.push_back(host);
      hosts_.emplace_back(WithoutPort(host, tls ? ":443" : ":80"));
    };
    add(WithoutPort(Text(address), port));
    for (const std::string_view name : kLoopbackNames) add(name);
  }
  for (const std::string& name : names) hosts_.push_back(LowerCase(name));
}

bool Guard::KnowsHost(std::string_view host, const HttpPeer& peer) const {
  const std::string lower = LowerCase(host);
  const auto knows = [this](std::string_view name) {
    return std::find(hosts_.begin(), hosts_.end(), name) != hosts_.end();
  };
  if (!IsHost(lower)) return false;
  const std::string_view name = std::string_view(lower).substr(0, PortAt(lower));
  if (knows(lower) || knows(name)) return true;
  // Through a Unix socket programs of this machine say some name of it.
  return peer.is_unix() && std::find(std::begin(kLoopbackNames), std::end(kLoopbackNames), name) !=
                               std::end(kLoopbackNames);
}

std::optional<HttpAnswer> Guard::Refuse(const HttpRequest& head, const HttpPeer& peer) const {
  if (!peer.trusted) return Forbidden("another user of this machine may not ask");
  if (!head.target.starts_with('/')) {
    return ProblemAnswer(400, "the target must be a path of this API", {}, true);
  }
  const auto host = OnlyHeader(head, "Host");
  if (!host) return ProblemAnswer(400, "there must be one Host", {}, true);
  if (!KnowsHost(*host, peer)) {
    return ProblemAnswer(
        421,
        "this server has other names; --admin-host lets it be asked as " + Quotable(*host, 200), {},
        true);
  }
  if (!IsOwnFetch(head)) return Forbidden("only pages of this server may ask");
  if (CountHeaders(head, "Origin") == 0) return std::nullopt;
  const auto origin = OnlyHeader(head, "Origin");
  if (!origin || !IsOwnOrigin(*origin, LowerCase(*host), peer.tls)) {
    return Forbidden("only pages of this server may ask");
  }
  return std::nullopt;
}

std::optional<HttpAnswer> RefuseShape(const HttpRequest& head, const Route& route) {
  if (!route.takes_query && head.target.find('?') != std::string::npos) {
    return ProblemAnswer(400, "this takes no query", {}, true);
  }
  const std::size_t most = route.most_body_bytes;
  // Where none is taken, its length is not what is wrong.
  if (auto refusal = RefuseBody(head, most > 0, most > 0 ? most : kAnyLength)) return refusal;
  if (!route.needs_if_match) return std::nullopt;
  const std::size_t matches = CountHeaders(head, "If-Match");
  if (matches == 1) return std::nullopt;
  return ProblemAnswer(matches == 0 ? 428 : 400,
                       "say in one If-Match which ETag of it was looked at, so that nobody's "
                       "change is overwritten unseen",
                       {}, true);
}

bool IsHost(std::string_view host) {
  const std::string url = "http://" + std::string(host);
  const Result<Url> read = ParseUrl(url);
  return read.ok() && read.value().target.empty();
}

}  // namespace candor
