// The one writer: exactly the bytes of ECMAScript's JSON.stringify(value, null, 2) plus a final LF
// (ECMA-262 section 25.5.2), in constant memory.
//
// Calls follow the document: Key before every member's value, Begin/End in pairs, Finish once at
// the end. The writer checks nothing of this; it writes what it is told. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/json_value.h"
#include "core/sink.h"

namespace candor {

class JsonWriter {
 public:
  // `sink` is borrowed and receives blocks of some kilobytes.
  explicit JsonWriter(Sink& sink);
  JsonWriter(const JsonWriter&) = delete;
  JsonWriter& operator=(const JsonWriter&) = delete;

  void BeginObject() { Open('{'); }
  void EndObject() { Close('}'); }
  void BeginArray() { Open('['); }
  void EndArray() { Close(']'); }
  void Key(std::string_view utf8);
  // REQUIRES: valid UTF-8.
  void String(std::string_view utf8);
  // `text` goes out untouched. REQUIRES: a JSON number that JSON.stringify would print alike.
  void NumberText(std::string_view text);
  void Integer(std::int64_t value);
  void Boolean(bool value);
  void Null();
  // Number texts are written as they are kept.
  void Value(const JsonValue& value);
  // Ready-made members or items, already indented for this depth and without a leading or trailing
  // comma or line break; `fragment` must come from FragmentOf or follow its form.
  void Raw(std::string_view fragment);
  // Writes the final LF and hands the rest to the sink.
  void Finish();

 private:
  void Open(char bracket);
  void Close(char bracket);
  // Each begins with the separator, which tells a value's place, and ends behind what it wrote.
  char* TryQuoted(std::string_view utf8);
  char* PutQuoted(std::string_view utf8);
  char* PutSeparator();
  char* PutIndentation(std::size_t spaces);
  void EndKey(char* out);
  void EndValue(char* out);
  void Reserve();
  void Flush();

  static constexpr std::size_t kBlock = 32 * 1024;
  // After one check for kRoom bytes, kStep bytes of text go out, even if each needs an escape.
  static constexpr std::size_t kStep = 256;
  static constexpr std::size_t kRoom = 2 * 1024;

  Sink& sink_;
  std::unique_ptr<char[]> block_;
  char* out_;
  char* end_;
  // What stands before the next value: a comma unless it is the first, a line break, indentation.
  const char* separator_;
  std::size_t separator_size_ = 0;
  std::size_t item_separator_size_ = 2;  // With the comma, in the container that is open.
};

// The document as the writer prints it, final LF included.
std::string WriteJson(const JsonValue& value);

// A document of one object whose members `fill` writes.
template <typename Fill>
std::string JsonObject(Fill&& fill) {
  StringSink sink;
  JsonWriter writer(sink);
  writer.BeginObject();
  fill(writer);
  writer.EndObject();
  writer.Finish();
  return std::move(sink).text();
}

}  // namespace candor
