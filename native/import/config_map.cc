#include "native/import/config_map.h"

#include <algorithm>
#include <string>
#include <utility>

#include "core/text.h"
#include "native/import/yaml.h"

namespace candor {
namespace {

constexpr std::string_view kFiles[] = {"application.yaml", "application.yml",
                                       "environment-config.yaml"};
constexpr std::string_view kOverride = "application-override.yaml";

bool HasText(const JsonValue& object, std::string_view key, std::string_view text) {
  const JsonValue* value = object.Find(key);
  return value != nullptr && value->is_string() && value->text() == text;
}

bool IsKubernetesObject(const JsonValue& document) {
  return document.Find("apiVersion") != nullptr && document.Find("kind") != nullptr;
}

bool IsConfigMap(const JsonValue& document) { return HasText(document, "kind", "ConfigMap"); }

bool HoldsConfiguration(const JsonValue& document) {
  const JsonValue* data = document.Find("data");
  return IsConfigMap(document) && data != nullptr &&
         std::any_of(std::begin(kFiles), std::end(kFiles),
                     [&](std::string_view file) { return data->Find(file) != nullptr; });
}

std::string_view LineOf(std::string_view text, std::uint32_t line) {
  for (; line > 1; --line) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  return text.substr(0, text.find('\n'));
}

std::size_t IndentOf(std::string_view line) {
  return std::min(line.find_first_not_of(' '), line.size());
}

bool IsBlank(std::string_view line) {
  return line.find_first_not_of(' ') == std::string_view::npos;
}

// How places in a text inside a file become places in the file.
class Inset {
 public:
  // `scalar` stands in `outer` and holds the inner text.
  Inset(const JsonValue& scalar, std::string_view outer) : at_(scalar.at()) {
    const std::string_view first = LineOf(outer, at_.line);
    std::string_view mark = first.substr(std::min<std::size_t>(at_.column - 1, first.size()));
    while (mark.starts_with('&') || mark.starts_with('!')) {  // An anchor or a tag before it.
      mark.remove_prefix(std::min(mark.find(' '), mark.size()));
      mark.remove_prefix(IndentOf(mark));
    }
    literal_ = mark.starts_with('|');
    if (!literal_) return;
    std::string_view rest = scalar.text();
    std::uint32_t line = 1;
    for (; IsBlank(rest.substr(0, rest.find('\n'))); ++line) {
      if (rest.find('\n') == std::string_view::npos) return;  // Nothing but blank lines.
      rest.remove_prefix(rest.find('\n') + 1);
    }
    const std::size_t outer_indent = IndentOf(LineOf(outer, at_.line + line));
    indent_ = static_cast<std::uint32_t>(outer_indent - std::min(outer_indent, IndentOf(rest)));
  }

  Position Outer(Position inner) const {
    if (!literal_ || inner.line == 0) return at_;
    return {at_.line + inner.line, indent_ + inner.column};
  }

  void Move(JsonValue* value) const {
    value->SetAt(Outer(value->at()));
    if (value->is_array()) {
      for (JsonValue& item : value->mutable_items()) Move(&item);
    } else if (value->is_object()) {
      for (JsonMember& member : value->mutable_members()) {
        member.key_at = Outer(member.key_at);
        Move(&member.value);
      }
    }
  }

 private:
  Position at_;
  bool literal_ = false;
  std::uint32_t indent_ = 0;
};

Result<std::vector<JsonValue>> Single(std::vector<JsonValue> documents, std::string_view text) {
  std::erase_if(documents, [](const JsonValue& document) { return document.is_null(); });
  // A file with nothing but comments says nothing.
  if (documents.empty()) return std::vector<JsonValue>{JsonValue::Object()};
  if (documents.size() == 1) return ConfigurationsOf(documents.front(), text);
  const JsonValue* found = nullptr;
  for (const JsonValue& document : documents) {
    if (!IsKubernetesObject(document)) {
      return Error{
          ErrorCode::kConflict, "",
          "holds several YAML documents that are no Kubernetes objects; keep one in a file",
          document.at()};
    }
    if (!HoldsConfiguration(document)) continue;
    if (found != nullptr) {
      return Error{ErrorCode::kConflict, "",
                   "holds a second ConfigMap with a configuration, after the one in line " +
                       Decimal(found->at().line) + "; keep one of them",
                   document.at()};
    }
    found = &document;
  }
  if (found == nullptr) {
    return Error{ErrorCode::kMissing, "",
                 "holds no ConfigMap with application.yaml among its Kubernetes objects"};
  }
  return ConfigurationsOf(*found, text);
}

// Reads the file `key` of a ConfigMap's data into `layers`.
void ReadFileIn(const JsonValue& data, std::string_view key, std::string_view text,
                std::vector<JsonValue>* layers, Problems* problems) {
  const JsonValue* file = data.Find(key);
  if (file == nullptr) return;
  const std::string where = "/data" + PointerStep(key);
  if (!file->is_string()) {
    problems->Add({ErrorCode::kWrongType, where,
                   "must be a string that holds YAML, not " + std::string(KindName(file->kind())),
                   file->at()});
    return;
  }
  const Inset inset(*file, text);
  Result<std::vector<JsonValue>> documents = ReadYaml(file->text());
  if (!documents.ok()) {
    for (Error error : documents.problems().list()) {
      error.at = inset.Outer(error.at);
      problems->Add(std::move(error));
    }
    return;
  }
  std::vector<JsonValue> inner = std::move(documents).value();
  std::erase_if(inner, [](const JsonValue& document) { return document.is_null(); });
  if (inner.size() > 1) {
    problems->Add({ErrorCode::kConflict, where, "holds several YAML documents; keep one",
                   inset.Outer(inner[1].at())});
    return;
  }
  layers->push_back(inner.empty() ? JsonValue::Object() : std::move(inner.front()));
  inset.Move(&layers->back());
}

}  // namespace

Result<std::vector<JsonValue>> ReadYamlConfiguration(std::string_view text) {
  Result<std::vector<JsonValue>> documents = ReadYaml(text);
  if (!documents.ok()) return documents;
  return Single(std::move(documents).value(), text);
}

Result<std::vector<JsonValue>> ConfigurationsOf(const JsonValue& document, std::string_view text) {
  if (!IsKubernetesObject(document)) return std::vector<JsonValue>{document};
  if (!HoldsConfiguration(document)) {
    return Error{ErrorCode::kMissing, "/data",
                 "is no ConfigMap with application.yaml; a Kubernetes object must be one",
                 document.at()};
  }
  const JsonValue& data = *document.Find("data");
  std::vector<JsonValue> layers;
  Problems problems;
  for (const std::string_view file : kFiles) ReadFileIn(data, file, text, &layers, &problems);
  if (layers.size() > 1) {
    return Error{ErrorCode::kConflict, "/data", "holds several configurations; keep one",
                 data.at()};
  }
  ReadFileIn(data, kOverride, text, &layers, &problems);
  if (!problems.empty()) return problems;
  return layers;
}

}  // namespace candor
