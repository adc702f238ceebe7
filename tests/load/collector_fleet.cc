#include "tests/load/collector_fleet.h"

#include <signal.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace candor {
namespace {

using namespace std::chrono_literals;

// Where PostgresServer makes its folder.
std::unique_ptr<PostgresServer> DatabaseIn(const std::string& folder) {
  ::setenv("TMPDIR", folder.c_str(), 1);
  auto server = std::make_unique<PostgresServer>(
      PostgresServer::Options{.settings = {"fsync=on", "checkpoint_timeout=30s"}});
  ::unsetenv("TMPDIR");
  return server;
}

// A killed server leaves processes of its own behind, which may sleep on with files on the disk
// open.
void KillWhoWorksIn(const std::filesystem::path& folder) {
  for (const auto& process : std::filesystem::directory_iterator("/proc")) {
    std::error_code none;
    if (std::filesystem::read_symlink(process.path() / "cwd", none) != folder) continue;
    ::kill(std::atoi(process.path().filename().c_str()), SIGKILL);
  }
}

}  // namespace

CollectorFleet::CollectorFleet(const Options& options)
    : options_(options), collectors_(options.collectors) {
  if (!options.device.empty()) {
    disk_.emplace(options.device, options.mountpoint);
    disk_->Mount();
  }
  const std::string store = disk_ ? options.mountpoint : MemoryFolder().string();
  if (options.postgres) {
    shared_.emplace(MemoryFolder());
    shared_->Write("receipts.key", std::string(63, '0') + "1\n");
    database_ = DatabaseIn(store);
  }
  for (Collector& collector : collectors_) {
    collector.folder = std::make_unique<Folder>(options.postgres ? MemoryFolder().string() : store);
  }
  // The folders are not what may be lost.
  if (disk_) disk_->Sync();
  StartAll();
}

CollectorFleet::~CollectorFleet() {
  collectors_.clear();
  database_.reset();
  if (disk_) disk_->Unmount();
}

void CollectorFleet::StartAll() {
  if (database_) database_->Start();
  for (Collector& collector : collectors_) Start(collector);
}

void CollectorFleet::Start(Collector& collector) {
  std::vector<std::string> options = LoadOptions();
  if (database_) {
    const std::string place = "host=" + database_->folder().string() +
                              "&port=" + std::to_string(database_->port()) +
                              "&user=" + PostgresServer::kUser;
    options.insert(options.end(), {"--store", "postgresql:///postgres?" + place, "--receipt-key",
                                   shared_->Path("receipts.key")});
  }
  if (!options_.no_sync.empty()) ::setenv("LD_PRELOAD", options_.no_sync.c_str(), 1);
  collector.process = std::make_unique<CollectorProcess>(*collector.folder, options);
  collector.since = std::chrono::steady_clock::now();
  ::unsetenv("LD_PRELOAD");
}

std::optional<std::uint16_t> CollectorFleet::PortOf(std::size_t collector) const {
  const Collector& one = collectors_[collector];
  const std::string log = one.process->Log(), before = "received at 127.0.0.1:";
  const std::size_t at = log.find(before);
  if (at != std::string::npos && log.find('\n', at) != std::string::npos) {
    return static_cast<std::uint16_t>(std::atoi(log.c_str() + at + before.size()));
  }
  if (std::chrono::steady_clock::now() > one.since + 60s) {
    throw std::runtime_error("a collector does not start: " + log);
  }
  return std::nullopt;
}

void CollectorFleet::Kill(std::size_t collector) {
  collectors_[collector].process.reset();
  Start(collectors_[collector]);
}

void CollectorFleet::CutPower() {
  if (disk_) disk_->Cut();
  for (Collector& collector : collectors_) collector.process.reset();
  if (database_) {
    database_->Kill();
    KillWhoWorksIn(database_->folder() / "data");
  }
  if (disk_) {
    disk_->Unmount();
    disk_->Mount();
  }
  StartAll();
}

void CollectorFleet::VisitReports(const VisitBytes& visit) {
  for (Collector& collector : collectors_) collector.process->End(SIGTERM);
  if (database_) return VisitPostgresReports(database_->Conninfo(), visit);
  VisitSqliteReports(collectors_.front().folder->Path("store/reports.db"), visit);
}

}  // namespace candor
