#include "tests/native/openapi_document.h"

#include <algorithm>
#include <cctype>
#include <regex>
#include <stdexcept>

#include "core/json_reader.h"
#include "core/json_writer.h"

namespace candor {
namespace {

std::string Lower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

// "#/components/schemas/Problem"
const JsonValue& Followed(const JsonValue& document, const JsonValue& value) {
  const JsonValue* const reference = value.Find("$ref");
  if (reference == nullptr) return value;
  const JsonValue* at = &document;
  const std::string path = reference->text() + "/";
  for (std::size_t from = 2, to = 0; from < path.size(); from = to + 1) {
    to = path.find('/', from);
    at = at->Find(path.substr(from, to - from));
    if (at == nullptr) throw std::runtime_error("no " + reference->text());
  }
  return *at;
}

bool IsOfType(const JsonValue& value, const std::string& type) {
  std::int64_t integer = 0;
  switch (value.kind()) {
    case JsonKind::kNull:
      return type == "null";
    case JsonKind::kBoolean:
      return type == "boolean";
    case JsonKind::kNumber:
      return type == "number" || (type == "integer" && value.AsInteger(&integer));
    case JsonKind::kString:
      return type == "string";
    case JsonKind::kArray:
      return type == "array";
    case JsonKind::kObject:
      return type == "object";
  }
  return false;
}

class Checker {
 public:
  // Borrowed.
  explicit Checker(const JsonValue& document) : document_(document) {}

  // "" or the first thing that is wrong, with its place.
  std::string Check(const JsonValue& value, const JsonValue& schema_or_ref,
                    const std::string& where) {
    const JsonValue& schema = Followed(document_, schema_or_ref);
    for (const JsonMember& rule : schema.members()) {
      if (std::string why = CheckRule(value, schema, rule, where); !why.empty()) return why;
    }
    return {};
  }

 private:
  static std::string Bad(const std::string& where, const std::string& why) {
    return (where.empty() ? "the body" : where) + ": " + why;
  }

  std::string CheckRule(const JsonValue& value, const JsonValue& schema, const JsonMember& rule,
                        const std::string& where) {
    const std::string& key = rule.key;
    const JsonValue& is = rule.value;
    if (key == "type") return CheckType(value, is, where);
    if (key == "enum") {
      const bool in = std::any_of(is.items().begin(), is.items().end(), [&](const JsonValue& one) {
        return WriteJson(one) == WriteJson(value);
      });
      return in ? "" : Bad(where, "is none of " + WriteJson(is));
    }
    if (key == "const") {
      return WriteJson(is) == WriteJson(value) ? "" : Bad(where, "is not " + WriteJson(is));
    }
    if (key == "pattern" && value.is_string()) {
      return std::regex_search(value.text(), std::regex(is.text()))
                 ? ""
                 : Bad(where, "is no " + is.text());
    }
    if (key == "minimum" || key == "maximum") return CheckBound(value, rule, where);
    if (key == "minLength" && value.is_string()) {
      return value.text().empty() ? Bad(where, "is empty") : "";
    }
    if (key == "required" && value.is_object()) {
      for (const JsonValue& name : is.items()) {
        if (value.Find(name.text()) == nullptr) return Bad(where, "has no " + name.text());
      }
      return {};
    }
    if (key == "properties" && value.is_object()) return CheckMembers(value, schema, where);
    if (key == "additionalProperties" && value.is_object() &&
        schema.Find("properties") == nullptr) {
      return CheckMembers(value, schema, where);
    }
    if (key == "items" && value.is_array()) return CheckItems(value, is, where);
    if (key == "allOf") {
      for (const JsonValue& one : is.items()) {
        if (std::string why = Check(value, one, where); !why.empty()) return why;
      }
      return {};
    }
    if (key == "anyOf") return CheckAny(value, is, where);
    static const std::string kKnown[] = {
        "description", "properties", "additionalProperties", "items",   "required", "pattern",
        "minLength",   "default",    "uniqueItems",          "maxItems"};
    const bool known = std::find(std::begin(kKnown), std::end(kKnown), key) != std::end(kKnown);
    return known ? "" : Bad(where, "the checker does not know the rule " + key);
  }

  static std::string CheckType(const JsonValue& value, const JsonValue& type,
                               const std::string& where) {
    if (type.is_string()) {
      return IsOfType(value, type.text()) ? "" : Bad(where, "is no " + type.text());
    }
    const bool any = std::any_of(type.items().begin(), type.items().end(),
                                 [&](const JsonValue& one) { return IsOfType(value, one.text()); });
    return any ? "" : Bad(where, "is none of " + WriteJson(type));
  }

  static std::string CheckBound(const JsonValue& value, const JsonMember& rule,
                                const std::string& where) {
    std::int64_t number = 0, bound = 0;
    if (!value.AsInteger(&number) || !rule.value.AsInteger(&bound)) return {};
    const bool good = rule.key == "minimum" ? number >= bound : number <= bound;
    return good ? "" : Bad(where, "is beyond its " + rule.key);
  }

  std::string CheckMembers(const JsonValue& value, const JsonValue& schema,
                           const std::string& where) {
    const JsonValue* const named = schema.Find("properties");
    const JsonValue* const others = schema.Find("additionalProperties");
    for (const JsonMember& member : value.members()) {
      const JsonValue* rule = named == nullptr ? nullptr : named->Find(member.key);
      if (rule == nullptr && others != nullptr && others->kind() == JsonKind::kBoolean) {
        if (!others->boolean()) return Bad(where, "must not have " + member.key);
        continue;
      }
      if (rule == nullptr) rule = others;
      if (rule == nullptr) continue;
      if (std::string why = Check(member.value, *rule, where + PointerStep(member.key));
          !why.empty()) {
        return why;
      }
    }
    return {};
  }

  std::string CheckItems(const JsonValue& value, const JsonValue& rule, const std::string& where) {
    for (std::size_t i = 0; i < value.items().size(); ++i) {
      if (std::string why = Check(value.items()[i], rule, where + "/" + std::to_string(i));
          !why.empty()) {
        return why;
      }
    }
    return {};
  }

  std::string CheckAny(const JsonValue& value, const JsonValue& rules, const std::string& where) {
    std::string whys;
    for (const JsonValue& one : rules.items()) {
      const std::string why = Check(value, one, where);
      if (why.empty()) return {};
      whys += why + "; ";
    }
    return whys;
  }

  const JsonValue& document_;
};

std::string CheckBody(const JsonValue& document, const JsonValue& response,
                      const HttpAnswer& answer) {
  const JsonValue* const contents = response.Find("content");
  if (contents == nullptr) return answer.body.empty() ? "" : "there is a body, and none belongs";
  const JsonValue* content = contents->Find(answer.content_type);
  if (content == nullptr) return "no such media type: " + answer.content_type;
  if (answer.content_type.find("json") == std::string::npos) return {};
  JsonLimits limits;
  limits.duplicate_keys = DuplicateKeys::kAccept;
  const Result<JsonValue> body = ReadJson(answer.body, limits);
  if (!body.ok()) return "is no JSON: " + answer.body;
  return Checker(document).Check(body.value(), *content->Find("schema"), "");
}

}  // namespace

std::string WhyNotDescribed(const JsonValue& document, std::string_view method,
                            std::string_view path, const HttpAnswer& answer) {
  const JsonValue* const described = document.Find("paths")->Find(path);
  const JsonValue* const operation =
      described == nullptr ? nullptr : described->Find(Lower(method));
  if (operation == nullptr) return "there is no such operation";
  const JsonValue* const found = operation->Find("responses")->Find(std::to_string(answer.status));
  if (found == nullptr) return "no status " + std::to_string(answer.status);
  const JsonValue& response = Followed(document, *found);
  if (const JsonValue* const headers = response.Find("headers")) {
    for (const JsonMember& header : headers->members()) {
      const auto it = std::find_if(answer.headers.begin(), answer.headers.end(),
                                   [&](const auto& field) { return field.first == header.key; });
      if (it == answer.headers.end()) return "no " + header.key;
      if (header.key == "Retry-After") continue;
      const std::string why = Checker(document).Check(JsonValue::String(it->second),
                                                      *header.value.Find("schema"), header.key);
      if (!why.empty()) return why;
    }
  }
  return CheckBody(document, response, answer);
}

}  // namespace candor
