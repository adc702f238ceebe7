#include "native/collector/service/operator.h"

#include "native/http/headers.h"
#include "native/http/proxy_peer.h"

namespace candor {
namespace {

bool IsLoopbackName(std::string_view host) {
  const std::size_t colon = host.rfind(':');
  if (colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos) {
    host = host.substr(0, colon);
  }
  return EqualNames(host, "localhost") || host == "127.0.0.1" || host == "[::1]";
}

}  // namespace

bool IsOperator(const HttpRequest& head, const HttpPeer& peer,
                const std::vector<std::string>& proxies) {
  for (const char* const name : {"Forwarded", "X-Forwarded-For", "X-Real-IP", "Via"}) {
    if (CountHeaders(head, name) > 0) return false;
  }
  if (!peer.trusted || IsProxy(peer.address, proxies)) return false;
  if (peer.is_unix()) return true;
  const auto host = OnlyHeader(head, "Host");
  return peer.is_this_machine() && host && IsLoopbackName(*host);
}

}  // namespace candor
