#include "native/collector/collector_service.h"

#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "native/base/notify.h"
#include "native/base/random.h"
#include "native/collector/collector_views.h"
#include "native/collector/open_collector_store.h"
#include "native/collector/retention.h"
#include "native/http/problem.h"

namespace candor {
namespace {

constexpr std::int64_t kDrainMs = 5000;

// A core file would hold addresses, and the keys that hide them.
void LeaveNoCore() {
  const rlimit none = {0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
}

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

bool MayConnect(const HttpPeer& peer, const std::vector<std::string>& proxies) {
  return peer.tls || peer.is_unix() || peer.address.starts_with("127.") || peer.address == "::1" ||
         std::find(proxies.begin(), proxies.end(), peer.address) != proxies.end();
}

void Expire(const KeepDays& days, CollectorStore& store) {
  const Result<std::int64_t> expired = ExpireReports(days, SystemClock().Wall(), store);
  if (!expired.ok()) {
    std::fprintf(stderr, "candor-collector: %s\n", expired.error().message.c_str());
  } else if (expired.value() > 0) {
    std::fprintf(stderr, "candor-collector: %lld reports were old, and are deleted\n",
                 static_cast<long long>(expired.value()));
  }
}

}  // namespace

Problems ServeCollector(const CollectorOptions& options) {
  const sigset_t ends = BlockEndSignals();
  LeaveNoCore();
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

  const ArrivalReader reader(std::move(setup.catalogues), options.unknown());
  AddressHasher hasher(SystemClock(), SystemRandom());
  IntakeQueue queue(*store.value(), SystemClock(), {});
  CollectorApi api({reader, *signer.value(), queue, hasher, SystemClock(), setup.proxies},
                   options.limits());
  CollectorViews views({*seen.value(), setup.proxies});
  std::unique_ptr<HttpServer> running = std::move(server).value();
  problems = running->Start([&](const HttpRequest& head, const HttpPeer& peer) -> HttpNext {
    if (!MayConnect(peer, setup.proxies)) {
      return {ProblemAnswer(403, "only the proxies of --proxy may connect", {}, true)};
    }
    if (auto view = views.Handle(head, peer)) return *std::move(view);
    return api.Handle(head, peer);
  });
  if (!problems.empty()) return problems;
  std::fprintf(stderr, "candor-collector: reports are received at %s\n", running->Where().c_str());
  NotifySystemd("READY=1");
  const timespec minute = {60, 0};
  for (std::int64_t minutes = 0; ::sigtimedwait(&ends, nullptr, &minute) < 0; ++minutes) {
    hasher.EndDay();
    if (minutes % 60 == 0) Expire(setup.keep_days, *store.value());
  }
  NotifySystemd("STOPPING=1");
  api.Drain(kDrainMs);
  running.reset();
  // Before what its answers are made with.
  queue.Close();
  return {};
}

}  // namespace candor
