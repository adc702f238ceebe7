// Arrays as parameters, in PostgreSQL's binary form: many rows go in one statement.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "native/state/postgres_connection.h"

namespace candor {

class PostgresArray {
 public:
  enum class Of : std::uint32_t { kBytes = 17, kBigint = 20, kText = 25 };  // pg_type's oid.

  explicit PostgresArray(Of of) : of_(of) {}
  void Add(std::string_view bytes);
  void Add(std::int64_t number);
  void AddNull();
  // Borrows from this, which must outlive it and not change.
  PostgresValue value();

 private:
  void Append(std::uint32_t number);

  const Of of_;
  std::uint32_t items_ = 0;
  std::string all_ = std::string(20, '\0');  // The head is filled in at the end.
};

}  // namespace candor
