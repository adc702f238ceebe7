#include "native/collector/intake/erasure_posts.h"

#include <utility>

#include "core/erasure.h"
#include "core/json_members.h"
#include "core/json_reader.h"
#include "core/json_writer.h"
#include "native/collector/intake/arrival_reader.h"
#include "native/http/headers.h"
#include "native/http/problem.h"
#include "native/http/proxy_peer.h"

namespace candor {
namespace {

constexpr std::size_t kMostBodyBytes = 4096;
constexpr std::size_t kMostNameBytes = 1024;  // As a catalogue's text may be.
constexpr std::int64_t kRetryS = 5;
// People ask for it, once in a while; 256 random bits are not guessed at any rate.
constexpr TokenBuckets::Rate kOfAnAddress = {60, 1.0 / 10};
constexpr std::size_t kMostAddresses = 100'000;

}  // namespace

ErasurePosts::ErasurePosts(const Parts& parts)
    : parts_(parts), by_address_(kOfAnAddress, kMostAddresses) {}

HttpNext ErasurePosts::Take(const HttpRequest& head, const HttpPeer& peer) {
  if (auto refusal = RefuseBody(head, true, kMostBodyBytes)) return {.answer = std::move(refusal)};
  const AddressHash address = parts_.hasher.Hash(SenderBehind(parts_.proxies, head, peer));
  const std::int64_t wait_s = by_address_.Take(address.network, parts_.clock.BootMillis());
  if (wait_s > 0) {
    return {.answer = TryAgain(429, "erasure is asked for too often from there", wait_s, true)};
  }
  return {.later = [this](HttpRequest request, HttpReply reply) { reply(Erase(request.body)); }};
}

HttpAnswer ErasurePosts::Erase(const std::string& body) {
  const Result<JsonValue> document = ReadJson(body);
  if (!document.ok()) {
    return ProblemAnswer(400, "the body must be {\"installation\", \"secret\"}",
                         document.problems());
  }
  Problems problems;
  JsonMembers members(document.value(), "", problems);
  const std::string installation = members.Text("installation", kMostNameBytes, Need::kRequired);
  const std::string secret = members.Text("secret", kMostNameBytes, Need::kRequired);
  members.Finish();
  if (problems.empty() && !IsErasureText(secret)) {
    members.Fail(ErrorCode::kOutOfRange, "secret", "must be 64 hexadecimal digits");
  }
  if (!problems.empty()) {
    return ProblemAnswer(400, "the body must be {\"installation\", \"secret\"}", problems);
  }
  const Result<std::int64_t> erased =
      parts_.store.Erase(InstallationName(installation), ErasureHash(secret));
  if (!erased.ok()) return TryAgain(503, "reports cannot be erased now", kRetryS);
  return {.body = JsonObject([&](JsonWriter& json) {
            json.Key("erased");
            json.Integer(erased.value());
          })};
}

}  // namespace candor
