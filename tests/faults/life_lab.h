// Runs lives (life.cc) against a receiver, and adds up what became of every count.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "tests/native/receiver.h"

namespace candor {

struct LifeEnd {
  std::string output;         // Standard output.
  std::string errors;         // Standard error.
  int status = -1;            // As waitpid gives it.
  std::int64_t stop_ms = -1;  // How long Stop took; -1 when it was not reached.
};

class LifeLab {
 public:
  explicit LifeLab(std::uint64_t seed);
  ~LifeLab();
  LifeLab(const LifeLab&) = delete;
  LifeLab& operator=(const LifeLab&) = delete;

  std::filesystem::path state() const { return folder_ / "state"; }
  Receiver& receiver() { return receiver_; }
  // Numbers that can be repeated from the seed.
  std::uint64_t Below(std::uint64_t most);

  // The life's command line, with `more` behind it.
  std::vector<std::string> Life(const std::vector<std::string>& more = {}) const;
  // Runs a command to its end, or kills it after `kill_after_us`.
  LifeEnd Run(const std::vector<std::string>& command,
              std::optional<std::int64_t> kill_after_us = {});
  // Runs a life under strace with these options. Counting of system calls begins where the life's
  // own work does.
  LifeEnd RunTraced(const std::vector<std::string>& strace_options,
                    const std::vector<std::string>& more = {});

  struct Sum {
    std::uint64_t begun = 0, done = 0;  // By the oracle.
    std::uint64_t found = 0;            // Accepted, waiting and still to be reported.
    std::uint64_t lost = 0, doubled = 0;
    std::string problem;  // The state could not be read, or the journal does not hold.
  };
  // REQUIRES: no life runs.
  Sum AddUp();
  // Starts over with an empty state, oracle and receiver's memory kept.
  void ForgetState();

 private:
  std::filesystem::path folder_;
  std::uint64_t random_;
  Receiver receiver_;
  std::uint64_t forgotten_ = 0;  // Accepted before the last ForgetState.
};

// Whether there is a strace that may attach to lives.
bool CanTrace();

}  // namespace candor
