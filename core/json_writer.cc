#include "core/json_writer.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>

namespace candor {
namespace {

static_assert(std::endian::native == std::endian::little,
              "texts are scanned eight bytes at a time, the first in the low byte");

constexpr std::uint64_t Repeat(std::uint8_t byte) { return 0x0101010101010101u * byte; }

bool NeedsEscape(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; }

// Marks the top bit of the lowest byte that JSON must escape, and maybe those of higher ones; 0
// when there is none. Without the bit 2, '"' and the control characters are all below 0x21.
std::uint64_t EscapeMask(std::uint64_t eight) {
  const std::uint64_t low = (eight ^ Repeat(0x02)) - Repeat(0x21);
  const std::uint64_t backslash = (eight ^ Repeat('\\')) - Repeat(0x01);
  return (low | backslash) & ~eight & Repeat(0x80);
}

template <typename Word>
Word Load(const char* from) {
  Word loaded;
  std::memcpy(&loaded, from, sizeof loaded);
  return loaded;
}

// The one to seven bytes of a text's end, in the low bytes of the answer; zeros behind them.
std::uint64_t LoadTail(const char* from, std::size_t size) {
  if (size >= 4) {
    return Load<std::uint32_t>(from) | std::uint64_t{Load<std::uint32_t>(from + size - 4)}
                                           << (8 * (size - 4));
  }
  if (size >= 2) {
    return Load<std::uint16_t>(from) | std::uint64_t{Load<std::uint16_t>(from + size - 2)}
                                           << (8 * (size - 2));
  }
  return static_cast<std::uint8_t>(*from);
}

// ECMA-262 QuoteJSONString; `out` has room for 8 bytes.
char* PutEscape(char* out, char c) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  constexpr std::string_view kNamed = "\b\t\n\f\r\"\\";
  constexpr std::string_view kNames = "btnfr\"\\";
  *out++ = '\\';
  if (const std::size_t at = kNamed.find(c); at != std::string_view::npos) {
    *out++ = kNames[at];
    return out;
  }
  std::memcpy(out, "u00", 3);
  out[3] = kDigits[c >> 4];
  out[4] = kDigits[c & 15];
  return out + 5;
}

inline std::uint64_t CopyEight(char* out, const char* from) {
  const auto eight = Load<std::uint64_t>(from);
  std::memcpy(out, &eight, sizeof eight);
  return EscapeMask(eight);
}

// Copies `text` as it is and tells whether that was right; `out` has room for 8 bytes more.
inline bool CopyPlain(char* out, std::string_view text) {
  const std::size_t size = text.size();
  if (size >= 8) {
    std::uint64_t mask = CopyEight(out + size - 8, text.data() + size - 8);
    for (std::size_t i = 0; i < size - 8; i += 8) mask |= CopyEight(out + i, text.data() + i);
    return mask == 0;
  }
  if (size == 0) return true;
  const std::uint64_t tail = LoadTail(text.data(), size);
  std::memcpy(out, &tail, sizeof tail);
  return EscapeMask(tail) << (64 - 8 * size) == 0;
}

// `out` has room for 6 bytes each.
char* PutEscaped(char* out, std::string_view text) {
  for (const char c : text) {
    if (NeedsEscape(c)) {
      out = PutEscape(out, c);
    } else {
      *out++ = c;
    }
  }
  return out;
}

// A comma, a line break and indentation; the first value of a container goes without the comma.
constexpr char kSeparator[] = ",\n               ";
constexpr const char* kFirstSeparator = kSeparator + 1;
// Copies of a fixed size are far cheaper than exact ones; what is too much is overwritten.
constexpr std::size_t kSeparatorCopy = 16;
static_assert(sizeof kSeparator > kSeparatorCopy + 1);

}  // namespace

JsonWriter::JsonWriter(Sink& sink)
    : sink_(sink),
      block_(new char[kBlock]),
      out_(block_.get()),
      end_(out_ + kBlock),
      separator_(kFirstSeparator) {}

void JsonWriter::Flush() {
  sink_.Write({block_.get(), static_cast<std::size_t>(out_ - block_.get())});
  out_ = block_.get();
}

inline void JsonWriter::Reserve() {
  if (end_ - out_ < static_cast<std::ptrdiff_t>(kRoom)) Flush();
}

// Leaves kRoom bytes, less those of a short separator, for what follows.
inline char* JsonWriter::PutSeparator() {
  Reserve();
  std::memcpy(out_, separator_, kSeparatorCopy);
  if (separator_size_ <= kSeparatorCopy) [[likely]]
    return out_ + separator_size_;
  return PutIndentation(separator_size_ - kSeparatorCopy);
}

// The rest of a long separator.
char* JsonWriter::PutIndentation(std::size_t spaces) {
  out_ += kSeparatorCopy;
  for (; spaces > 0; spaces -= std::min(spaces, kStep)) {
    std::memset(out_, ' ', kStep);
    out_ += std::min(spaces, kStep);
    Reserve();
  }
  return out_;
}

inline void JsonWriter::EndKey(char* out) {
  std::memcpy(out, ": ", 2);
  out_ = out + 2;
  separator_size_ = 0;
}

inline void JsonWriter::EndValue(char* out) {
  out_ = out;
  separator_ = kSeparator;
  separator_size_ = item_separator_size_;
}

void JsonWriter::Open(char bracket) {
  char* out = PutSeparator();
  *out = bracket;
  out_ = out + 1;
  item_separator_size_ += 2;
  separator_ = kFirstSeparator;
  separator_size_ = item_separator_size_ - 1;
}

void JsonWriter::Close(char bracket) {
  const bool empty = separator_ == kFirstSeparator;
  item_separator_size_ -= 2;
  separator_ = kFirstSeparator;
  separator_size_ = empty ? 0 : item_separator_size_ - 1;
  char* out = PutSeparator();
  *out = bracket;
  EndValue(out + 1);
}

// The common case: nothing long, nothing to escape, and room. Otherwise nullptr, and nothing counts
// as written.
[[gnu::always_inline]] inline char* JsonWriter::TryQuoted(std::string_view utf8) {
  if (end_ - out_ < static_cast<std::ptrdiff_t>(kRoom) || separator_size_ > kSeparatorCopy ||
      utf8.size() > kStep) {
    return nullptr;
  }
  std::memcpy(out_, separator_, kSeparatorCopy);
  char* out = out_ + separator_size_;
  *out = '"';
  if (!CopyPlain(out + 1, utf8)) return nullptr;
  out += 1 + utf8.size();
  *out = '"';
  return out + 1;
}

char* JsonWriter::PutQuoted(std::string_view utf8) {
  out_ = PutSeparator();
  *out_++ = '"';
  for (; utf8.size() > kStep; utf8.remove_prefix(kStep)) {
    out_ = PutEscaped(out_, utf8.substr(0, kStep));
    Reserve();
  }
  char* out = PutEscaped(out_, utf8);
  *out = '"';
  return out + 1;
}

void JsonWriter::Key(std::string_view utf8) {
  char* out = TryQuoted(utf8);
  if (out == nullptr) [[unlikely]]
    return EndKey(PutQuoted(utf8));
  EndKey(out);
}

void JsonWriter::String(std::string_view utf8) {
  char* out = TryQuoted(utf8);
  if (out == nullptr) [[unlikely]]
    return EndValue(PutQuoted(utf8));
  EndValue(out);
}

void JsonWriter::Integer(std::int64_t value) {
  EndValue(std::to_chars(PutSeparator(), end_, value).ptr);
}

void JsonWriter::NumberText(std::string_view text) { Raw(text); }
void JsonWriter::Boolean(bool value) { Raw(value ? "true" : "false"); }
void JsonWriter::Null() { Raw("null"); }

void JsonWriter::Raw(std::string_view fragment) {
  out_ = PutSeparator();
  while (fragment.size() > static_cast<std::size_t>(end_ - out_)) {
    const auto fits = static_cast<std::size_t>(end_ - out_);
    std::memcpy(out_, fragment.data(), fits);
    out_ = end_;
    Flush();
    fragment.remove_prefix(fits);
  }
  std::memcpy(out_, fragment.data(), fragment.size());
  EndValue(out_ + fragment.size());
}

void JsonWriter::Value(const JsonValue& value) {
  switch (value.kind()) {
    case JsonKind::kNull:
      Null();
      break;
    case JsonKind::kBoolean:
      Boolean(value.boolean());
      break;
    case JsonKind::kNumber:
      NumberText(value.text());
      break;
    case JsonKind::kString:
      String(value.text());
      break;
    case JsonKind::kArray:
      BeginArray();
      for (const JsonValue& item : value.items()) Value(item);
      EndArray();
      break;
    case JsonKind::kObject:
      BeginObject();
      for (const JsonMember& member : value.members()) {
        Key(member.key);
        Value(member.value);
      }
      EndObject();
      break;
  }
}

void JsonWriter::Finish() {
  separator_ = kFirstSeparator;
  separator_size_ = 1;
  out_ = PutSeparator();
  Flush();
}

std::string WriteJson(const JsonValue& value) {
  StringSink sink;
  JsonWriter writer(sink);
  writer.Value(value);
  writer.Finish();
  return std::move(sink).text();
}

}  // namespace candor
