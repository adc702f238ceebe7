#include "core/json_writer.h"

#include <algorithm>
#include <cstring>

#include "core/text.h"

namespace candor {
namespace {

bool NeedsEscape(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; }

// The two-character escapes of ECMA-262 QuoteJSONString; 0 for all others.
char ShortEscape(char c) {
  switch (c) {
    case '\b':
      return 'b';
    case '\t':
      return 't';
    case '\n':
      return 'n';
    case '\f':
      return 'f';
    case '\r':
      return 'r';
    case '"':
    case '\\':
      return c;
    default:
      return 0;
  }
}

}  // namespace

JsonWriter::JsonWriter(Sink& sink) : sink_(sink), block_(new char[kBlock]) {}

void JsonWriter::Flush() {
  sink_.Write({block_.get(), used_});
  used_ = 0;
}

void JsonWriter::Put(std::string_view bytes) {
  while (bytes.size() > kBlock - used_) {
    const std::size_t fits = kBlock - used_;
    std::memcpy(block_.get() + used_, bytes.data(), fits);
    used_ = kBlock;
    Flush();
    bytes.remove_prefix(fits);
  }
  std::memcpy(block_.get() + used_, bytes.data(), bytes.size());
  used_ += bytes.size();
}

void JsonWriter::Separate() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (depth_ == 0) return;
  if (!first_) Put(",");
  first_ = false;
  Put("\n");
  for (std::size_t i = 0; i < depth_; ++i) Put("  ");
}

void JsonWriter::Open(char bracket) {
  Separate();
  Put({&bracket, 1});
  ++depth_;
  first_ = true;
}

void JsonWriter::Close(char bracket) {
  --depth_;
  if (!first_) {
    Put("\n");
    for (std::size_t i = 0; i < depth_; ++i) Put("  ");
  }
  Put({&bracket, 1});
  first_ = false;
}

void JsonWriter::PutEscaped(std::string_view utf8) {
  Put("\"");
  std::size_t plain = 0;
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const char c = utf8[i];
    if (!NeedsEscape(c)) continue;
    Put(utf8.substr(plain, i - plain));
    plain = i + 1;
    if (const char letter = ShortEscape(c); letter != 0) {
      const char escape[] = {'\\', letter};
      Put({escape, 2});
    } else {
      constexpr std::string_view kDigits = "0123456789abcdef";
      const char escape[] = {'\\', 'u', '0', '0', kDigits[(c >> 4) & 15], kDigits[c & 15]};
      Put({escape, 6});
    }
  }
  Put(utf8.substr(plain));
  Put("\"");
}

void JsonWriter::Key(std::string_view utf8) {
  Separate();
  PutEscaped(utf8);
  Put(": ");
  after_key_ = true;
}

void JsonWriter::String(std::string_view utf8) {
  Separate();
  PutEscaped(utf8);
}

void JsonWriter::NumberText(std::string_view text) {
  Separate();
  Put(text);
}

void JsonWriter::Integer(std::int64_t value) { NumberText(Decimal(value)); }
void JsonWriter::Boolean(bool value) { NumberText(value ? "true" : "false"); }
void JsonWriter::Null() { NumberText("null"); }

void JsonWriter::Raw(std::string_view fragment) {
  Separate();
  Put(fragment);
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
  Put("\n");
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
