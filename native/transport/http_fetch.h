// Many GETs at once on the calling thread: what health and metrics are read with.
//
// Only the address that a URL names is asked: no redirects, no proxy, no credentials, no
// environment. The address is checked where the connection is made, so that a name which changes
// meanwhile gains nothing: link-local addresses, where clouds keep their machines' credentials, are
// never connected to. TLS 1.2 or later, verified against the system's authorities. Connections are
// kept for the next round.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

namespace candor {

struct FetchLimits {
  std::int64_t timeout_ms = 10'000;               // For each GET, from its name look-up to its end.
  std::size_t body_bytes = std::size_t{8} << 20;  // Decoded.
  std::size_t header_bytes = 64 * 1024;
  std::size_t at_once = 64;
};

struct Fetched {
  int status = 0;  // 0: no whole answer came, and `error` says why.
  std::string content_type;
  std::string body;  // Whole, or empty.
  std::string error;
  std::int64_t took_ms = 0;
};

class HttpFetcher {
 public:
  explicit HttpFetcher(const FetchLimits& limits = {});
  ~HttpFetcher();
  HttpFetcher(const HttpFetcher&) = delete;
  HttpFetcher& operator=(const HttpFetcher&) = delete;

  // GETs every URL once and hands over what came of each, in the order in which they end. Returns
  // when all have ended, or soon after Cancel. `done` must not throw. One thread at a time.
  void FetchAll(std::span<const std::string> urls,
                const std::function<void(std::size_t, Fetched)>& done);

  // From any thread: what is under way ends, and all later ones end at once.
  void Cancel() noexcept;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace candor
