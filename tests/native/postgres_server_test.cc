// That the tests' PostgreSQL is one: it starts, asks for its password, and keeps what it was told.
#include "tests/native/postgres_server.h"

#include <gtest/gtest.h>
#include <libpq-fe.h>

#include <memory>

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
