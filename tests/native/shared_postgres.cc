#include "tests/native/shared_postgres.h"

#include <libpq-fe.h>

#include <memory>
#include <stdexcept>

namespace candor {

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

std::string NewSchema() {
  static int schemas = 0;
  const std::string schema = "test" + std::to_string(++schemas);
  const std::string conninfo = SharedPostgres().Conninfo();
  const std::string wrong = Ask(conninfo, "CREATE SCHEMA " + schema);
  if (!wrong.empty()) throw std::runtime_error(wrong);
  return InSchema(conninfo, schema);
}

}  // namespace candor
