#include "native/state/row_sum.h"

#include <utility>

#include "core/sha256.h"

namespace candor {

std::string RowSum(std::string_view table, std::initializer_list<std::string_view> columns) {
  Sha256Sink hash;
  hash.Write(table);
  for (const std::string_view column : columns) {
    hash.Write("\n");
    hash.Write(std::to_string(column.size()));
    hash.Write("\n");
    hash.Write(column);
  }
  return hash.FinishHex();
}

Error DamagedRow(const Database& database, std::string what) {
  return Error{ErrorCode::kCorrupt, "", std::move(what) + " is damaged", {}, database.path()};
}

}  // namespace candor
