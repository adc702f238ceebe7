#include "core/config_values.h"

#include <algorithm>
#include <utility>

#include "core/text.h"

namespace candor {
namespace {

constexpr std::int64_t kMaxListText = 2048;

bool EqualsIgnoringCase(std::string_view text, std::string_view lower) {
  return std::equal(text.begin(), text.end(), lower.begin(), lower.end(),
                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
}

// "NAME" and "default" of a text that is "${NAME:default}" as a whole.
struct Placeholder {
  std::string_view name;
  std::optional<std::string_view> otherwise;
};

std::optional<Placeholder> AsPlaceholder(std::string_view text) {
  if (!text.starts_with("${") || !text.ends_with('}')) return std::nullopt;
  text = text.substr(2, text.size() - 3);
  Placeholder found;
  const std::size_t colon = text.find(':');
  found.name = text.substr(0, colon);
  if (colon != std::string_view::npos) found.otherwise = text.substr(colon + 1);
  const bool named =
      !found.name.empty() && std::all_of(found.name.begin(), found.name.end(), [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
               c == '_';
      });
  if (!named) return std::nullopt;
  return found;
}

std::string_view Trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

bool ValueReader::Read(const ConfigStatement& said, Config* config) {
  said_ = &said;
  components_ = 0;
  Value value{.json = said.value, .textual = said.textual, .where = said.where, .at = said.at};
  if (!Resolve(&value)) return false;
  bool good = false;
  VisitMember(said.row->member, [&](auto member) {
    auto& setting = config->*member;
    good = Decode(value, &setting.value);
    if (!good) return;
    setting.origin = value.variable.empty()
                         ? said.origin
                         : "environment variable " + value.variable + " through " + said.origin;
  });
  return good;
}

bool ValueReader::Resolve(Value* value) {
  if (!said_->placeholders || !value->json->is_string()) return true;
  const std::optional<Placeholder> placeholder = AsPlaceholder(value->json->text());
  if (!placeholder) return true;
  const std::string* text = variables_.Find(placeholder->name);
  if (text == nullptr && !placeholder->otherwise) {
    Add(ErrorCode::kMissing, *value,
        "names the environment variable " + Quotable(placeholder->name, 200) +
            ", which is not set; set it, or give a default as ${NAME:default}");
    return false;
  }
  if (text != nullptr) value->variable = placeholder->name;
  value->resolved =
      JsonValue::String(text != nullptr ? *text : std::string(*placeholder->otherwise));
  value->json = &value->resolved;
  value->textual = true;
  return true;
}

bool ValueReader::Decode(const Value& value, Mode* out) {
  constexpr std::string_view kModes[] = {"disabled", "download", "online"};
  if (!value.json->is_string()) return WrongType(value, "\"disabled\", \"download\" or \"online\"");
  const std::string& text = value.json->text();
  for (const Mode mode : {Mode::kDisabled, Mode::kDownload, Mode::kOnline}) {
    if (text == Name(mode)) {
      *out = mode;
      return true;
    }
  }
  std::string message =
      "must be \"disabled\", \"download\" or \"online\", not \"" + Quotable(text) + "\"";
  const std::string_view nearest = Nearest(text, kModes);
  if (!nearest.empty()) message += "; did you mean \"" + std::string(nearest) + "\"?";
  Add(ErrorCode::kOutOfRange, value, std::move(message));
  return false;
}

bool ValueReader::Decode(const Value& value, bool* out) {
  if (value.json->kind() == JsonKind::kBoolean) {
    *out = value.json->boolean();
    return true;
  }
  if (!value.textual || !value.json->is_string()) return WrongType(value, "true or false");
  const bool yes = EqualsIgnoringCase(value.json->text(), "true");
  if (!yes && !EqualsIgnoringCase(value.json->text(), "false")) {
    Add(ErrorCode::kOutOfRange, value,
        "must be true or false, not \"" + Quotable(value.json->text()) + "\"");
    return false;
  }
  *out = yes;
  return true;
}

bool ValueReader::Decode(const Value& value, std::optional<bool>* out) {
  if (value.json->is_null()) {
    *out = std::nullopt;
    return true;
  }
  bool decided = false;
  if (!Decode(value, &decided)) return false;
  *out = decided;
  return true;
}

bool ValueReader::Decode(const Value& value, std::int64_t* out) {
  const JsonValue& json = *value.json;
  std::int64_t number = 0;
  bool good = false;
  bool numeric = json.kind() == JsonKind::kNumber;
  if (numeric) {
    good = json.AsInteger(&number);
  } else if (value.textual && json.is_string()) {
    // A leading zero is octal to some readers of the same file.
    const std::string& text = json.text();
    const std::size_t first = text.starts_with('-') ? 1 : 0;
    numeric =
        text.size() > first && text.find_first_not_of("0123456789", first) == std::string::npos;
    good =
        numeric && (text[first] != '0' || text.size() == first + 1) && ParseDecimal(text, &number);
  } else {
    return WrongType(value, "an integer");
  }
  const std::int64_t unit = said_->unit;
  const std::int64_t least = (said_->row->least + unit - 1) / unit;
  const std::int64_t most = said_->row->most / unit;
  if (!good || number < least || number > most) {
    Add(ErrorCode::kOutOfRange, value,
        "must be an integer from " + Decimal(least) + " to " + Decimal(most) + ", not " +
            Quotable(json.text()));
    return false;
  }
  *out = number * unit;
  return true;
}

bool ValueReader::Decode(const Value& value, std::string* out) {
  return ReadText(value, said_->row->least, said_->row->most, out) && CheckText(value, *out);
}

bool ValueReader::CheckText(const Value& value, const std::string& text) {
  if (said_->row->check == nullptr) return true;
  std::string wrong = said_->row->check(text);
  if (wrong.empty()) return true;
  Add(ErrorCode::kOutOfRange, value, std::move(wrong));
  return false;
}

bool ValueReader::Decode(const Value& value, std::vector<std::string>* out) {
  const auto most = static_cast<std::uint64_t>(said_->row->most);
  std::vector<std::string> texts;
  bool good = true;
  if (value.json->is_array()) {
    if (value.json->items().size() > most) {
      Add(ErrorCode::kOverLimit, value, "has more than " + Decimal(said_->row->most) + " entries");
      return false;
    }
    for (std::size_t i = 0; i < value.json->items().size(); ++i) {
      Value item = Item(value, i);
      std::string text;
      good =
          Resolve(&item) && ReadText(item, 1, kMaxListText, &text) && CheckText(item, text) && good;
      texts.push_back(std::move(text));
    }
  } else if (value.textual && value.json->is_string()) {
    std::string all;
    if (!ReadText(value, 0, kMaxListText * 64, &all)) return false;
    for (std::string_view rest = all; !rest.empty();) {
      const std::size_t comma = std::min(rest.find(','), rest.size());
      const std::string text(Trimmed(rest.substr(0, comma)));
      if (!text.empty()) good = CheckText(value, text) && good;
      if (!text.empty()) texts.push_back(text);
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
  } else {
    return WrongType(value, "an array of strings");
  }
  if (good) *out = std::move(texts);
  return good;
}

bool ValueReader::ReadText(const Value& value, std::int64_t least, std::int64_t most,
                           std::string* out) {
  const JsonValue& json = *value.json;
  std::string text;
  if (json.is_string() || (value.textual && json.kind() == JsonKind::kNumber)) {
    text = json.text();
  } else if (value.textual && json.kind() == JsonKind::kBoolean) {
    text = json.boolean() ? "true" : "false";
  } else {
    return WrongType(value, "a string");
  }
  if (text.find('\0') != std::string::npos || FindInvalidUtf8(text) != std::string_view::npos) {
    Add(ErrorCode::kNotUtf8, value, "must be UTF-8 without NUL");
    return false;
  }
  if (text.size() > static_cast<std::uint64_t>(most)) {
    Add(ErrorCode::kOverLimit, value, "is longer than " + Decimal(most) + " bytes");
    return false;
  }
  if (text.size() < static_cast<std::uint64_t>(least)) {
    Add(ErrorCode::kOutOfRange, value, "must not be empty");
    return false;
  }
  *out = std::move(text);
  return true;
}

ValueReader::Value ValueReader::Member(const Value& object, const JsonMember& member) const {
  return {.json = &member.value,
          .textual = said_->textual,
          .where = object.where + PointerStep(member.key),
          .at = member.value.at()};
}

ValueReader::Value ValueReader::Item(const Value& array, std::size_t index) const {
  const JsonValue& item = array.json->items()[index];
  return {.json = &item,
          .textual = said_->textual,
          .where = array.where + "/" + Decimal(static_cast<std::int64_t>(index)),
          .at = item.at()};
}

void ValueReader::Add(ErrorCode code, const Value& value, std::string message) {
  problems_->Add({code, value.where, std::move(message), value.at});
}

bool ValueReader::WrongType(const Value& value, std::string_view expected) {
  Add(ErrorCode::kWrongType, value,
      "must be " + std::string(expected) + ", not " + std::string(KindName(value.json->kind())));
  return false;
}

void AppendPlaceholders(const JsonValue& value, std::vector<std::string>* names) {
  if (value.is_string()) {
    const std::optional<Placeholder> placeholder = AsPlaceholder(value.text());
    if (placeholder) names->emplace_back(placeholder->name);
  }
  for (const JsonValue& item : value.items()) AppendPlaceholders(item, names);
  for (const JsonMember& member : value.members()) AppendPlaceholders(member.value, names);
}

}  // namespace candor
