// A real PostgreSQL for tests: a cluster of its own in a temporary folder, run by an ordinary user
// (as root: by "postgres"), on a Unix socket and on loopback.
//
// To be made, started and ended on one thread, which lives as long: the server ends with it.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace candor {

class PostgresServer {
 public:
  struct Options {
    std::string listen_addresses = "127.0.0.1";  // As in postgresql.conf; any may log in there.
    std::vector<std::string> settings = {};      // Others, such as "max_connections=20".
  };

  // Whether Debian's server is installed. Where it is not, tests have to be skipped.
  static bool IsInstalled();

  // Makes the cluster. Throws std::runtime_error with what was said when that fails.
  // REQUIRES: IsInstalled().
  PostgresServer();
  explicit PostgresServer(Options options);
  // Ends it; the folder is gone then. So it is soon after a program that was killed.
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  // Returns when it answers, after a Stop or Kill on the same port. Throws when it does not in 60
  // s.
  void Start();
  // Ends it in order; connections end.
  void Stop();
  // SIGKILL to all of its processes; the next start recovers.
  void Kill();

  // As its superuser, over the socket, which only root and the server's user can reach; or over
  // loopback, where the password is asked for, which is not in it.
  std::string Conninfo() const;
  std::string LoopbackConninfo() const;
  static constexpr char kUser[] = "postgres";
  static constexpr char kPassword[] = "a secret: \\ and more";
  // A file of that password in the form of ~/.pgpass, for "passfile=".
  std::string PassFile() const { return (folder_ / "passfile").string(); }

  int port() const { return port_; }
  // Of its own, and gone with it. What the server says is in "log".
  const std::filesystem::path& folder() const { return folder_; }
  std::string Log() const;

 private:
  void WatchFolder();
  void RemoveFolder();
  void MakeCluster();
  std::vector<std::string> CommandLine() const;
  pid_t Run(const std::vector<std::string>& words) const;
  bool Answers() const;
  bool IsRunning();
  void End(int signal);

  const Options options_;
  std::filesystem::path folder_;
  int port_ = 0;
  pid_t process_ = 0;
  pid_t watch_ = 0;
  int lifeline_ = -1;
};

}  // namespace candor
