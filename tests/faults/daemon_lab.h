// Runs `candor serve` as a process against a real receiver, and looks at what came of it.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "tests/native/receiver.h"
#include "tests/native/run_program.h"

namespace candor {

struct DaemonEnd {
  int status = -1;  // As waitpid gives it.
  std::int64_t took_ms = 0;
};

class DaemonLab {
 public:
  // Reports are the engine's, every `period_s`.
  DaemonLab(std::uint64_t seed, std::int64_t period_s);
  ~DaemonLab();
  DaemonLab(const DaemonLab&) = delete;
  DaemonLab& operator=(const DaemonLab&) = delete;

  std::filesystem::path Path(const std::string& name) const { return folder_ / name; }
  std::uint64_t Below(std::uint64_t most);
  // Beside and renamed.
  void Write(const std::string& name, const std::string& text) const;
  std::string Read(const std::string& name) const;

  // Components whose metrics are at these URLs; they are asked every ten seconds.
  void Configure(const std::vector<std::string>& urls) const;
  // With more environment variables than none, "NAME=value".
  void Start(const std::vector<std::string>& environment = {});
  bool is_running() const;
  // Adds to a count through the local API. Whether it was answered that it is kept; nothing when it
  // was not even asked for.
  std::optional<bool> Count(std::uint64_t n) const;
  // What the reports that were accepted say of that count.
  std::uint64_t CountedInReports() const;
  DaemonEnd End(int signal);
  // `candor COMMAND` on the configuration and the state folder.
  Ran Candor(const std::string& command) const;

  // How often the log of all lives holds a part.
  std::size_t CountLogged(const std::string& part) const;
  bool Eventually(const std::function<bool()>& holds, std::chrono::seconds most) const;

  // How each request is answered from now on; the number counts them. nullptr for 202.
  void Answer(std::function<Script(std::size_t)> answers);
  struct Accepted {
    std::chrono::steady_clock::time_point at;  // First.
    std::string id, body;
  };
  // In the order in which they were first accepted.
  std::vector<Accepted> accepted() const;
  // What is wrong with what was accepted and with the journal, a line each; "" when nothing is.
  // Where nothing is counted, no report goes out at an end either, and they are a period apart.
  std::string Check(bool counts = false) const;

 private:
  Script Decide(const Received& request);

  const std::filesystem::path folder_;
  const std::int64_t period_s_;
  std::uint64_t random_;
  pid_t process_ = 0;
  mutable std::mutex mutex_;  // Of all below.
  std::vector<Accepted> accepted_;
  std::map<std::string, std::size_t> by_id_;
  std::vector<std::string> broken_;
  std::function<Script(std::size_t)> answers_;
  std::size_t requests_ = 0;
  Receiver receiver_;
};

}  // namespace candor
