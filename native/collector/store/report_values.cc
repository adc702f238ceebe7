#include "native/collector/store/report_values.h"

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

Error Corrupt() { return {ErrorCode::kCorrupt, "", "does not hold values as they are written"}; }

}  // namespace

void ReportValueViews::Order() {
  std::sort(numbers.begin(), numbers.end());
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
}

std::string WriteReportValues(const ReportValueViews& values) {
  std::string json = "{\"numbers\":{";
  for (const auto& [place, number] : values.numbers) {
    if (json.back() != '{') json += ',';
    AppendQuoted(json, place);
    (json += ':') += Decimal(number);
  }
  json += "},\"texts\":{";
  for (std::size_t i = 0; i < values.texts.size(); ++i) {
    const auto& [place, text] = values.texts[i];
    if (i > 0 && values.texts[i - 1].first == place) {
      json += ',';
    } else {
      if (i > 0) json += "],";
      AppendQuoted(json, place);
      json += ":[";
    }
    AppendQuoted(json, text);
  }
  return json += values.texts.empty() ? "}}" : "]}}";
}

std::string WriteReportValues(const ReportValues& values) {
  ReportValueViews views;
  for (const auto& [place, number] : values.numbers) views.numbers.emplace_back(place, number);
  for (const auto& [place, texts] : values.texts) {
    for (const std::string& text : texts) views.texts.emplace_back(place, text);
  }
  return WriteReportValues(views);
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
