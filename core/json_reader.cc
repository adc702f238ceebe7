#include "core/json_reader.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/json_scanner.h"
#include "core/text.h"

namespace candor {
namespace {

// Follows the lexer through the text, so that every token's place and own text are known:
// nlohmann's events carry neither.
struct Cursor {
  std::uint32_t next = 0;  // Offset of the next byte to hand out.
  std::uint32_t line = 1;
  std::uint32_t line_start = 0;
  std::uint32_t token_start = 0;
  Position token_at;
  bool in_token = false;
  bool in_string = false;
  bool escaped = false;

  Position PositionOf(std::uint32_t offset) const { return {line, offset - line_start + 1}; }

  void Take(char c) {
    const std::uint32_t offset = next++;
    if (in_string) {
      if (escaped) {
        escaped = false;
      } else if (c == '\\') {
        escaped = true;
      } else if (c == '"') {
        in_string = false;
        in_token = false;
      }
    } else if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ',' || c == ':') {
      in_token = false;
    } else if (c == '{' || c == '}' || c == '[' || c == ']') {
      in_token = false;
      // A number's last byte is only known from the byte behind it: keep the number's place.
      if (c == '{' || c == '[') StartToken(offset);
    } else if (!in_token) {
      StartToken(offset);
      in_token = true;
      in_string = c == '"';
    }
    if (c == '\n') {
      ++line;
      line_start = next;
    }
  }

  void StartToken(std::uint32_t offset) {
    token_start = offset;
    token_at = PositionOf(offset);
  }
};

class CursorIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CursorIterator(Cursor* cursor, const char* at) : cursor_(cursor), at_(at) {}
  reference operator*() const { return *at_; }
  CursorIterator& operator++() {
    cursor_->Take(*at_++);
    return *this;
  }
  CursorIterator operator++(int) {
    CursorIterator before = *this;
    ++*this;
    return before;
  }
  bool operator==(const CursorIterator& other) const { return at_ == other.at_; }
  bool operator!=(const CursorIterator& other) const { return at_ != other.at_; }

 private:
  Cursor* cursor_;
  const char* at_;
};

bool IsNumberByte(char c) {
  return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

struct HashedMember {
  std::uint64_t hash;
  const JsonMember* member;
};

std::uint64_t Fnv1a(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

// Every member whose key stands in the object before, in the order of the document. Sorts by hash,
// and by key where hashes agree: most comparisons stay within one array, and keys that were made
// to collide cost no more than a sort by key.
std::vector<const JsonMember*> RepeatedMembers(const std::vector<JsonMember>& members) {
  std::vector<HashedMember> sorted;
  sorted.reserve(members.size());
  for (const JsonMember& member : members) sorted.push_back({Fnv1a(member.key), &member});
  std::sort(sorted.begin(), sorted.end(), [](const HashedMember& a, const HashedMember& b) {
    if (a.hash != b.hash) return a.hash < b.hash;
    const int order = a.member->key.compare(b.member->key);
    return order != 0 ? order < 0 : a.member < b.member;
  });
  std::vector<const JsonMember*> again;
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    if (sorted[i].hash == sorted[i - 1].hash &&
        sorted[i].member->key == sorted[i - 1].member->key) {
      again.push_back(sorted[i].member);
    }
  }
  std::sort(again.begin(), again.end());
  return again;
}

// Builds JsonValue from nlohmann's SAX events.
class Builder : public nlohmann::json_sax<nlohmann::json> {
 public:
  Builder(const Cursor& cursor, std::string_view text, const JsonLimits& limits)
      : cursor_(cursor), text_(text), limits_(limits) {}

  bool null() override { return Add(JsonValue()); }
  bool boolean(bool value) override { return Add(JsonValue::Boolean(value)); }
  bool number_integer(number_integer_t /*value*/) override { return AddNumber(); }
  bool number_unsigned(number_unsigned_t /*value*/) override { return AddNumber(); }
  bool number_float(number_float_t /*value*/, const string_t& /*text*/) override {
    return AddNumber();
  }
  bool string(string_t& value) override { return Add(JsonValue::String(std::move(value))); }
  bool binary(binary_t& /*value*/) override { return false; }

  bool start_object(std::size_t /*size*/) override { return Open(JsonValue::Object()); }
  bool key(string_t& value) override {
    open_.back().mutable_members().push_back({std::move(value), {}, cursor_.token_at});
    return true;
  }
  bool end_object() override {
    FindDuplicates();
    return Close();
  }
  bool start_array(std::size_t /*size*/) override { return Open(JsonValue::Array()); }
  bool end_array() override { return Close(); }

  bool parse_error(std::size_t /*position*/, const std::string& last_token,
                   const nlohmann::detail::exception& error) override {
    problems_.Add(Describe(last_token, error));
    return false;
  }

  // The document; REQUIRES: problems().empty().
  JsonValue Take() { return std::move(root_); }
  Problems& problems() { return problems_; }

 private:
  bool AddNumber() {
    // The lexer has read one byte behind the number unless the text ended.
    std::size_t end = cursor_.token_start;
    while (end < text_.size() && IsNumberByte(text_[end])) ++end;
    return Add(JsonValue::Number(
        std::string(text_.substr(cursor_.token_start, end - cursor_.token_start))));
  }

  bool Add(JsonValue value) {
    value.SetAt(cursor_.token_at);
    Place(std::move(value));
    return true;
  }

  void Place(JsonValue value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (open_.back().is_array()) {
      open_.back().mutable_items().push_back(std::move(value));
    } else {
      open_.back().mutable_members().back().value = std::move(value);
    }
  }

  bool Open(JsonValue container) {
    if (open_.size() >= limits_.max_depth) {
      problems_.Add({ErrorCode::kOverLimit, Pointer(),
                     "nested deeper than " + Decimal(limits_.max_depth) + " levels",
                     cursor_.token_at});
      return false;
    }
    container.SetAt(cursor_.token_at);
    open_.push_back(std::move(container));
    return true;
  }

  bool Close() {
    JsonValue done = std::move(open_.back());
    open_.pop_back();
    Place(std::move(done));
    return true;
  }

  void FindDuplicates() {
    if (limits_.duplicate_keys == DuplicateKeys::kAccept) return;
    const std::vector<const JsonMember*> again = RepeatedMembers(open_.back().members());
    if (again.empty()) return;
    const std::string parent = Pointer(open_.size() - 1);
    for (const JsonMember* member : again) {
      problems_.Add(
          {ErrorCode::kDuplicateKey, parent + PointerStep(member->key),
           "the key \"" + Quotable(member->key) + "\" stands twice in one object; keep one of them",
           member->key_at});
    }
  }

  // The pointer of the value that is being read, or of the container at `depth`.
  std::string Pointer(std::size_t depth = std::string::npos) const {
    std::string pointer;
    for (std::size_t i = 0; i < std::min(depth, open_.size()); ++i) {
      const JsonValue& container = open_[i];
      if (container.is_array()) {
        // The items of an outer container are placed when they are complete.
        pointer += "/" + Decimal(static_cast<std::int64_t>(container.items().size()));
      } else if (!container.members().empty()) {
        pointer += PointerStep(container.members().back().key);
      }
    }
    return pointer;
  }

  Error Describe(const std::string& last_token, const nlohmann::detail::exception& error) const {
    const std::string_view what = error.what();
    const Position at =
        cursor_.in_token || cursor_.in_string ? cursor_.token_at : cursor_.PositionOf(LastByte());
    if (what.find("ill-formed UTF-8") != std::string_view::npos) {
      return {ErrorCode::kNotUtf8, Pointer(), "a string is not UTF-8",
              cursor_.PositionOf(LastByte())};
    }
    if (what.find("number overflow") != std::string_view::npos) {
      return {ErrorCode::kOutOfRange, Pointer(), "a number is beyond the range of a double",
              cursor_.token_at};
    }
    if (what.find("surrogate") != std::string_view::npos) {
      return {ErrorCode::kNotUtf8, Pointer(), "a surrogate escape without its other half",
              cursor_.token_at};
    }
    std::string message = "not JSON";
    if (const std::size_t dash = what.find(" - "); dash != std::string_view::npos) {
      message += ": " + Quotable(what.substr(dash + 3), 200);
    } else if (!last_token.empty()) {
      message += " near '" + Quotable(last_token) + "'";
    }
    return {ErrorCode::kMalformedJson, Pointer(), message, at};
  }

  std::uint32_t LastByte() const { return cursor_.next == 0 ? 0 : cursor_.next - 1; }

  const Cursor& cursor_;
  std::string_view text_;
  JsonLimits limits_;
  std::vector<JsonValue> open_;  // The containers around the value that is being read.
  JsonValue root_;
  Problems problems_;
};

Position PositionAt(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0.
  return {static_cast<std::uint32_t>(lines) + 1,
          static_cast<std::uint32_t>(offset - line_start) + 1};
}

}  // namespace

Result<JsonValue> ReadJson(std::string_view text, const JsonLimits& limits) {
#ifndef __EMSCRIPTEN__
  if (text.size() <= limits.max_bytes) {
    if (std::optional<JsonValue> value = ScanJson(text, limits)) return *std::move(value);
  }
#endif
  return ReadJsonCarefully(text, limits);
}

Result<JsonValue> ReadJsonCarefully(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.max_bytes) {
    return Error{ErrorCode::kOverLimit,
                 "",
                 "the document has " + Decimal(static_cast<std::int64_t>(text.size())) +
                     " bytes; at most " + Decimal(static_cast<std::int64_t>(limits.max_bytes)) +
                     " are read",
                 {1, 1}};
  }
  if (text.starts_with("\xEF\xBB\xBF")) {
    return Error{ErrorCode::kMalformedJson, "", "starts with a byte order mark; remove it", {1, 1}};
  }
  // nlohmann's lexer takes NUL for the end of the text and would not see what stands behind it.
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
    return Error{ErrorCode::kMalformedJson, "", "has a NUL byte", PositionAt(text, nul)};
  }
  Cursor cursor;
  Builder builder(cursor, text, limits);
  const bool complete =
      nlohmann::json::sax_parse(CursorIterator(&cursor, text.data()),
                                CursorIterator(&cursor, text.data() + text.size()), &builder);
  if (!complete || !builder.problems().empty()) return std::move(builder.problems());
  return builder.Take();
}

}  // namespace candor
