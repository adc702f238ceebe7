#include "native/collector/intake/report_posts.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include "native/collector/store/content_digest.h"
#include "native/http/headers.h"
#include "native/http/problem.h"
#include "native/http/proxy_peer.h"

namespace candor {
namespace {

// As UUIDs and other names look; what is longer or stranger is no key (the draft allows any
// string).
constexpr std::size_t kMostKeyBytes = 128;
constexpr std::int64_t kRetryS = 5;
constexpr char kFull[] = "too many reports wait to be stored";

bool IsKey(std::string_view key) {
  return !key.empty() && key.size() <= kMostKeyBytes &&
         std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < '\x7F'; });
}

}  // namespace

// A report that waits for its answer.
struct ReportPosts::Pending {
  Pending(std::atomic<std::int64_t>& all, HttpReply to, const Arrival& arrival, std::string from)
      : waiting(all),
        reply(std::move(to)),
        digest(arrival.digest),
        installation(arrival.installation),
        network(std::move(from)) {
    ++waiting;
  }
  ~Pending() { --waiting; }
  Pending(const Pending&) = delete;
  Pending& operator=(const Pending&) = delete;

  std::atomic<std::int64_t>& waiting;
  HttpReply reply;
  const std::string digest, installation, network;
};

ReportPosts::ReportPosts(const Parts& parts, const CollectorLimits& limits)
    : parts_(parts),
      limits_(limits),
      by_address_(limits.address, limits.most_names),
      by_installation_(limits.installation, limits.most_names) {}

HttpNext ReportPosts::Take(const HttpRequest& head, const HttpPeer& peer) {
  if (draining_) {
    ++counts_.unavailable;
    return {.answer = TryAgain(503, "this collector is being stopped", kRetryS, true)};
  }
  if (auto refusal = RefuseBody(head, true, limits_.most_body_bytes)) {
    ++counts_.refused;
    return {.answer = std::move(refusal)};
  }
  if (CountHeaders(head, "Content-Encoding") > 0) {
    ++counts_.refused;
    return {.answer =
                ProblemAnswer(415, "reports come as they are, without Content-Encoding", {}, true)};
  }
  AddressHash address = parts_.hasher.Hash(SenderBehind(parts_.proxies, head, peer));
  const std::int64_t wait_s = by_address_.Take(address.network, parts_.clock.BootMillis());
  if (wait_s > 0) {
    ++counts_.limited;
    return {.answer = TryAgain(429, "too many reports come from there", wait_s, true)};
  }
  return {.later = [this, from = std::move(address)](HttpRequest request, HttpReply reply) {
    TakeReport(std::move(request), from, std::move(reply));
  }};
}

void ReportPosts::TakeReport(HttpRequest request, const AddressHash& address, HttpReply reply) {
  // Before any work on it, of which there is enough.
  if (parts_.queue.IsFull()) return reply(Unavailable(kFull, address.network));
  const auto refuse = [&](std::string detail, const Problems& problems = {}) {
    ++counts_.refused;
    reply(ProblemAnswer(400, std::move(detail), problems));
  };
  const std::size_t keys = CountHeaders(request, "Idempotency-Key");
  std::string key(OnlyHeader(request, "Idempotency-Key").value_or(""));
  // The draft writes it as a quoted string, and many send it bare.
  if (key.size() >= 2 && key.front() == '"' && key.back() == '"')
    key = key.substr(1, key.size() - 2);
  if (keys > 1 || (keys == 1 && !IsKey(key))) {
    return refuse("there may be one Idempotency-Key, of 1 to 128 visible ASCII characters");
  }
  const std::size_t ways = CountHeaders(request, "Candor-Way");
  const bool is_file = ways == 1 && *OnlyHeader(request, "Candor-Way") == "file";
  if (ways > 0 && (!is_file || keys > 0)) {
    return refuse("Candor-Way is file, without an Idempotency-Key, or it is not there");
  }
  std::string digest = DigestOf(request.body);
  if (const auto wrong = WrongContentDigest(request, digest)) return refuse(*wrong);
  Result<Arrival> read = parts_.reader.Read(std::move(request.body), std::move(digest));
  if (!read.ok()) return refuse("this is no report of a known catalogue", read.problems());
  Arrival arrival = std::move(read).value();
  const std::int64_t wait_s =
      arrival.installation.empty()
          ? 0
          : by_installation_.Take(arrival.installation, parts_.clock.BootMillis());
  if (wait_s > 0) {
    ++counts_.limited;
    return reply(TryAgain(429, "this installation reports too often", wait_s));
  }
  arrival.key = std::move(key);
  if (is_file) arrival.way = Arrival::Way::kFile;
  arrival.address = address.whole;
  const auto pending =
      std::make_shared<Pending>(waiting_, std::move(reply), arrival, address.network);
  IntakeQueue::Done done = [this, pending](const Result<Kept>& kept) { Answer(kept, pending); };
  if (parts_.queue.Add(arrival, done)) return;
  pending->reply(Unavailable(kFull, pending->network, pending->installation));
}

HttpAnswer ReportPosts::Unavailable(std::string detail, const std::string& network,
                                    const std::string& installation) {
  ++counts_.unavailable;
  by_address_.GiveBack(network);
  by_installation_.GiveBack(installation);
  return TryAgain(503, std::move(detail), kRetryS);
}

void ReportPosts::Answer(const Result<Kept>& kept, const std::shared_ptr<Pending>& pending) {
  if (!kept.ok()) {
    if (parts_.log != nullptr) parts_.log->StoreFails(kept.error());
    return pending->reply(
        Unavailable("reports cannot be stored now", pending->network, pending->installation));
  }
  if (parts_.log != nullptr) parts_.log->StoreWorks();
  if (kept.value().outcome == Kept::Outcome::kConflict) {
    ++counts_.conflicting;
    return pending->reply(ProblemAnswer(422, "this Idempotency-Key came with other bytes before"));
  }
  const bool repeated = kept.value().outcome == Kept::Outcome::kRepeated;
  ++(repeated ? counts_.repeated : counts_.accepted);
  // Signing takes its time: not on the one thread that stores.
  pending->reply.Later([this, pending, status = repeated ? 200 : 202, at = kept.value().at] {
    return HttpAnswer{.status = status, .body = parts_.signer.Sign(pending->digest, at)};
  });
}

void ReportPosts::Drain(std::int64_t most_ms) {
  draining_ = true;
  const std::int64_t until = parts_.clock.BootMillis() + most_ms;
  while (waiting_ > 0 && parts_.clock.BootMillis() < until) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  // The answers are with the server's threads now, which send them at once.
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
}

}  // namespace candor
