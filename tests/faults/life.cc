// A scripted life of a host with telemetry, to be killed, starved and lied to from outside. What it
// prints is the same whatever happens to its telemetry.
//
//   life --state FOLDER --endpoint URL [--oracle FILE] [--work N] [--stay MS] [--config JSON]
//        [--toggle on|off] [--without] [--fail-allocation N | --fail-allocations-from N]
//        [--count-allocations] [--wait]
//
// With --wait it prints its process id and begins when standard input says so. Standard error tells
// how many milliseconds Stop took.
//
// The oracle is a file of two numbers in memory, shared by all lives: how many counts were begun,
// and how many are done.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>
#include <thread>

#include "native/include/candor/telemetry.h"
#include "tests/faults/failing_malloc.h"

namespace candor {
namespace {

struct Oracle {
  std::atomic<std::uint64_t> begun, done;
};

struct Arguments {
  std::string state, endpoint, oracle, config, toggle;
  int work = 100;
  int stay_ms = 0;
  bool without = false, count_allocations = false, for_ever = false, wait = false;
  std::uint64_t fail_allocation = 0;
};

[[noreturn]] void Die(const char* why) {
  std::fprintf(stderr, "life: %s\n", why);
  std::exit(2);
}

Arguments Parse(int argc, char** argv) {
  Arguments arguments;
  for (int i = 1; i < argc; ++i) {
    const std::string name = argv[i];
    if (name == "--without") {
      arguments.without = true;
      continue;
    }
    if (name == "--count-allocations") {
      arguments.count_allocations = true;
      continue;
    }
    if (name == "--wait") {
      arguments.wait = true;
      continue;
    }
    if (++i >= argc) Die("an option needs a value");
    const std::string value = argv[i];
    if (name == "--state") {
      arguments.state = value;
    } else if (name == "--endpoint") {
      arguments.endpoint = value;
    } else if (name == "--oracle") {
      arguments.oracle = value;
    } else if (name == "--config") {
      arguments.config = value;
    } else if (name == "--toggle") {
      arguments.toggle = value;
    } else if (name == "--work") {
      arguments.work = std::atoi(value.c_str());
    } else if (name == "--stay") {
      arguments.stay_ms = std::atoi(value.c_str());
    } else if (name == "--fail-allocation" || name == "--fail-allocations-from") {
      arguments.fail_allocation = std::strtoull(value.c_str(), nullptr, 10);
      arguments.for_ever = name == "--fail-allocations-from";
    } else {
      Die("an unknown option");
    }
  }
  return arguments;
}

Oracle* OpenOracle(const std::string& path) {
  static Oracle own;
  if (path.empty()) return &own;
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0 || ::ftruncate(file, sizeof(Oracle)) != 0) Die("no oracle");
  void* map = ::mmap(nullptr, sizeof(Oracle), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (map == MAP_FAILED) Die("no oracle");
  ::close(file);
  return static_cast<Oracle*>(map);
}

TelemetryOptions Options(const Arguments& arguments) {
  TelemetryOptions options;
  options.config = !arguments.config.empty()
                       ? arguments.config
                       : R"({"mode": "online", "reportingPeriodSeconds": 1, "endpoint": ")" +
                             arguments.endpoint + R"("})";
  options.read_environment = false;
  options.state_folder = arguments.state;
  options.log = [](const TelemetryLogLine&) {};
  return options;
}

void Work(const Arguments& arguments, Oracle* oracle, Telemetry* telemetry) {
  const Counter counter = telemetry != nullptr ? telemetry->Command("WorkCmd") : Counter();
  for (int i = 0; i < arguments.work; ++i) {
    if (telemetry == nullptr) continue;
    oracle->begun.fetch_add(1);
    telemetry->Add(counter);
    oracle->done.fetch_add(1);
  }
}

void Live(const Arguments& arguments, Oracle* oracle) {
  if (arguments.without) return Work(arguments, oracle, nullptr);
  TelemetryOptions options = Options(arguments);
  if (arguments.fail_allocation != 0 || arguments.count_allocations) {
    FailAllocation(arguments.fail_allocation, arguments.for_ever);
  }
  {
    Telemetry telemetry(std::move(options));
    telemetry.SetProduct("Camunda BPM Runtime", "7.19.0", "community");
    telemetry.SetDatabase("H2", "1.4.199");
    telemetry.SetLicenseKey("c2lnbmF0dXJl;customer = ACME;expiryDate = 2027-01-01");
    telemetry.AddWebapp("cockpit");
    if (!arguments.toggle.empty()) telemetry.Toggle(arguments.toggle == "on", "ada");
    telemetry.Start();
    Work(arguments, oracle, &telemetry);
    telemetry.SeeTaskWorker("mary");
    if (arguments.stay_ms > 0) {
      std::this_thread::sleep_for(std::chrono::milliseconds(arguments.stay_ms));
    }
    const auto begin = std::chrono::steady_clock::now();
    telemetry.Stop();
    const auto took = std::chrono::steady_clock::now() - begin;
    std::fprintf(stderr, "stop %lld\n",
                 static_cast<long long>(
                     std::chrono::duration_cast<std::chrono::milliseconds>(took).count()));
  }
  const std::uint64_t allocations = StopFailingAllocations();
  if (arguments.count_allocations) {
    std::fprintf(stderr, "%llu\n", static_cast<unsigned long long>(allocations));
  }
}

}  // namespace
}  // namespace candor

int main(int argc, char** argv) {
  const candor::Arguments arguments = candor::Parse(argc, argv);
  if (arguments.fail_allocation != 0 && !candor::CanFailAllocations()) {
    std::fprintf(stderr, "life: this build cannot fail allocations\n");
    return 3;
  }
  candor::Oracle* oracle = candor::OpenOracle(arguments.oracle);
  if (arguments.wait) {
    std::fprintf(stderr, "pid %d\n", static_cast<int>(::getpid()));
    // A call that nothing else here makes, so that no injected error meets it.
    char go = 0;
    iovec into = {&go, 1};
    if (::readv(STDIN_FILENO, &into, 1) != 1) return 2;
  }
  std::puts("work begins");
  candor::Live(arguments, oracle);
  std::printf("work done: %d\n", arguments.work);
  return 0;
}
