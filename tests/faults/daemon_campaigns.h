// The campaigns of daemon_faults.cc. They print what is wrong and their totals, and return the exit
// status: 0, 1 when a law was broken, 77 when they cannot run here.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>

#include "tests/faults/daemon_lab.h"

namespace candor {

// With `counts`, programs count through the local API meanwhile.
int DaemonKills(std::uint64_t lives, std::uint64_t seed, bool counts);
int DaemonFiles(std::uint64_t steps, std::uint64_t seed);
int DaemonClock(std::uint64_t jumps, std::uint64_t seed);
int DaemonDisk(std::uint64_t rounds, std::uint64_t seed);

// What was found so far.
struct Findings {
  std::uint64_t broken = 0;
  void Add(const std::string& where, const std::string& what) {
    if (what.empty()) return;
    ++broken;
    std::printf("%s: %s\n", where.c_str(), what.c_str());
  }
  // The last line of a campaign, with what it did.
  int Print(const std::string& name, const std::string& did, std::uint64_t seed) const {
    std::printf("%s: %s, %llu broken, seed %llu\n", name.c_str(), did.c_str(),
                static_cast<unsigned long long>(broken), static_cast<unsigned long long>(seed));
    return broken == 0 ? 0 : 1;
  }
};

// A facts file of the engine's with this version.
inline std::string Product(const std::string& version) {
  return R"({"values": {"product": {"name": "Shop", "edition": "community", "version": ")" +
         version + "\"}}}";
}
// The version that a report names, "" for none.
inline std::string VersionIn(const std::string& report) {
  const std::string key = "\"version\": \"";
  const std::size_t at = report.find(key);
  if (at == std::string::npos) return "";
  return report.substr(at + key.size(), report.find('"', at + key.size()) - at - key.size());
}

// As DaemonEnd means it: it ended by itself, and in time.
inline std::string WhyBadEnd(const DaemonEnd& end) {
  if (end.status != 0) return "SIGTERM ended in status " + std::to_string(end.status);
  if (end.took_ms > 2'000) return "SIGTERM took " + std::to_string(end.took_ms) + " ms";
  return "";
}

}  // namespace candor
