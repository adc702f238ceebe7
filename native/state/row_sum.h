// The sum of a row, over all its other columns: SQLite sees damage to its own structure, and none
// to what is stored.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "core/result.h"
#include "native/state/sqlite_database.h"

namespace candor {

// SHA-256 in hexadecimal. Lengths keep bytes from moving between columns under the same sum, the
// table's name from moving between tables.
std::string RowSum(std::string_view table, std::initializer_list<std::string_view> columns);

// "<what> is damaged", as kCorrupt.
Error DamagedRow(const Database& database, std::string what);

}  // namespace candor
