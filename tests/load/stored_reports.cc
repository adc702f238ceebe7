#include "tests/load/stored_reports.h"

#include <libpq-fe.h>
#include <sqlite3.h>

#include <cstdio>
#include <cstdlib>

namespace candor {
namespace {

[[noreturn]] void Die(const std::string& what) {
  std::fprintf(stderr, "the store: %s\n", what.c_str());
  std::exit(1);
}

std::string_view TextAt(sqlite3_stmt* row) {
  return {static_cast<const char*>(sqlite3_column_blob(row, 0)),
          static_cast<std::size_t>(sqlite3_column_bytes(row, 0))};
}

void VisitRows(sqlite3* db, const char* sql, const VisitBytes& visit) {
  sqlite3_stmt* row = nullptr;
  int step = sqlite3_prepare_v2(db, sql, -1, &row, nullptr);
  if (step == SQLITE_OK) {
    while ((step = sqlite3_step(row)) == SQLITE_ROW) visit(TextAt(row));
  }
  sqlite3_finalize(row);
  if (step != SQLITE_DONE) Die(sqlite3_errmsg(db));
}

}  // namespace

void VisitSqliteReports(const std::string& file, const VisitBytes& visit) {
  VisitSqliteColumn(file, "SELECT bytes FROM reports", visit);
}

void VisitSqliteColumn(const std::string& file, const std::string& sql, const VisitBytes& visit) {
  sqlite3* db = nullptr;
  if (sqlite3_open(file.c_str(), &db) != SQLITE_OK) Die(sqlite3_errmsg(db));
  VisitRows(db, "PRAGMA integrity_check", [](std::string_view said) {
    if (said != "ok") Die(std::string(said));
  });
  VisitRows(db, sql.c_str(), visit);
  sqlite3_close(db);
}

void VisitPostgresReports(const std::string& conninfo, const VisitBytes& visit) {
  PGconn* const connection = PQconnectdb(conninfo.c_str());
  // In its own form, row by row: a million reports need not be here at once.
  if (PQsendQueryParams(connection, "SELECT bytes FROM reports", 0, nullptr, nullptr, nullptr,
                        nullptr, 1) != 1 ||
      PQsetSingleRowMode(connection) != 1) {
    Die(PQerrorMessage(connection));
  }
  while (PGresult* const result = PQgetResult(connection)) {
    if (PQresultStatus(result) == PGRES_SINGLE_TUPLE) {
      visit({PQgetvalue(result, 0, 0), static_cast<std::size_t>(PQgetlength(result, 0, 0))});
    } else if (PQresultStatus(result) != PGRES_TUPLES_OK) {
      Die(PQerrorMessage(connection));
    }
    PQclear(result);
  }
  PQfinish(connection);
}

}  // namespace candor
