#include "tests/native/state_stores.h"

#include <gtest/gtest.h>
#include <libpq-fe.h>

#include "core/problems.h"

namespace candor {

std::string NameOf(Backend backend) { return backend == Backend::kSqlite ? "Sqlite" : "Postgres"; }

bool IsThere(Backend backend) {
  return backend == Backend::kSqlite || PostgresServer::IsInstalled();
}

PostgresServer& SharedPostgres() {
  static const auto server = [] {
    auto made = std::make_unique<PostgresServer>();
    made->Start();
    return made;
  }();
  return *server;
}

std::string InSchema(const std::string& conninfo, const std::string& schema) {
  return conninfo + " options='-c search_path=" + schema + "'";
}

std::string Ask(const std::string& conninfo, const std::string& sql) {
  const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(PQconnectdb(conninfo.c_str()),
                                                                PQfinish);
  const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection.get(), sql.c_str()),
                                                             PQclear);
  return PQntuples(result.get()) > 0 ? PQgetvalue(result.get(), 0, 0)
                                     : PQresultErrorMessage(result.get());
}

StoreOfTest::StoreOfTest(Backend backend) {
  place_.folder = folder_.path();
  if (backend == Backend::kSqlite) return;
  static int schemas = 0;
  const std::string schema = "test" + std::to_string(++schemas);
  const std::string conninfo = SharedPostgres().Conninfo();
  EXPECT_EQ(Ask(conninfo, "CREATE SCHEMA " + schema), "");
  place_.database = InSchema(conninfo, schema);
}

std::unique_ptr<StateStore> StoreOfTest::Open() const {
  Result<std::unique_ptr<StateStore>> store = OpenStateStore(place_);
  EXPECT_TRUE(store.ok()) << ProblemsAsText(store.problems());
  return store.ok() ? std::move(store).value() : nullptr;
}

std::unique_ptr<StoreOfTest> MakePlace(Backend backend) {
  return std::make_unique<StoreOfTest>(backend);
}

}  // namespace candor
