// candor-collector for load from one machine: whoever sends is told by X-Forwarded-For, and nobody
// is too often there.
#pragma once

#include <cstdint>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/native/collector_process.h"

namespace candor {

inline std::vector<std::string> LoadOptions() {
  return {"--proxy",
          "127.0.0.1",
          "--address-burst",
          "1000000000",
          "--address-per-second",
          "1000000",
          "--installation-burst",
          "1000000",
          "--installation-per-hour",
          "1000000"};
}

// Its port, once it listens. Throws std::runtime_error with what it said when it does not.
inline std::uint16_t PortOf(const CollectorProcess& collector) {
  const std::string address = collector.Address();
  if (address.empty()) throw std::runtime_error("the collector: " + collector.Log());
  return static_cast<std::uint16_t>(std::stoul(address.substr(address.rfind(':') + 1)));
}

// A field of /proc/PID/status in kB, such as "VmHWM:".
inline long StatusOf(pid_t process, const std::string& field) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string word; status >> word;) {
    if (word != field) continue;
    long kilobytes = 0;
    status >> kilobytes;
    return kilobytes;
  }
  return 0;
}

}  // namespace candor
