// Runs a program and keeps what it printed, within limits of time and size, and until it is called
// off. Nothing of it stays behind: it has a process group of its own, which is ended as a whole.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace candor {

// Calls off, from any thread, what waits; once and for all.
class Cancellation {
 public:
  Cancellation();
  ~Cancellation();
  Cancellation(const Cancellation&) = delete;
  Cancellation& operator=(const Cancellation&) = delete;

  void Cancel() noexcept;
  // Readable afterwards. -1 when there was none to be had: then only time ends what waits.
  int descriptor() const { return descriptor_; }

 private:
  const int descriptor_;
};

struct ProcessLimits {
  std::int64_t timeout_ms = 5'000;
  std::size_t output_bytes = std::size_t{64} << 10;  // Standard output and error together.
};

struct EndedProcess {
  std::string problem;  // Why it did not end by itself, or not well; "" when it did.
  int status = 0;       // Its exit status, when there is no problem.
  std::string output, error;
};

// `words` are the program, looked up in PATH when it has no slash, and its arguments; no shell
// takes part. Its standard input is empty; its environment is this process's without `left_out`.
// REQUIRES: `words` is not empty.
EndedProcess RunProcess(const std::vector<std::string>& words,
                        std::span<const std::string_view> left_out, const ProcessLimits& limits,
                        const Cancellation& cancellation);

}  // namespace candor
