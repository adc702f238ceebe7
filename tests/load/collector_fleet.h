// Collectors on one store, whose processes are killed and whose store loses its power. Throws
// std::runtime_error where one of them does not come back.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/faults/cut_disk.h"
#include "tests/load/loaded_collector.h"
#include "tests/load/stored_reports.h"
#include "tests/native/postgres_server.h"

namespace candor {

class CollectorFleet {
 public:
  struct Options {
    std::size_t collectors = 1;  // More than one only with `postgres`.
    bool postgres = false;       // A server of its own; else SQLite.
    // An ext4 that the store is on, and where it is mounted; without it in memory.
    std::string device, mountpoint;
    std::string no_sync;  // A library under whose calls nothing is synced, or "".
  };

  explicit CollectorFleet(const Options& options);
  ~CollectorFleet();
  CollectorFleet(const CollectorFleet&) = delete;
  CollectorFleet& operator=(const CollectorFleet&) = delete;

  std::size_t size() const { return collectors_.size(); }
  // Its port, once it listens.
  std::optional<std::uint16_t> PortOf(std::size_t collector) const;
  // SIGKILL, and a new one in its place.
  void Kill(std::size_t collector);
  // The power of the store's machine, which all collectors are on: they and the database are gone,
  // what was not synced is gone, and all start again.
  void CutPower();
  // Ends all of them and visits what is stored.
  void VisitReports(const VisitBytes& visit);

 private:
  struct Collector {
    std::unique_ptr<Folder> folder;
    std::unique_ptr<CollectorProcess> process;
    std::chrono::steady_clock::time_point since;
  };
  void Start(Collector& collector);
  void StartAll();

  const Options options_;
  std::optional<CutDisk> disk_;
  std::optional<Folder> shared_;  // The receipts' key of several.
  std::unique_ptr<PostgresServer> database_;
  std::vector<Collector> collectors_;
};

}  // namespace candor
