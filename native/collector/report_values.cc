#include "native/collector/report_values.h"

#include <algorithm>
#include <array>

#include "core/json_reader.h"
#include "core/text.h"

namespace candor {
namespace {

constexpr std::size_t kDepth = 4;

bool NeedsEscape(char c) { return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20; }

// RFC 8259 section 7. The texts are UTF-8 already: they were read as JSON.
void AppendQuoted(std::string& json, std::string_view text) {
  json += '"';
  const char* at = text.data();
  for (const char* const end = at + text.size(); at != end;) {
    const char* const special = std::find_if(at, end, NeedsEscape);
    json.append(at, special);
    if (special == end) break;
    if (*special == '"' || *special == '\\') {
      (json += '\\') += *special;
    } else {
      const std::array<std::uint8_t, 1> byte = {static_cast<std::uint8_t>(*special)};
      json.append("\\u00").append(Hex(byte));
    }
    at = special + 1;
  }
  json += '"';
}

// `open`, the items with commas between them, `close`.
template <typename Items, typename Append>
void AppendAll(std::string& json, char open, const Items& items, char close, const Append& append) {
  json += open;
  for (bool first = true; const auto& item : items) {
    if (!first) json += ',';
    first = false;
    append(item);
  }
  json += close;
}

Error Corrupt() { return {ErrorCode::kCorrupt, "", "does not hold values as they are written"}; }

}  // namespace

std::string WriteReportValues(const ReportValues& values) {
  std::string json = "{\"numbers\":";
  AppendAll(json, '{', values.numbers, '}', [&json](const auto& number) {
    AppendQuoted(json, number.first);
    (json += ':') += Decimal(number.second);
  });
  json += ",\"texts\":";
  AppendAll(json, '{', values.texts, '}', [&json](const auto& texts) {
    AppendQuoted(json, texts.first);
    json += ':';
    AppendAll(json, '[', texts.second, ']',
              [&json](const auto& text) { AppendQuoted(json, text); });
  });
  return json += '}';
}

Result<ReportValues> ReadReportValues(std::string_view json) {
  JsonLimits limits;
  limits.max_depth = kDepth;
  const Result<JsonValue> document = ReadJson(json, limits);
  if (!document.ok()) return document.problems();
  const JsonValue* const numbers = document.value().Find("numbers");
  const JsonValue* const texts = document.value().Find("texts");
  if (numbers == nullptr || !numbers->is_object() || texts == nullptr || !texts->is_object()) {
    return Corrupt();
  }
  ReportValues values;
  for (const JsonMember& number : numbers->members()) {
    if (!number.value.AsInteger(&values.numbers[number.key])) return Corrupt();
  }
  for (const JsonMember& list : texts->members()) {
    if (!list.value.is_array()) return Corrupt();
    for (const JsonValue& text : list.value.items()) {
      if (!text.is_string()) return Corrupt();
      values.texts[list.key].insert(text.text());
    }
  }
  return values;
}

}  // namespace candor
