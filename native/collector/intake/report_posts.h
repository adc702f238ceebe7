// The door of reports: who may send one now, whether it is one, and what became of it.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "native/base/clock.h"
#include "native/collector/intake/address_hash.h"
#include "native/collector/intake/arrival_reader.h"
#include "native/collector/intake/collector_log.h"
#include "native/collector/intake/intake_queue.h"
#include "native/collector/intake/receipts.h"
#include "native/collector/intake/token_buckets.h"
#include "native/http/http_server.h"

namespace candor {

struct CollectorLimits {
  std::size_t most_body_bytes = std::size_t{8} << 20;
  // Of one address (of IPv6, a /64): thousands of installations may share it, and all start at
  // once. Each reports about once a day, so two a second are 100,000; who makes up installations is
  // shed.
  TokenBuckets::Rate address = {10'000, 2};
  // Of one installation: it reports once a day, and at its stop.
  TokenBuckets::Rate installation = {60, 1.0 / 60};
  std::size_t most_names = 1'000'000;
};

// What became of posts so far, for /metrics.
struct PostCounts {
  std::atomic<std::uint64_t> accepted = 0, repeated = 0, conflicting = 0, refused = 0, limited = 0,
                             unavailable = 0;
};

class ReportPosts {
 public:
  struct Parts {
    const ArrivalReader& reader;
    const ReceiptSigner& signer;
    IntakeQueue& queue;
    AddressHasher& hasher;
    Clock& clock;
    // Exact addresses of proxies whose X-Forwarded-For names the sender.
    std::vector<std::string> proxies;
    CollectorLog* log = nullptr;  // Or nullptr, to say nothing.
  };
  // All borrowed.
  ReportPosts(const Parts& parts, const CollectorLimits& limits);

  HttpNext Take(const HttpRequest& head, const HttpPeer& peer);
  // Takes no more reports, and waits until those it took are answered, or `most_ms` long.
  void Drain(std::int64_t most_ms);

  bool draining() const { return draining_; }
  const PostCounts& counts() const { return counts_; }

 private:
  struct Pending;
  void TakeReport(HttpRequest request, const AddressHash& address, HttpReply reply);
  // Whoever tries again, as it is told to, is not to be over its limits for it: gives back what the
  // report took of the buckets.
  HttpAnswer Unavailable(std::string detail, const std::string& network,
                         const std::string& installation = "");
  void Answer(const Result<Kept>& kept, const std::shared_ptr<Pending>& pending);

  const Parts parts_;
  const CollectorLimits limits_;
  TokenBuckets by_address_, by_installation_;
  PostCounts counts_;
  std::atomic<bool> draining_ = false;
  std::atomic<std::int64_t> waiting_ = 0;  // Reports that were taken and have no answer yet.
};

}  // namespace candor
