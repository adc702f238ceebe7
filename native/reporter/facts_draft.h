// A facts document (core/facts.h) that is put together value by value.
#pragma once

#include <string>
#include <string_view>

#include "core/json_value.h"
#include "core/result.h"

namespace candor {

class FactsDraft {
 public:
  FactsDraft();

  // Starts from a whole document. Errors: those of ReadJson; kWrongType when it is no object.
  Problems Read(std::string_view json);

  // The value at `pointer` of the report's shape; objects on the way are made, and what stands in
  // the way of them is replaced. `pointer` is "/a/b", escaped as RFC 6901 says.
  void Put(std::string_view pointer, JsonValue value);
  // Appends `text` to the list at `pointer` unless it is in there.
  void AddTo(std::string_view pointer, std::string_view text);
  // Takes away the value, and objects that are left empty.
  void Remove(std::string_view pointer);
  // nullptr when there is none.
  const JsonValue* Find(std::string_view pointer) const;

  // A member of the document itself, beside "values".
  void PutTop(std::string_view key, JsonValue value);
  void RemoveTop(std::string_view key);
  const JsonValue* FindTop(std::string_view key) const { return document_.Find(key); }

  std::string Write() const;

 private:
  JsonValue& values();

  JsonValue document_;
};

}  // namespace candor
