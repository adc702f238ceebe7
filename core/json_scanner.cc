#include "core/json_scanner.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "core/text.h"

namespace candor {
namespace {

// Any number of so many characters, and without an exponent, is a double.
constexpr std::ptrdiff_t kSurelyFinite = 300;
// Up to here each key is compared with each.
constexpr std::size_t kFewMembers = 8;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// What stands for itself in a string, UTF-8 above ASCII aside.
constexpr std::array<bool, 256> kPlain = [] {
  std::array<bool, 256> plain = {};
  for (int c = 0x20; c < 0x80; ++c) plain[static_cast<std::size_t>(c)] = c != '"' && c != '\\';
  return plain;
}();

class Scanner {
 public:
  Scanner(std::string_view text, const JsonLimits& limits)
      : limits_(limits), at_(text.data()), end_(at_ + text.size()), line_start_(at_) {}

  std::optional<JsonValue> Read() {
    JsonValue value;
    SkipSpace();
    if (!ReadValue(&value)) return std::nullopt;
    SkipSpace();
    if (at_ != end_) return std::nullopt;
    return value;
  }

 private:
  void SkipSpace() {
    for (; at_ != end_; ++at_) {
      if (*at_ == '\n') {
        ++line_;
        line_start_ = at_ + 1;
      } else if (*at_ != ' ' && *at_ != '\t' && *at_ != '\r') {
        return;
      }
    }
  }

  bool Take(char c) {
    if (at_ == end_ || *at_ != c) return false;
    ++at_;
    return true;
  }

  bool TakeWord(std::string_view word) {
    if (!std::string_view(at_, static_cast<std::size_t>(end_ - at_)).starts_with(word))
      return false;
    at_ += word.size();
    return true;
  }

  Position Here() const { return {line_, static_cast<std::uint32_t>(at_ - line_start_) + 1}; }

  bool ReadValue(JsonValue* out) {
    if (at_ == end_) return false;
    const Position here = Here();
    if (!ReadKind(out)) return false;
    out->SetAt(here);
    return true;
  }

  bool ReadKind(JsonValue* out) {
    switch (*at_) {
      case '{':
        return ReadObject(out);
      case '[':
        return ReadArray(out);
      case '"': {
        std::string text;
        if (!ReadString(&text)) return false;
        *out = JsonValue::String(std::move(text));
        return true;
      }
      case 't':
        *out = JsonValue::Boolean(true);
        return TakeWord("true");
      case 'f':
        *out = JsonValue::Boolean(false);
        return TakeWord("false");
      case 'n':
        return TakeWord("null");
      default:
        return ReadNumber(out);
    }
  }

  // Those of all open objects wait in one list, so that each object gets a list of its own length.
  bool ReadObject(JsonValue* out) {
    ++at_;
    if (++depth_ > limits_.max_depth) return false;
    const auto first = static_cast<std::ptrdiff_t>(members_.size());
    SkipSpace();
    if (!Take('}')) {
      do {
        if (!ReadMember()) return false;
      } while (Take(','));
      if (!Take('}')) return false;
    }
    --depth_;
    std::vector<JsonMember> members(std::make_move_iterator(members_.begin() + first),
                                    std::make_move_iterator(members_.end()));
    members_.resize(static_cast<std::size_t>(first));
    if (limits_.duplicate_keys == DuplicateKeys::kRefuse && MayRepeat(members)) return false;
    *out = JsonValue::Object(std::move(members));
    return true;
  }

  bool ReadMember() {
    SkipSpace();
    if (at_ == end_ || *at_ != '"') return false;
    JsonMember member;
    member.key_at = Here();
    if (!ReadString(&member.key)) return false;
    SkipSpace();
    if (!Take(':')) return false;
    SkipSpace();
    if (!ReadValue(&member.value)) return false;
    members_.push_back(std::move(member));
    SkipSpace();
    return true;
  }

  bool ReadArray(JsonValue* out) {
    ++at_;
    if (++depth_ > limits_.max_depth) return false;
    std::vector<JsonValue> items;
    SkipSpace();
    if (!Take(']')) {
      do {
        SkipSpace();
        JsonValue item;
        if (!ReadValue(&item)) return false;
        items.push_back(std::move(item));
        SkipSpace();
      } while (Take(','));
      if (!Take(']')) return false;
    }
    --depth_;
    *out = JsonValue::Array(std::move(items));
    return true;
  }

  bool ReadString(std::string* out) {
    const char* from = ++at_;
    bool ascii = true;
    for (;; ++at_) {
      while (at_ != end_ && kPlain[static_cast<unsigned char>(*at_)]) ++at_;
      if (at_ == end_) return false;
      if (*at_ == '"') break;
      if (*at_ == '\\') {
        out->append(from, at_);
        if (!ReadEscape(out)) return false;
        from = at_ + 1;
      } else if (static_cast<unsigned char>(*at_) < 0x20) {
        return false;
      } else {
        ascii = false;
      }
    }
    out->append(from, at_++);
    return ascii || FindInvalidUtf8(*out) == std::string_view::npos;
  }

  // Leaves at_ at its last character.
  bool ReadEscape(std::string* out) {
    constexpr std::string_view kNames = "\"\\/bfnrt", kMeans = "\"\\/\b\f\n\r\t";
    if (++at_ == end_) return false;
    if (*at_ == 'u') return ReadCodePoint(out);
    const std::size_t known = kNames.find(*at_);
    if (known == std::string_view::npos) return false;
    *out += kMeans[known];
    return true;
  }

  bool ReadCodePoint(std::string* out) {
    constexpr std::string_view kSmall = "0123456789abcdef", kLarge = "0123456789ABCDEF";
    if (end_ - at_ < 5) return false;
    std::size_t code = 0;
    for (int i = 0; i < 4; ++i) {
      ++at_;
      const std::size_t digit = std::min(kSmall.find(*at_), kLarge.find(*at_));
      if (digit == std::string_view::npos) return false;
      code = code << 4 | digit;
    }
    if (code >= 0xD800 && code < 0xE000) return false;
    const auto add = [out](std::size_t byte) { *out += static_cast<char>(byte); };
    if (code < 0x80) {
      add(code);
    } else {
      if (code < 0x800) {
        add(0xC0 | code >> 6);
      } else {
        add(0xE0 | code >> 12);
        add(0x80 | (code >> 6 & 0x3F));
      }
      add(0x80 | (code & 0x3F));
    }
    return true;
  }

  bool ReadNumber(JsonValue* out) {
    const char* const from = at_;
    Take('-');
    if (!Take('0') && !TakeDigits()) return false;
    if (Take('.') && !TakeDigits()) return false;
    if (at_ != end_ && (*at_ == 'e' || *at_ == 'E')) return false;
    if (at_ - from > kSurelyFinite) return false;
    *out = JsonValue::Number(std::string(from, at_));
    return true;
  }

  bool TakeDigits() {
    const char* const from = at_;
    while (at_ != end_ && IsDigit(*at_)) ++at_;
    return at_ != from;
  }

  // False only when every key differs from every other.
  bool MayRepeat(const std::vector<JsonMember>& members) {
    if (members.size() <= kFewMembers) {
      for (std::size_t i = 1; i < members.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
          if (members[i].key == members[j].key) return true;
        }
      }
      return false;
    }
    hashes_.clear();
    for (const JsonMember& member : members)
      hashes_.push_back(std::hash<std::string>()(member.key));
    std::sort(hashes_.begin(), hashes_.end());
    return std::adjacent_find(hashes_.begin(), hashes_.end()) != hashes_.end();
  }

  const JsonLimits& limits_;
  const char* at_;
  const char* const end_;
  const char* line_start_;
  std::uint32_t line_ = 1;
  std::size_t depth_ = 0;
  std::vector<JsonMember> members_;
  std::vector<std::size_t> hashes_;
};

}  // namespace

std::optional<JsonValue> ScanJson(std::string_view text, const JsonLimits& limits) {
  return Scanner(text, limits).Read();
}

}  // namespace candor
