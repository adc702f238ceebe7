// Three nodes, each in a network namespace of its own, and a PostgreSQL in this process's, which
// only they can reach. Each node has a receiver on its own loopback.
//
// Needs root: the process moves into a new network namespace. REQUIRES: no other thread yet.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "native/state/state_store.h"
#include "tests/faults/cluster_oracle.h"
#include "tests/native/postgres_server.h"
#include "tests/native/receiver.h"

namespace candor {

class ClusterLab {
 public:
  static constexpr int kNodes = 3;

  // Whether namespaces and links can be made here, and PostgreSQL is installed.
  static bool IsPossible();

  explicit ClusterLab(std::uint64_t seed);
  ~ClusterLab();
  ClusterLab(const ClusterLab&) = delete;
  ClusterLab& operator=(const ClusterLab&) = delete;

  // Numbers that can be repeated from the seed.
  std::uint64_t Below(std::uint64_t most);

  void Start(int node);
  bool IsRunning(int node) const { return nodes_[node].process != 0; }
  void Kill(int node);
  // SIGTERM; how long Telemetry::Stop took, -1 when the node had to be killed.
  std::int64_t Stop(int node);
  void Pause(int node);
  void Resume(int node);
  void Cut(int node);
  void Heal(int node);
  PostgresServer& database() { return *database_; }
  // A lost answer, a refusal for now, or nothing at all instead of the answer, now and then.
  void LoseAnswers(bool on) { loses_ = on; }

  ClusterOracle& oracle() { return *oracle_; }
  // A store of this process's own on the same database.
  StateStore& store() { return *store_; }
  // How many nodes share their counts under the decision that stands.
  int SharingNodes();

  struct Sum {
    std::uint64_t reported = 0, open = 0;
    std::uint64_t lost = 0, doubled = 0;
    std::string problem;
    std::size_t reports = 0, initial = 0, scheduled = 0;
    std::int64_t closest_ms = 0, longest_gap_ms = 0;  // Between two scheduled reports; acceptances.
  };
  // REQUIRES: no node runs.
  Sum AddUp();
  std::string folder() const { return folder_.string(); }

 private:
  struct Node {
    pid_t holder = 0, process = 0;  // Of the namespace; of the node.
    std::unique_ptr<Receiver> receiver;
    std::filesystem::path folder;
    std::string output;
  };

  void MakeNamespace(int node);
  std::string NodeConninfo(int node) const;
  std::map<std::string, Receiver::Accepted> Accepted(std::string& problem) const;
  std::uint64_t Unshared(std::string& problem) const;
  std::string Ask(const std::string& sql) const;

  std::filesystem::path folder_;
  std::uint64_t random_;
  std::atomic<bool> loses_{false};
  std::atomic<std::uint64_t> answers_{0};
  ClusterOracle* oracle_ = nullptr;
  std::unique_ptr<PostgresServer> database_;
  std::unique_ptr<StateStore> store_;
  std::vector<Node> nodes_;
};

}  // namespace candor
