#include "tests/native/postgres_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <grp.h>
#include <libpq-fe.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>
#include <utility>

namespace candor {
namespace {

using namespace std::chrono_literals;

// The newest version that has a server; "" for none.
std::filesystem::path ProgramFolder() {
  std::vector<std::filesystem::path> found;
  std::error_code none;
  for (const auto& version : std::filesystem::directory_iterator("/usr/lib/postgresql", none)) {
    if (std::filesystem::exists(version.path() / "bin/initdb")) found.push_back(version.path());
  }
  return found.empty() ? "" : *std::max_element(found.begin(), found.end()) / "bin";
}

// The server refuses to run as root.
const passwd* ServerUser() {
  return ::geteuid() == 0 ? ::getpwnam("postgres") : ::getpwuid(::geteuid());
}

int FreePort() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ::bind(socket, reinterpret_cast<sockaddr*>(&address), size);
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(socket);
  return ntohs(address.sin_port);
}

std::vector<pid_t> ChildrenOf(pid_t process) {
  const std::string id = std::to_string(process);
  std::ifstream children("/proc/" + id + "/task/" + id + "/children");
  return {std::istream_iterator<pid_t>(children), {}};
}

// And not a zombie that nobody has asked for yet.
bool IsAlive(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  const std::string stat{std::istreambuf_iterator<char>(file), {}};
  const std::size_t name_end = stat.rfind(')');
  return name_end != std::string::npos && stat.substr(name_end + 2, 1) != "Z";
}

}  // namespace

bool PostgresServer::IsInstalled() { return !ProgramFolder().empty() && ServerUser() != nullptr; }

PostgresServer::PostgresServer() : PostgresServer(Options()) {}

PostgresServer::PostgresServer(Options options) : options_(std::move(options)) {
  std::string pattern = std::filesystem::temp_directory_path() / "candor-pg-XXXXXX";
  folder_ = ::mkdtemp(pattern.data());
  WatchFolder();
  try {
    MakeCluster();
  } catch (...) {
    RemoveFolder();
    throw;
  }
}

PostgresServer::~PostgresServer() {
  // Immediate, and unlike SIGKILL it leaves no shared memory behind.
  End(SIGQUIT);
  RemoveFolder();
}

// Removes the folder when this program has ended without doing so: then nobody holds the other end
// of its input any more. The server ends at the same time, by its own means.
void PostgresServer::WatchFolder() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("cannot watch the server's folder");
  std::string folder = folder_.string();
  char shell[] = "/bin/sh", flag[] = "-c";
  char script[] =
      "cat; if read -r server < \"$0/data/postmaster.pid\"; then tries=100;"
      " while kill -0 $server && [ $tries -gt 0 ]; do sleep 0.1; tries=$((tries - 1)); done; fi;"
      " rm -rf \"$0\"; sleep 1; rm -rf \"$0\"";
  char* arguments[] = {shell, flag, script, folder.data(), nullptr};
  char* environment[] = {nullptr};
  watch_ = ::fork();
  if (watch_ == 0) {
    // It outlives the end of the program's group, and holds none of its output.
    ::setsid();
    const int nowhere = ::open("/dev/null", O_WRONLY);
    ::dup2(ends[0], STDIN_FILENO);
    ::dup2(nowhere, STDOUT_FILENO);
    ::dup2(nowhere, STDERR_FILENO);
    ::close_range(STDERR_FILENO + 1, ~0U, 0);
    ::execve(shell, arguments, environment);
    ::_exit(127);
  }
  ::close(ends[0]);
  lifeline_ = ends[1];
}

void PostgresServer::RemoveFolder() {
  std::filesystem::remove_all(folder_);
  ::kill(watch_, SIGKILL);
  ::waitpid(watch_, nullptr, 0);
  ::close(lifeline_);
}

void PostgresServer::MakeCluster() {
  const passwd* const user = ServerUser();
  std::ofstream(folder_ / "password") << kPassword << '\n';
  std::ofstream(PassFile()) << "*:*:*:*:a secret\\: \\\\ and more\n";
  ::chmod(PassFile().c_str(), 0600);
  if (::chown(folder_.c_str(), user->pw_uid, user->pw_gid) != 0) {
    throw std::runtime_error("cannot give the server its folder");
  }
  const pid_t made =
      Run({ProgramFolder() / "initdb", "--pgdata=" + (folder_ / "data").string(),
           std::string("--username=") + kUser, "--pwfile=" + (folder_ / "password").string(),
           "--auth-local=trust", "--auth-host=scram-sha-256", "--locale=C", "--encoding=UTF8",
           "--no-sync", "--no-instructions"});
  int status = -1;
  ::waitpid(made, &status, 0);
  if (status != 0) throw std::runtime_error("initdb: " + Log());
  std::ofstream(folder_ / "data/pg_hba.conf", std::ios::app)
      << "host all all 0.0.0.0/0 scram-sha-256\nhost all all ::/0 scram-sha-256\n";
}

std::vector<std::string> PostgresServer::CommandLine() const {
  std::vector<std::string> words = {ProgramFolder() / "postgres", "-D", folder_ / "data"};
  const auto set = [&words](const std::string& setting) {
    words.insert(words.end(), {"-c", setting});
  };
  set("listen_addresses=" + options_.listen_addresses);
  set("port=" + std::to_string(port_));
  set("unix_socket_directories=" + folder_.string());
  // A kill loses nothing of what the kernel has; only a power cut would.
  set("fsync=off");
  for (const std::string& setting : options_.settings) set(setting);
  return words;
}

// With what it says going to the log.
pid_t PostgresServer::Run(const std::vector<std::string>& words) const {
  const passwd* const user = ServerUser();
  const std::string log = folder_ / "log";
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  std::string locale = "LC_ALL=C", path = "PATH=/usr/bin:/bin";
  char* environment[] = {locale.data(), path.data(), nullptr};
  const pid_t process = ::fork();
  if (process != 0) return process;
  if (::geteuid() == 0 && (::setgroups(0, nullptr) != 0 || ::setgid(user->pw_gid) != 0 ||
                           ::setuid(user->pw_uid) != 0)) {
    ::_exit(126);
  }
  ::prctl(PR_SET_PDEATHSIG, SIGQUIT);
  ::setpgid(0, 0);
  if (::chdir("/") != 0) ::_exit(126);
  const int output = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  const int input = ::open("/dev/null", O_RDONLY);
  ::dup2(input, STDIN_FILENO);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execve(arguments[0], arguments.data(), environment);
  ::_exit(127);
}

void PostgresServer::Start() {
  const bool first = port_ == 0;
  const auto end = std::chrono::steady_clock::now() + 60s;
  while (std::chrono::steady_clock::now() < end) {
    if (!IsRunning()) {
      // Not when somebody else was faster with the port.
      if (first) port_ = FreePort();
      process_ = Run(CommandLine());
    }
    std::this_thread::sleep_for(20ms);
    if (IsRunning() && Answers()) return;
  }
  throw std::runtime_error("PostgreSQL does not start: " + Log());
}

void PostgresServer::Stop() { End(SIGINT); }

void PostgresServer::Kill() {
  if (process_ == 0) return;
  // Stopped it starts no more of them. They are in groups of their own.
  ::kill(process_, SIGSTOP);
  ::waitpid(process_, nullptr, WUNTRACED);
  const std::vector<pid_t> children = ChildrenOf(process_);
  End(SIGKILL);
  for (const pid_t child : children) ::kill(child, SIGKILL);
  for (const pid_t child : children) {
    while (IsAlive(child)) std::this_thread::sleep_for(1ms);
  }
}

std::string PostgresServer::Conninfo() const {
  return "host=" + folder_.string() + " port=" + std::to_string(port_) + " user=" + kUser +
         " dbname=postgres";
}

std::string PostgresServer::LoopbackConninfo() const {
  return "host=127.0.0.1 port=" + std::to_string(port_) + " user=" + kUser + " dbname=postgres";
}

std::string PostgresServer::Log() const {
  std::ifstream file(folder_ / "log", std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool PostgresServer::Answers() const { return PQping(Conninfo().c_str()) == PQPING_OK; }

bool PostgresServer::IsRunning() {
  if (process_ == 0) return false;
  if (::waitpid(process_, nullptr, WNOHANG) == 0) return true;
  process_ = 0;
  return false;
}

void PostgresServer::End(int signal) {
  if (process_ == 0) return;
  ::kill(process_, signal);
  ::waitpid(std::exchange(process_, 0), nullptr, 0);
}

}  // namespace candor
