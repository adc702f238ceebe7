// A node of a cluster: a host that counts from when it is told to until SIGTERM.
//
//   cluster_node STATE_FOLDER STATE_DATABASE ENDPOINT ORACLE
//
// The oracle is a file of three numbers in memory, shared by all nodes: whether to count, how many
// counts were begun, and how many are done.
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <thread>

#include "native/include/candor/telemetry.h"
#include "tests/faults/cluster_oracle.h"

namespace {

volatile sig_atomic_t ends = 0;

void End(int) { ends = 1; }

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  const int file = ::open(argv[4], O_RDWR | O_CLOEXEC);
  void* map =
      ::mmap(nullptr, sizeof(candor::ClusterOracle), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (map == MAP_FAILED) return 2;
  auto* oracle = static_cast<candor::ClusterOracle*>(map);
  ::signal(SIGTERM, End);
  candor::TelemetryOptions options;
  options.config =
      R"({"mode": "online", "initializeTelemetry": true, "initialReport": true,
          "reportingPeriodSeconds": 2, "telemetryRequestTimeout": 3000, "endpoint": ")" +
      std::string(argv[3]) + R"("})";
  options.read_environment = false;
  options.state_folder = argv[1];
  options.state_database = argv[2];
  options.log = [](const candor::TelemetryLogLine& line) {
    std::fwrite(line.text.data(), 1, line.text.size(), stderr);
  };
  candor::Telemetry telemetry(std::move(options));
  telemetry.SetProduct("Camunda BPM Runtime", "7.19.0", "community");
  telemetry.SetDatabase("PostgreSQL", "15.18");
  const candor::Counter work = telemetry.Command("WorkCmd");
  telemetry.Start();
  while (ends == 0) {
    std::this_thread::sleep_for(std::chrono::microseconds(500));
    if (!oracle->counts.load()) continue;
    oracle->begun.fetch_add(1);
    telemetry.Add(work);
    oracle->done.fetch_add(1);
  }
  const auto begin = std::chrono::steady_clock::now();
  telemetry.Stop();
  const auto took = std::chrono::steady_clock::now() - begin;
  std::printf(
      "stop %lld\n",
      static_cast<long long>(std::chrono::duration_cast<std::chrono::milliseconds>(took).count()));
  return 0;
}
