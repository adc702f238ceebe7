// Sending one report, and asking its service, as an interface; libcurl stands behind it
// (http_transport.h).
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace candor {

struct PostRequest {
  std::string_view body;  // Sent as it is, with its length.
  std::string_view id;    // Idempotency-Key.
  std::string_view
      digest;  // SHA-256 of the body in hexadecimal; travels as Content-Digest (RFC 9530).
};

// Something else of the service that reports go to, at the same host and port.
struct AskRequest {
  std::string_view path;  // From its first slash on.
  std::string_view body;  // JSON to POST; "": GET.
};

struct PostResult {
  enum class Outcome : std::uint8_t {
    // A whole status line (200 to 599) and header came back, whatever became of the body after it.
    // Not a 2xx that came before the whole report was out: who says so cannot have it.
    kAnswered,
    kNotSent,    // Certain: not one byte of the body left (no address, refused, no trust, ...).
    kUncertain,  // The service may have the report, or not.
  };
  Outcome outcome = Outcome::kNotSent;
  int status = 0;  // HTTP status; 0 unless kAnswered.
  // As the service asked (native/transport/retry_after.h), not clamped; >= 0.
  std::optional<std::int64_t> retry_after_ms;
  std::string receipt;     // The first kMaxReceiptBytes of the answer's body.
  std::string error;       // For people, without secrets; "" when kAnswered.
  bool cancelled = false;  // Cancel ended it, whatever the outcome.
};
inline constexpr std::size_t kMaxReceiptBytes = 16 * 1024;

class Transport {
 public:
  virtual ~Transport() = default;
  // One attempt. Blocks at most the request timeout, or until Cancel. Never throws: a shortage of
  // memory is an outcome, too. REQUIRES: no other call of this object is under way.
  virtual PostResult Post(const PostRequest& request) noexcept = 0;
  // As Post in everything; the answer is in `receipt`.
  virtual PostResult Ask(const AskRequest& request) noexcept = 0;
  // Ends a Post or Ask that is under way, from any thread, and every later one after `grace_ms`
  // from now; 0 at once. Cannot be undone.
  virtual void Cancel(std::int64_t grace_ms) noexcept = 0;
};

}  // namespace candor
