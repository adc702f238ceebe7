// Nodes of one installation that are killed, paused, stopped, cut off from their database and
// healed, whose database dies, and whose answers are lost.
//
//   cluster FAULTS [SEED]      ends in its totals; fails when a law was broken. 77: cannot run
//   here.
#include <signal.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "tests/faults/cluster_lab.h"

namespace candor {
namespace {

constexpr std::int64_t kPeriodMs = 2'000;
constexpr std::int64_t kTakeOverMs = 60'000;
constexpr std::int64_t kMaxStopMs = 2'000;

void Sleep(std::uint64_t ms) { std::this_thread::sleep_for(std::chrono::milliseconds(ms)); }

struct Tally {
  int killed = 0, stopped = 0, paused = 0, cut = 0, restarted = 0;
  std::int64_t longest_stop_ms = 0;
  bool hung = false;
};

// Nobody counts before every node has seen the yes: what comes before it is dropped, as it should.
bool Begin(ClusterLab& lab) {
  for (int node = 0; node < ClusterLab::kNodes; ++node) lab.Start(node);
  for (int i = 0; i < 600 && lab.SharingNodes() < ClusterLab::kNodes; ++i) Sleep(100);
  lab.oracle().counts = 1;
  return lab.SharingNodes() == ClusterLab::kNodes;
}

void NoteStop(ClusterLab& lab, int node, Tally& tally) {
  const std::int64_t took = lab.Stop(node);
  tally.hung = tally.hung || took < 0;
  tally.longest_stop_ms = std::max(tally.longest_stop_ms, took);
}

void Fault(ClusterLab& lab, Tally& tally) {
  const int node = static_cast<int>(lab.Below(ClusterLab::kNodes));
  lab.LoseAnswers(lab.Below(2) == 0);
  switch (lab.Below(20)) {
    case 0:
      ++tally.restarted;
      lab.database().Kill();
      Sleep(lab.Below(1'000));
      lab.database().Start();
      return;
    case 1:
    case 2:
    case 3:
    case 4:
    case 5:
    case 6:
      ++tally.cut;
      lab.Cut(node);
      Sleep(lab.Below(20) == 0 ? 7'000 : lab.Below(1'500));
      if (lab.Below(4) == 0) lab.Kill(node);
      lab.Heal(node);
      break;
    case 7:
    case 8:
    case 9:
    case 10:
    case 11:
      ++tally.paused;
      lab.Pause(node);
      Sleep(lab.Below(30) == 0 ? 45'000 : lab.Below(1'500));
      lab.Resume(node);
      break;
    case 12:
    case 13:
      ++tally.stopped;
      NoteStop(lab, node, tally);
      break;
    default:
      ++tally.killed;
      lab.Kill(node);
  }
  Sleep(lab.Below(300));
  if (!lab.IsRunning(node)) lab.Start(node);
}

int Run(std::uint64_t faults, std::uint64_t seed) {
  ClusterLab lab(seed);
  Tally tally;
  if (!Begin(lab)) {
    std::printf("cluster: the nodes did not find together; seed %llu\n",
                static_cast<unsigned long long>(seed));
    return 1;
  }
  for (std::uint64_t i = 0; i < faults; ++i) {
    Sleep(lab.Below(400));
    Fault(lab, tally);
    if (i % 50 == 49) std::printf("%llu faults\n", static_cast<unsigned long long>(i + 1));
  }
  lab.LoseAnswers(false);
  Sleep(3 * kPeriodMs);
  for (int node = 0; node < ClusterLab::kNodes; ++node) NoteStop(lab, node, tally);
  const ClusterLab::Sum sum = lab.AddUp();
  std::printf(
      "cluster: %llu faults (%d kills, %d stops, %d pauses, %d cuts, %d of the database), %llu "
      "counts, %zu reports with %llu of them, %llu open; %llu lost, %llu doubled; %zu initial, %zu "
      "scheduled at least %lld ms apart; longest without a report %lld ms; longest Stop %lld ms; "
      "seed %llu %s\n",
      static_cast<unsigned long long>(faults), tally.killed, tally.stopped, tally.paused, tally.cut,
      tally.restarted, static_cast<unsigned long long>(lab.oracle().done.load()), sum.reports,
      static_cast<unsigned long long>(sum.reported), static_cast<unsigned long long>(sum.open),
      static_cast<unsigned long long>(sum.lost), static_cast<unsigned long long>(sum.doubled),
      sum.initial, sum.scheduled, static_cast<long long>(sum.closest_ms),
      static_cast<long long>(sum.longest_gap_ms), static_cast<long long>(tally.longest_stop_ms),
      static_cast<unsigned long long>(seed), sum.problem.c_str());
  const bool good = sum.lost + sum.doubled == 0 && sum.problem.empty() && sum.initial <= 1 &&
                    sum.scheduled > 0 && sum.closest_ms >= kPeriodMs && !tally.hung &&
                    tally.longest_stop_ms <= kMaxStopMs &&
                    sum.longest_gap_ms <= kTakeOverMs + kPeriodMs;
  return good ? 0 : 1;
}

}  // namespace
}  // namespace candor

int main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  ::signal(SIGPIPE, SIG_IGN);
  const std::uint64_t faults = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 0;
  if (faults == 0) {
    std::fprintf(stderr, "cluster FAULTS [SEED]\n");
    return 2;
  }
  if (!candor::ClusterLab::IsPossible()) {
    std::puts("cluster: skipped, needs root, network namespaces and Debian's postgresql");
    return 77;
  }
  return candor::Run(faults, argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1);
}
