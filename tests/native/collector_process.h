// candor-collector serve, as a process in a folder of its own.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/native/folder.h"

namespace candor {

class CollectorProcess {
 public:
  // Keeps in <folder>/store, logs to <folder>/log. `most_file_bytes`: as full disks do, writing
  // fails where a file would become longer.
  explicit CollectorProcess(const Folder& folder, const std::vector<std::string>& more = {},
                            rlim_t most_file_bytes = RLIM_INFINITY)
      : log_(folder.Path("log")) {
    std::vector<std::string> words = {CANDOR_COLLECTOR,     "serve",    "--folder",
                                      folder.Path("store"), "--listen", "127.0.0.1:0"};
    words.insert(words.end(), more.begin(), more.end());
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    ::unlink(log_.c_str());
    process_ = ::fork();
    if (process_ != 0) return;
    const int log = ::open(log_.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    ::dup2(log, STDERR_FILENO);
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit most = {most_file_bytes, most_file_bytes};
    ::setrlimit(RLIMIT_FSIZE, &most);
    ::execv(arguments[0], arguments.data());
    ::_exit(127);
  }
  ~CollectorProcess() { End(SIGKILL); }
  CollectorProcess(const CollectorProcess&) = delete;
  CollectorProcess& operator=(const CollectorProcess&) = delete;

  std::string Log() const {
    std::ifstream file(log_, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  // "127.0.0.1:PORT", once it is there; "" when it ends or takes too long.
  std::string Address() const {
    const std::string before = "received at ";
    for (int i = 0; i < 4000; ++i) {
      const std::string log = Log();
      const std::size_t at = log.find(before), end = log.find_first_of(" \n\"", at + before.size());
      if (at != std::string::npos && end != std::string::npos) {
        return log.substr(at + before.size(), end - at - before.size());
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return "";
  }
  // As disks that fill up do, and get room again.
  void LimitFiles(rlim_t most_bytes) const {
    const rlimit most = {most_bytes, RLIM_INFINITY};
    ::prlimit(process_, RLIMIT_FSIZE, &most, nullptr);
  }
  pid_t pid() const { return process_; }
  void Signal(int signal) const { ::kill(process_, signal); }
  // The exit status, or -signal.
  int End(int signal) {
    if (process_ <= 0) return -1;
    ::kill(process_, signal);
    return Wait();
  }
  int Wait() {
    int status = 0;
    ::waitpid(std::exchange(process_, 0), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }

 private:
  const std::string log_;
  pid_t process_ = 0;
};

}  // namespace candor
