#include "core/field_value.h"

#include <algorithm>

#include "core/text.h"

namespace candor {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsHexDigit(char c) { return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// Whether `text` follows `form`, in which 0 stands for any digit.
bool HasForm(std::string_view text, std::string_view form) {
  if (text.size() != form.size()) return false;
  for (std::size_t i = 0; i < form.size(); ++i) {
    if (form[i] == '0' ? !IsDigit(text[i]) : text[i] != form[i]) return false;
  }
  return true;
}

int TwoDigits(std::string_view text, std::size_t at) {
  return (text[at] - '0') * 10 + (text[at + 1] - '0');
}

bool IsDay(std::string_view text) {
  if (!HasForm(text, "0000-00-00")) return false;
  const int year = TwoDigits(text, 0) * 100 + TwoDigits(text, 2);
  const int month = TwoDigits(text, 5);
  const int day = TwoDigits(text, 8);
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month < 1 || month > 12) return false;
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return day >= 1 && day <= kDays[month - 1] + (month == 2 && leap ? 1 : 0);
}

bool IsZone(std::string_view text) {
  if (text == "Z") return true;
  if (text.empty() || (text[0] != '+' && text[0] != '-')) return false;
  text.remove_prefix(1);
  if (!HasForm(text, "00:00") && !HasForm(text, "0000")) return false;
  return TwoDigits(text, 0) < 24 && TwoDigits(text, text.size() - 2) < 60;
}

std::size_t SkipDigits(std::string_view text, std::size_t at) {
  while (at < text.size() && IsDigit(text[at])) ++at;
  return at;
}

// One check of one value: carries what every message needs.
class Check {
 public:
  Check(const Field& field, Problems& problems) : field_(field), problems_(problems) {}

  bool Value(const JsonValue& value, const std::string& where) {
    switch (field_.type) {
      case FieldType::kUuid:
        return Text(value, where) &&
               (IsUuid4(value.text()) || Refuse(value, where,
                                                "must be a version 4 UUID such as "
                                                "\"8343cc7a-8ad1-42d4-97d2-43452c0bdfa3\""));
      case FieldType::kString:
        return Text(value, where) && (!field_.required || !value.text().empty() ||
                                      Refuse(value, where, "must not be empty"));
      case FieldType::kBoolean:
        return Kind(value, JsonKind::kBoolean, where);
      case FieldType::kInteger:
      case FieldType::kCount:
        return Number(value, where);
      case FieldType::kDate:
        return Date(value, where);
      case FieldType::kDecimalText:
        return Text(value, where) &&
               (IsDecimalText(value.text()) ||
                Refuse(value, where, "must be a decimal reading such as \"1.5E3\" or \"NaN\""));
      case FieldType::kStringList:
        return List(value, where);
      case FieldType::kStringMap:
        return Map(value, where);
      case FieldType::kDataPoints:
        return Kind(value, JsonKind::kArray, where);
    }
    return false;
  }

 private:
  bool Fail(ErrorCode code, const JsonValue& value, const std::string& where, std::string message) {
    problems_.Add({code, where, std::move(message), value.at()});
    return false;
  }
  bool Refuse(const JsonValue& value, const std::string& where, std::string_view right) {
    const bool scalar = value.is_string() || value.kind() == JsonKind::kNumber;
    std::string message = scalar ? '"' + Quotable(value.text()) + "\": " : std::string();
    return Fail(ErrorCode::kOutOfRange, value, where, message.append(right));
  }
  bool Kind(const JsonValue& value, JsonKind kind, const std::string& where) {
    if (value.kind() == kind) return true;
    return Fail(
        ErrorCode::kWrongType, value, where,
        "must be " + std::string(KindName(kind)) + ", not " + std::string(KindName(value.kind())));
  }
  bool Text(const JsonValue& value, const std::string& where) {
    if (!Kind(value, JsonKind::kString, where)) return false;
    if (value.text().find('\0') != std::string::npos) {
      return Fail(ErrorCode::kNotUtf8, value, where, "must not hold NUL (\\u0000)");
    }
    if (value.text().size() <= field_.max_bytes) return true;
    return Fail(ErrorCode::kOverLimit, value, where,
                "is " + Decimal(static_cast<std::int64_t>(value.text().size())) +
                    " bytes long; at most " + Decimal(field_.max_bytes) + " are allowed");
  }
  bool Number(const JsonValue& value, const std::string& where) {
    std::int64_t number = 0;
    if (!Kind(value, JsonKind::kNumber, where)) return false;
    if (!value.AsInteger(&number)) {
      return Refuse(value, where, "must be an integer within +-9007199254740991");
    }
    if (field_.type != FieldType::kCount || number >= 0) return true;
    return Refuse(value, where, "must not be negative");
  }
  bool Date(const JsonValue& value, const std::string& where) {
    if (!Text(value, where)) return false;
    if (IsDate(value.text(), field_.precision)) return true;
    switch (field_.precision) {
      case DatePrecision::kDay:
        return Refuse(value, where, "must be a day such as \"2026-11-21\"");
      case DatePrecision::kSecond:
        return Refuse(value, where, "must be a time such as \"2026-11-21T09:30:00Z\"");
      case DatePrecision::kMillisecond:
        return Refuse(value, where, "must be a time such as \"2026-11-21T09:30:00.125Z\"");
    }
    return false;
  }
  bool List(const JsonValue& value, const std::string& where) {
    if (!Kind(value, JsonKind::kArray, where)) return false;
    bool fits = true;
    for (std::size_t i = 0; i < value.items().size(); ++i) {
      const std::string place = where + '/' + Decimal(static_cast<std::int64_t>(i));
      fits = Text(value.items()[i], place) && fits;
    }
    return fits;
  }
  bool Map(const JsonValue& value, const std::string& where) {
    if (!Kind(value, JsonKind::kObject, where)) return false;
    bool fits = true;
    for (const JsonMember* member : MatchingMembers(value, field_.key_pattern)) {
      fits = Text(member->value, where + PointerStep(member->key)) && fits;
    }
    return fits;
  }

  const Field& field_;
  Problems& problems_;
};

}  // namespace

bool CheckFieldValue(const Field& field, const JsonValue& value, const std::string& where,
                     Problems& problems) {
  return Check(field, problems).Value(value, where);
}

std::vector<const JsonMember*> MatchingMembers(const JsonValue& object, const KeyPattern& pattern) {
  std::vector<const JsonMember*> members;
  for (const JsonMember& member : object.members()) {
    if (pattern.Matches(member.key)) members.push_back(&member);
  }
  std::sort(members.begin(), members.end(),
            [](const JsonMember* a, const JsonMember* b) { return a->key < b->key; });
  return members;
}

void WriteFieldValue(const Field& field, const JsonValue& value, JsonWriter& writer) {
  if (value.kind() == JsonKind::kNumber) {
    std::int64_t integer = 0;
    value.AsInteger(&integer);
    writer.Integer(integer);
  } else if (field.type == FieldType::kStringMap) {
    writer.BeginObject();
    for (const JsonMember* member : MatchingMembers(value, field.key_pattern)) {
      writer.Key(member->key);
      writer.String(member->value.text());
    }
    writer.EndObject();
  } else {
    writer.Value(value);
  }
}

bool IsUuid4(std::string_view text) {
  constexpr std::string_view kForm = "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx";
  if (text.size() != kForm.size()) return false;
  for (std::size_t i = 0; i < kForm.size(); ++i) {
    if (kForm[i] == 'x') {
      if (!IsHexDigit(text[i])) return false;
    } else if (kForm[i] == 'y') {
      if (std::string_view("89abAB").find(text[i]) == std::string_view::npos) return false;
    } else if (text[i] != kForm[i]) {
      return false;
    }
  }
  return true;
}

bool IsDate(std::string_view text, DatePrecision precision) {
  if (!IsDay(text.substr(0, 10))) return false;
  if (precision == DatePrecision::kDay) return text.size() == 10;
  const std::string_view form = precision == DatePrecision::kSecond ? "T00:00:00" : "T00:00:00.000";
  const std::string_view time = text.substr(10, form.size());
  if (!HasForm(time, form) || !IsZone(text.substr(10 + time.size()))) return false;
  return TwoDigits(time, 1) < 24 && TwoDigits(time, 4) < 60 && TwoDigits(time, 7) < 60;
}

bool IsDecimalText(std::string_view text) {
  if (text == "NaN") return true;
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) text.remove_prefix(1);
  if (text == "Inf") return true;
  const std::size_t point = SkipDigits(text, 0);
  std::size_t digits = point;
  std::size_t at = point;
  if (at < text.size() && text[at] == '.') {
    at = SkipDigits(text, point + 1);
    digits += at - point - 1;
  }
  if (digits == 0) return false;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    const std::size_t end = SkipDigits(text, at);
    if (end == at) return false;
    at = end;
  }
  return at == text.size();
}

}  // namespace candor
