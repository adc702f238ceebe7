#include "native/collector/service/collector_service.h"

#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>

#include <atomic>
#include <cstdint>
#include <utility>

#include "core/text.h"
#include "native/base/notify.h"
#include "native/base/random.h"
#include "native/collector/intake/collector_log.h"
#include "native/collector/service/collector_views.h"
#include "native/collector/store/open_collector_store.h"
#include "native/collector/store/retention.h"
#include "native/http/problem.h"
#include "native/http/proxy_peer.h"

namespace candor {
namespace {

constexpr std::int64_t kDrainMs = 5000;

// A core file would hold addresses, and the keys that hide them.
void LeaveNoCore() {
  const rlimit none = {0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
}

// A batch of reports comes and goes many times a second: what it took is not given back each time.
void KeepSomeMemory() { ::mallopt(M_TRIM_THRESHOLD, 4 << 20); }

// Of all threads at once, so it stands before the first of them.
sigset_t BlockEndSignals() {
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  signal(SIGPIPE, SIG_IGN);
  return ends;
}

void Expire(const KeepDays& days, CollectorStore& store, CollectorLog& log) {
  const Result<std::int64_t> expired = ExpireReports(days, SystemClock().Wall(), store);
  if (!expired.ok()) {
    log.StoreFails(expired.error());
  } else if (expired.value() > 0) {
    log.Write(CollectorEvent::kExpired, "old reports were deleted: " + Decimal(expired.value()));
  }
}

// Floods, as counts.
class ShedReports {
 public:
  ShedReports(const PostCounts& counts, CollectorLog& log) : counts_(counts), log_(log) {}

  // What was sent away since the last time.
  void Tell() {
    const auto limited = Since(counts_.limited, limited_);
    const auto unavailable = Since(counts_.unavailable, unavailable_);
    const auto refused = Since(counts_.refused, refused_);
    if (limited == 0 && unavailable == 0) return;
    log_.Write(CollectorEvent::kShed, "reports were sent away: " + Decimal(limited) +
                                          " of senders over their limits, " + Decimal(unavailable) +
                                          " that could not be stored in time; beside them " +
                                          Decimal(refused) + " were refused as no good reports");
  }

 private:
  static std::int64_t Since(const std::atomic<std::uint64_t>& count, std::uint64_t& last) {
    const std::uint64_t now = count;
    return static_cast<std::int64_t>(now - std::exchange(last, now));
  }

  const PostCounts& counts_;
  CollectorLog& log_;
  std::uint64_t limited_ = 0, unavailable_ = 0, refused_ = 0;
};

}  // namespace

Problems ServeCollector(const CollectorOptions& options) {
  const sigset_t ends = BlockEndSignals();
  LeaveNoCore();
  KeepSomeMemory();
  Result<CollectorSetup> checked = CheckCollectorOptions(options);
  if (!checked.ok()) return std::move(checked).problems();
  CollectorSetup setup = std::move(checked).value();
  Problems problems;
  const auto take = [&problems](auto result) {
    if (!result.ok()) problems.AddAll(std::move(result).problems());
    return result;
  };
  auto store = take(OpenCollectorStore(options.place()));
  auto seen = take(OpenCollectorStore(options.place()));
  auto signer = take(ReceiptSigner::Open(options.folder, options.receipt_key_file));
  auto server = take(HttpServer::Open(setup.server));
  if (!problems.empty()) return WhereGiven(problems, options.origins);

  CollectorLog log(SystemClock(), options.json_log());
  const ArrivalReader reader(setup.catalogues, options.unknown());
  AddressHasher hasher(SystemClock(), SystemRandom());
  IntakeQueue queue(*store.value(), SystemClock(), {});
  CollectorApi api({reader, *signer.value(), queue, hasher, SystemClock(), setup.proxies, &log},
                   *store.value(), options.limits());
  StatisticsDesk desk(
      [&](const StatisticsQuery& query) {
        return ReadStatistics(*seen.value(), setup.catalogues, query);
      },
      SystemClock());
  const CollectorViews views(
      {*seen.value(), desk, SystemClock(), setup.proxies, options.public_statistics});
  std::unique_ptr<HttpServer> running = std::move(server).value();
  problems = running->Start([&](const HttpRequest& head, const HttpPeer& peer) -> HttpNext {
    if (!MayConnect(peer, setup.proxies)) {
      return {ProblemAnswer(403, "only the proxies of --proxy may connect", {}, true)};
    }
    if (auto view = views.Handle(head, peer)) return *std::move(view);
    return api.Handle(head, peer);
  });
  if (!problems.empty()) return problems;
  ShedReports shed(api.counts(), log);
  log.Write(CollectorEvent::kStarted, "reports are received at " + running->Where());
  NotifySystemd("READY=1");
  const timespec minute = {60, 0};
  for (std::int64_t minutes = 0; ::sigtimedwait(&ends, nullptr, &minute) < 0; ++minutes) {
    hasher.EndDay();
    shed.Tell();
    if (minutes % 60 == 0) Expire(setup.keep_days, *store.value(), log);
  }
  log.Write(CollectorEvent::kStopping, "what is here is stored, and nothing more is taken");
  NotifySystemd("STOPPING=1");
  api.Drain(kDrainMs);
  running.reset();
  // Before what its answers are made with.
  queue.Close();
  shed.Tell();
  log.Write(CollectorEvent::kStopped, "stopped");
  return {};
}

}  // namespace candor
