// One PostgreSQL for all tests of a program, started when it is first asked for.
#pragma once

#include <string>

#include "tests/native/postgres_server.h"

namespace candor {

PostgresServer& SharedPostgres();
// Its superuser's connection string, in a schema of that name; in one that is new and empty.
std::string InSchema(const std::string& conninfo, const std::string& schema);
std::string NewSchema();
// What a statement answers in its first field; what went wrong.
std::string Ask(const std::string& conninfo, const std::string& sql);

}  // namespace candor
