// That the tests' PostgreSQL is one: it starts, asks for its password, and keeps what it was told.
#include "tests/native/postgres_server.h"

#include <gtest/gtest.h>
#include <libpq-fe.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>

namespace candor {
namespace {

using Connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;

Connection Connect(const std::string& conninfo) {
  return {PQconnectdb(conninfo.c_str()), &PQfinish};
}

std::string Ask(const Connection& connection, const char* query) {
  PGresult* const result = PQexec(connection.get(), query);
  const std::string answer =
      PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : PQresultErrorMessage(result);
  PQclear(result);
  return answer;
}

TEST(PostgresServerTest, KeepsWhatItWasToldAcrossStopAndKill) {
  if (!PostgresServer::IsInstalled()) GTEST_SKIP() << "needs Debian's postgresql";
  PostgresServer server;
  server.Start();
  const int port = server.port();
  const Connection first = Connect(server.Conninfo());
  EXPECT_EQ(Ask(first, "CREATE TABLE kept AS SELECT 1 AS count"), "");
  server.Kill();
  server.Start();
  EXPECT_EQ(Ask(Connect(server.Conninfo()), "UPDATE kept SET count = 2 RETURNING count"), "2");
  server.Stop();
  EXPECT_EQ(PQstatus(Connect(server.Conninfo()).get()), CONNECTION_BAD);
  server.Start();
  EXPECT_EQ(Ask(Connect(server.Conninfo()), "SELECT count FROM kept"), "2");
  EXPECT_EQ(server.port(), port);
}

TEST(PostgresServerTest, AsksForThePasswordOnLoopback) {
  if (!PostgresServer::IsInstalled()) GTEST_SKIP() << "needs Debian's postgresql";
  PostgresServer server;
  server.Start();
  const std::string loopback = server.LoopbackConninfo();
  EXPECT_EQ(PQstatus(Connect(loopback + " password=wrong").get()), CONNECTION_BAD);
  const Connection connection = Connect(loopback + " passfile=" + server.PassFile());
  EXPECT_EQ(Ask(connection, "SELECT 1"), "1") << PQerrorMessage(connection.get());
}

// Those that work in this folder.
int ProcessesIn(const std::filesystem::path& folder) {
  int count = 0;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    if (std::filesystem::read_symlink(entry.path() / "cwd", none) == folder) ++count;
  }
  return count;
}

TEST(PostgresServerTest, KillEndsAlsoWhoIsBusy) {
  if (!PostgresServer::IsInstalled()) GTEST_SKIP() << "needs Debian's postgresql";
  PostgresServer server;
  server.Start();
  const Connection busy = Connect(server.Conninfo());
  ASSERT_EQ(PQsendQuery(busy.get(), "SELECT count(*) FROM generate_series(1, 100000000000)"), 1);
  const auto data = server.folder() / "data";
  ASSERT_GT(ProcessesIn(data), 1);
  server.Kill();
  EXPECT_EQ(ProcessesIn(data), 0);
}

TEST(PostgresServerTest, LeavesNothingBehindAProgramThatIsKilled) {
  if (!PostgresServer::IsInstalled()) GTEST_SKIP() << "needs Debian's postgresql";
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t program = ::fork();
  if (program == 0) {
    PostgresServer server;
    server.Start();
    const std::string folder = server.folder().string();
    static_cast<void>(::write(ends[1], folder.data(), folder.size()));
    ::pause();
  }
  char text[256];
  const ssize_t size = ::read(ends[0], text, sizeof text);
  ::kill(program, SIGKILL);
  ::waitpid(program, nullptr, 0);
  ::close(ends[0]);
  ::close(ends[1]);
  ASSERT_GT(size, 0);
  const std::filesystem::path folder(std::string(text, static_cast<std::size_t>(size)));
  for (int i = 0; i < 1000 && std::filesystem::exists(folder); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_FALSE(std::filesystem::exists(folder));
  EXPECT_EQ(ProcessesIn(folder / "data"), 0);
}

TEST(PostgresServerTest, LeavesNothingBehind) {
  if (!PostgresServer::IsInstalled()) GTEST_SKIP() << "needs Debian's postgresql";
  std::filesystem::path folder;
  {
    PostgresServer server;
    server.Start();
    folder = server.folder();
  }
  EXPECT_FALSE(std::filesystem::exists(folder));
}

}  // namespace
}  // namespace candor
