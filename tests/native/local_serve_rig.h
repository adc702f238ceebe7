// candor serve with a local API, as a process in a folder of its own.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "core/json_reader.h"
#include "tests/native/local_client.h"
#include "tests/native/run_program.h"

namespace candor {

inline bool Eventually(const std::function<bool()>& holds) {
  using std::chrono::steady_clock;
  for (const auto end = steady_clock::now() + std::chrono::seconds(20);
       steady_clock::now() < end;) {
    if (holds()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return holds();
}

inline const std::string kOne = R"({"commands/DeployCmd": 1})";

// Mode `download`, the engine's catalogue.
class LocalServeRig : public testing::Test {
 protected:
  LocalServeRig() {
    std::string pattern = std::filesystem::temp_directory_path() / "candor-api-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    // Others may come in here, so that it is the socket that keeps them out.
    std::filesystem::permissions(folder_, std::filesystem::perms(0755));
    Configure("download");
  }
  ~LocalServeRig() override {
    Kill(SIGKILL);
    std::filesystem::remove_all(folder_);
  }

  std::string Path(const std::string& name) const { return (folder_ / name).string(); }
  std::string Read(const std::string& name) const {
    std::ifstream file(Path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void Configure(const std::string& mode) {
    std::ofstream(Path("own.json.new")) << R"({"catalogue": "engine", "mode": ")" << mode << "\"}";
    std::filesystem::rename(Path("own.json.new"), Path("own.json"));
  }
  bool Logged(const std::string& part) const { return Read("log").find(part) != std::string::npos; }

  std::vector<std::string> Words(const std::vector<std::string>& more) const {
    std::vector<std::string> words = {CANDOR_PROGRAM,   "serve",          "--config",
                                      Path("own.json"), "--state-folder", Path("state")};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  void StartWith(const std::vector<std::string>& more) {
    std::vector<std::string> words = Words(more);
    std::filesystem::remove(Path("log"));
    process_ = ::fork();
    if (process_ != 0) return;
    const int log = ::open(Path("log").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    ::dup2(log, STDERR_FILENO);
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    char* const environment[] = {nullptr};
    ::execve(arguments[0], arguments.data(), environment);
    ::_exit(127);
  }
  // Listens to a Unix socket and a port that is free.
  void Start(const std::vector<std::string>& more = {}) {
    std::vector<std::string> words = {"--listen", Unix(), "--listen", "127.0.0.1:0"};
    words.insert(words.end(), more.begin(), more.end());
    StartWith(words);
    ASSERT_TRUE(Eventually([&] { return Logged("CANDOR-033"); })) << Read("log");
  }
  int Kill(int signal) {
    if (process_ <= 0) return -1;
    ::kill(process_, signal);
    return Wait();
  }
  int Wait() {
    int status = 0;
    ::waitpid(std::exchange(process_, 0), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  std::string Unix() const { return "unix:" + Path("candor.sock"); }
  std::string Tcp() const { return Address("127.0.0.1:"); }
  // The one in the log that begins so.
  std::string Address(const std::string& begin) const {
    const std::string log = Read("log");
    const std::size_t at = log.find(begin) + begin.size();
    return begin + log.substr(at, log.find_first_not_of("0123456789", at) - at);
  }
  std::string Authorization() const {
    std::string token = Read("state/api-token");
    token.pop_back();
    return "Authorization: Bearer " + token + "\r\n";
  }
  int Count(const std::string& body = kOne) const {
    return AskOnce(Unix(), RequestText("POST", "/v1/counts", body)).status;
  }
  std::int64_t Total(const std::string& command = "DeployCmd") const {
    const ClientAnswer answer = AskOnce(Unix(), RequestText("GET", "/v1/counts"));
    const Result<JsonValue> document = ReadJson(answer.body);
    std::int64_t total = 0;
    const JsonValue* const counts = document.ok() ? document.value().Find("counts") : nullptr;
    if (counts == nullptr) return -1;
    const JsonValue* const count =
        counts->Find("/product/internals/commands/" + command + "/count");
    return count != nullptr && count->AsInteger(&total) ? total : 0;
  }
  std::string Preview() const {
    return RunLine(std::string(CANDOR_PROGRAM) + " preview --config " + Path("own.json") +
                   " --state-folder " + Path("state"))
        .output;
  }
  std::string Serve(const std::vector<std::string>& more) const {
    std::string line;
    for (const std::string& word : Words(more)) line += word + " ";
    return line;
  }

  std::filesystem::path folder_;
  pid_t process_ = 0;
};

inline const std::string kShop =
    R"({"values": {"product": {"name": "Shop", "version": "1", "edition": "community"}}})";

}  // namespace candor
