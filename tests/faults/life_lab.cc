#include "tests/faults/life_lab.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "core/journal.h"
#include "core/json_reader.h"
#include "native/counters/counters.h"
#include "native/reporter/setup.h"
#include "native/state/sqlite_store.h"

namespace candor {
namespace {

constexpr char kCounter[] = "/product/internals/commands/WorkCmd/count";

std::uint64_t CountIn(const std::string& body) {
  const Result<JsonValue> report = ReadJson(body);
  if (!report.ok()) return 0;
  const JsonValue* place = &report.value();
  for (const char* step : {"product", "internals", "commands", "WorkCmd", "count"}) {
    if (place != nullptr) place = place->Find(step);
  }
  std::int64_t count = 0;
  return place != nullptr && place->AsInteger(&count) ? static_cast<std::uint64_t>(count) : 0;
}

std::string ReadAll(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

pid_t Spawn(const std::vector<std::string>& command, const std::string& out, const std::string& err,
            int in) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  const int out_file = ::open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  const int err_file = ::open(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0600);
  if (in >= 0) ::dup2(in, STDIN_FILENO);
  ::dup2(out_file, STDOUT_FILENO);
  ::dup2(err_file, STDERR_FILENO);
  ::close(out_file);
  ::close(err_file);
  ::closefrom(3);
  std::vector<char*> arguments;
  for (const std::string& argument : command) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);
  ::execvp(arguments[0], arguments.data());
  ::_exit(127);
}

// Everything is bounded: a life that hangs is killed, and shows as one that was.
int Wait(pid_t child, std::int64_t limit_us) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::microseconds(limit_us);
  int status = -1;
  while (::waitpid(child, &status, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() >= end) {
      ::kill(child, SIGKILL);
      ::waitpid(child, &status, 0);
      break;
    }
    std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
  return status;
}

constexpr std::int64_t kLimitUs = 20'000'000;

std::int64_t NumberAfter(const std::string& text, const std::string& word) {
  const std::size_t at = text.rfind(word + " ");
  return at == std::string::npos ? -1 : std::atoll(text.c_str() + at + word.size() + 1);
}

}  // namespace

LifeLab::LifeLab(std::uint64_t seed) : random_(seed) {
  std::string pattern = std::filesystem::temp_directory_path() / "candor-life-XXXXXX";
  folder_ = ::mkdtemp(pattern.data());
}

LifeLab::~LifeLab() { std::filesystem::remove_all(folder_); }

std::uint64_t LifeLab::Below(std::uint64_t most) {
  std::uint64_t z = random_ += 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return (z ^ (z >> 31)) % most;
}

std::vector<std::string> LifeLab::Life(const std::vector<std::string>& more) const {
  std::vector<std::string> command = {
      CANDOR_LIFE,          "--state",  state(),           "--endpoint",
      receiver_.Endpoint(), "--oracle", folder_ / "oracle"};
  command.insert(command.end(), more.begin(), more.end());
  return command;
}

LifeEnd LifeLab::Run(const std::vector<std::string>& command,
                     std::optional<std::int64_t> kill_after_us) {
  // Several lives may run at once, each with files of its own.
  static std::atomic<int> number{0};
  const std::string name = folder_ / ("run-" + std::to_string(++number));
  const pid_t child = Spawn(command, name + ".out", name + ".err", -1);
  LifeEnd end;
  end.status = Wait(child, kill_after_us.value_or(kLimitUs));
  end.output = ReadAll(name + ".out");
  end.errors = ReadAll(name + ".err");
  end.stop_ms = NumberAfter(end.errors, "stop");
  std::filesystem::remove(name + ".out");
  std::filesystem::remove(name + ".err");
  return end;
}

LifeEnd LifeLab::RunTraced(const std::vector<std::string>& strace_options,
                           const std::vector<std::string>& more) {
  const std::string out = folder_ / "traced.out", err = folder_ / "traced.err";
  std::filesystem::remove(err);
  std::vector<std::string> life = Life(more);
  life.push_back("--wait");
  int go[2];
  if (::pipe2(go, O_CLOEXEC) != 0) return {};
  const pid_t child = Spawn(life, out, err, go[0]);
  ::close(go[0]);
  while (NumberAfter(ReadAll(err), "pid") < 0) {
    std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
  std::vector<std::string> strace = {"strace", "-f", "-p", std::to_string(child)};
  strace.insert(strace.end(), strace_options.begin(), strace_options.end());
  const std::string said = folder_ / "strace.err";
  std::filesystem::remove(said);
  const pid_t tracer = Spawn(strace, folder_ / "strace.out", said, -1);
  while (ReadAll(said).find("attached") == std::string::npos &&
         ::waitpid(tracer, nullptr, WNOHANG) == 0) {
    std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
  // A life that is gone already is found to be by what follows.
  static_cast<void>(!::write(go[1], "x", 1));
  LifeEnd end;
  end.status = Wait(child, kLimitUs);
  Wait(tracer, kLimitUs);
  ::close(go[1]);
  end.output = ReadAll(out);
  end.errors = ReadAll(err);
  end.stop_ms = NumberAfter(end.errors, "stop");
  return end;
}

LifeLab::Sum LifeLab::AddUp() {
  Sum sum;
  const std::string oracle = ReadAll(folder_ / "oracle");
  if (oracle.size() == 16) {
    std::copy_n(oracle.data(), 8, reinterpret_cast<char*>(&sum.begun));
    std::copy_n(oracle.data() + 8, 8, reinterpret_cast<char*>(&sum.done));
  }
  const auto accepted = receiver_.accepted();
  for (const auto& [key, report] : accepted) {
    sum.found += CountIn(report.body);
    if (report.differed) sum.problem = "one key came with two bodies";
  }
  const auto store = OpenSqliteStore(state());
  if (!store.ok()) {
    sum.problem = store.error().message;
    return sum;
  }
  const Result<Snapshot> snapshot = store.value()->Read();
  const auto journal = store.value()->ReadJournal(0, 1'000'000);
  if (!snapshot.ok() || !journal.ok()) {
    sum.problem = "the state cannot be read";
    return sum;
  }
  if (CountLinked(journal.value()) != journal.value().size()) sum.problem = "the journal is broken";
  const auto& pending = snapshot.value().pending;
  if (pending && accepted.count(pending->id) == 0) sum.found += CountIn(pending->bytes);
  const Counters counters(CountersPath(state()));
  for (const auto& [name, count] :
       CountedSince(snapshot.value().state.baselines, counters.Totals())) {
    if (name == kCounter) sum.found += count;
  }
  sum.found -= std::min(sum.found, forgotten_);
  sum.lost = sum.done > sum.found ? sum.done - sum.found : 0;
  sum.doubled = sum.found > sum.begun ? sum.found - sum.begun : 0;
  return sum;
}

void LifeLab::ForgetState() {
  std::filesystem::remove_all(state());
  std::filesystem::remove(folder_ / "oracle");
  forgotten_ = 0;
  for (const auto& [key, report] : receiver_.accepted()) forgotten_ += CountIn(report.body);
}

bool CanTrace() {
  // Lives are no descendants of strace: without root the kernel may forbid to attach to them.
  const std::string scope = ReadAll("/proc/sys/kernel/yama/ptrace_scope");
  const bool may_attach = ::geteuid() == 0 || scope.empty() || scope[0] == '0';
  return may_attach && std::system("strace -o /dev/null true > /dev/null 2>&1") == 0;
}

}  // namespace candor
