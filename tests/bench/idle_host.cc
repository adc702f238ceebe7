// A host that does nothing, to be looked at from outside: without telemetry, or with a reporter
// that was agreed to and sleeps until its next report is due.
//
//   idle_host                      without
//   idle_host STATE ENDPOINT       with
//   idle_host STATE ENDPOINT yes   says the yes, and ends
//
// Prints a line once it is idle, goes on when standard input ends, and then prints how many
// milliseconds Stop took.
#include <chrono>
#include <cstdio>
#include <string>
#include <thread>
#include <utility>

#include "native/include/candor/telemetry.h"

namespace {

void Idle() {
  std::puts("idle");
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
}

candor::TelemetryOptions Options(const std::string& state, const std::string& endpoint) {
  candor::TelemetryOptions options;
  options.config = R"({"mode": "online", "endpoint": ")" + endpoint + R"("})";
  options.read_environment = false;
  options.state_folder = state;
  return options;
}

int WithTelemetry(candor::TelemetryOptions options) {
  candor::Telemetry telemetry(std::move(options));
  telemetry.SetProduct("Shop", "2.1.0", "community");
  if (!telemetry.Start()) {
    std::fputs("idle_host: the reporter does not run\n", stderr);
    return 1;
  }
  telemetry.Add(telemetry.Command("DeployCmd"));
  // The first turn remembers the facts and the due time.
  std::this_thread::sleep_for(std::chrono::seconds(1));
  Idle();
  const auto begin = std::chrono::steady_clock::now();
  telemetry.Stop();
  const auto took = std::chrono::steady_clock::now() - begin;
  std::printf("%lld\n", static_cast<long long>(
                            std::chrono::duration_cast<std::chrono::milliseconds>(took).count()));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 4) return candor::Telemetry(Options(argv[1], argv[2])).Toggle(true, "ada") ? 0 : 1;
  if (argc == 3) return WithTelemetry(Options(argv[1], argv[2]));
  Idle();
  return 0;
}
