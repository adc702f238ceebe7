#include "native/collector/store/postgres_array.h"

namespace candor {
namespace {

void Put(std::string& text, std::size_t at, std::uint64_t number, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; ++i) {
    text[at + i] = static_cast<char>(number >> (8 * (bytes - 1 - i)));
  }
}

}  // namespace

void PostgresArray::Append(std::uint32_t number) {
  all_.append(4, '\0');
  Put(all_, all_.size() - 4, number, 4);
}

void PostgresArray::Add(std::string_view bytes) {
  ++items_;
  Append(static_cast<std::uint32_t>(bytes.size()));
  all_.append(bytes);
}

void PostgresArray::Add(std::int64_t number) {
  std::string bytes(8, '\0');
  Put(bytes, 0, static_cast<std::uint64_t>(number), 8);
  Add(bytes);
}

void PostgresArray::AddNull() {
  ++items_;
  Append(~std::uint32_t{0});
}

// One dimension, that there may be nulls, the items' type, how many, and the first one's number.
PostgresValue PostgresArray::value() {
  const std::uint32_t head[] = {1, 1, static_cast<std::uint32_t>(of_), items_, 1};
  for (std::size_t i = 0; i < 5; ++i) Put(all_, 4 * i, head[i], 4);
  return PostgresValue::Bytes(all_);
}

}  // namespace candor
