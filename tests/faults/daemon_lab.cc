#include "tests/faults/daemon_lab.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <thread>
#include <utility>

#include "tests/native/local_client.h"

namespace candor {
namespace {

using Clock = std::chrono::steady_clock;

std::filesystem::path MakeFolder() {
  std::string pattern = std::filesystem::temp_directory_path() / "candor-daemon-XXXXXX";
  return ::mkdtemp(pattern.data());
}

ReceiverOptions Deciding(std::function<Script(const Received&)> decide) {
  ReceiverOptions options;
  options.decide = std::move(decide);
  return options;
}

}  // namespace

DaemonLab::DaemonLab(std::uint64_t seed, std::int64_t period_s)
    : folder_(MakeFolder()),
      period_s_(period_s),
      random_(seed),
      receiver_(Deciding([this](const Received& request) { return Decide(request); })) {
  std::filesystem::create_directory(Path("facts"));
  std::filesystem::create_directory(Path("state"));
  std::filesystem::permissions(Path("state"), std::filesystem::perms::owner_all);
  Configure({});
}

DaemonLab::~DaemonLab() {
  End(SIGKILL);
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

// SplitMix64.
std::uint64_t DaemonLab::Below(std::uint64_t most) {
  std::uint64_t z = random_ += 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return (z ^ (z >> 31)) % most;
}

void DaemonLab::Write(const std::string& name, const std::string& text) const {
  std::ofstream(Path(name + ".new")) << text;
  std::filesystem::rename(Path(name + ".new"), Path(name));
}

std::string DaemonLab::Read(const std::string& name) const {
  std::ifstream file(Path(name), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void DaemonLab::Configure(const std::vector<std::string>& urls) const {
  std::string components;
  for (std::size_t i = 0; i < urls.size(); ++i) {
    const std::string id = "c" + std::to_string(i);
    components += "        - {name: " + id + ", id: " + id + ", metrics: \"" + urls[i] + "\"}\n";
  }
  Write("console.yaml",
        urls.empty() ? "{}"
                     : "camunda:\n  console:\n    customerId: c\n    installationId: "
                       "8343cc7a-8ad1-42d4-97d2-43452c0bdfa3\n"
                       "    telemetry: online\n    managed:\n      method: plain\n      releases:\n"
                       "      - name: r\n        namespace: n\n        components:\n" +
                           components);
  Write("own.json", R"({"mode": "online", "catalogue": "engine", "initializeTelemetry": true, )"
                    R"("reportingPeriodSeconds": )" +
                        std::to_string(period_s_) + R"(, "endpoint": ")" + receiver_.Endpoint() +
                        "\"}");
}

void DaemonLab::Start(const std::vector<std::string>& environment) {
  std::vector<std::string> words = {CANDOR_PROGRAM,    "serve",
                                    "--config",        Path("console.yaml"),
                                    "--config",        Path("own.json"),
                                    "--state-folder",  Path("state"),
                                    "--facts-folder",  Path("facts"),
                                    "--collect-every", "10",
                                    "--listen",        "unix:" + Path("api").string(),
                                    "--verbose"};
  process_ = ::fork();
  if (process_ != 0) return;
  const int log = ::open(Path("log").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  ::dup2(log, STDERR_FILENO);
  ::closefrom(3);
  std::vector<char*> arguments, variables;
  for (std::string& word : words) arguments.push_back(word.data());
  for (const std::string& variable : environment) {
    variables.push_back(const_cast<char*>(variable.c_str()));
  }
  arguments.push_back(nullptr);
  variables.push_back(nullptr);
  ::execve(arguments[0], arguments.data(), variables.data());
  ::_exit(127);
}

bool DaemonLab::is_running() const {
  siginfo_t info{};
  return process_ > 0 &&
         ::waitid(P_PID, static_cast<id_t>(process_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         info.si_pid == 0;
}

std::optional<bool> DaemonLab::Count(std::uint64_t n) const {
  LocalClient client("unix:" + Path("api").string(), std::chrono::seconds(5));
  const std::string body = R"({"commands/WorkCmd": )" + std::to_string(n) + "}";
  if (!client.connected()) return std::nullopt;
  return client.Ask(RequestText("POST", "/v1/counts", body)).status == 204;
}

std::uint64_t DaemonLab::CountedInReports() const {
  std::uint64_t sum = 0;
  for (const Accepted& report : accepted()) {
    const std::size_t at = report.body.find("\"WorkCmd\": {");
    const std::string key = "\"count\": ";
    if (at == std::string::npos) continue;
    sum += std::strtoull(report.body.c_str() + report.body.find(key, at) + key.size(), nullptr, 10);
  }
  return sum;
}

DaemonEnd DaemonLab::End(int signal) {
  DaemonEnd end;
  if (process_ <= 0) return end;
  const auto begin = Clock::now();
  ::kill(process_, signal);
  ::waitpid(std::exchange(process_, 0), &end.status, 0);
  end.took_ms = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin).count();
  return end;
}

Ran DaemonLab::Candor(const std::string& command) const {
  return RunLine(std::string("env -i ") + CANDOR_PROGRAM + " " + command + " --config " +
                 Path("console.yaml").string() + " --config " + Path("own.json").string() +
                 " --state-folder " + Path("state").string());
}

std::size_t DaemonLab::CountLogged(const std::string& part) const {
  const std::string log = Read("log");
  std::size_t count = 0;
  for (std::size_t at = log.find(part); at != std::string::npos; at = log.find(part, at + 1)) {
    ++count;
  }
  return count;
}

bool DaemonLab::Eventually(const std::function<bool()>& holds, std::chrono::seconds most) const {
  for (const auto end = Clock::now() + most; Clock::now() < end;) {
    if (holds()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return holds();
}

void DaemonLab::Answer(std::function<Script(std::size_t)> answers) {
  const std::lock_guard lock(mutex_);
  answers_ = std::move(answers);
}

// From a connection's thread.
Script DaemonLab::Decide(const Received& request) {
  const std::lock_guard lock(mutex_);
  Script script = answers_ ? answers_(requests_++) : Script();
  const bool refused =
      script.answer.starts_with("HTTP/1.1 4") || script.answer.starts_with("HTTP/1.1 5");
  if (refused || !script.accepts) return script;
  const std::string id = request.Header("Idempotency-Key");
  if (!request.HasItsDigest()) broken_.push_back(id + " has another digest than it says");
  const auto [at, is_new] = by_id_.emplace(id, accepted_.size());
  if (is_new) {
    accepted_.push_back({Clock::now(), id, request.body});
  } else if (accepted_[at->second].body != request.body) {
    broken_.push_back(id + " came with two bodies");
  }
  return script;
}

std::vector<DaemonLab::Accepted> DaemonLab::accepted() const {
  const std::lock_guard lock(mutex_);
  return accepted_;
}

std::string DaemonLab::Check(bool counts) const {
  std::string wrong;
  const std::vector<Accepted> all = accepted();
  for (std::size_t i = 1; i < all.size(); ++i) {
    const auto apart =
        std::chrono::duration_cast<std::chrono::milliseconds>(all[i].at - all[i - 1].at).count();
    // The reporter's clock has milliseconds, and the answer comes after the acceptance.
    if (!counts && apart + 5 < period_s_ * 1000) {
      wrong += all[i].id + " came " + std::to_string(apart) + " ms after the one before\n";
    }
  }
  const std::lock_guard lock(mutex_);
  for (const std::string& line : broken_) wrong += line + "\n";
  const Ran history = Candor("history verify");
  if (history.status != 0) wrong += "the journal: " + history.output;
  return wrong;
}

}  // namespace candor
