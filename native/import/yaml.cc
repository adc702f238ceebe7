#include "native/import/yaml.h"

#include <yaml.h>

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <utility>

#include "core/text.h"
#include "native/import/place.h"

namespace candor {
namespace {

constexpr std::string_view kTagPrefix = "tag:yaml.org,2002:";

struct Parser {
  Parser() { yaml_parser_initialize(&parser); }
  ~Parser() { yaml_parser_delete(&parser); }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;
  yaml_parser_t parser;
};

struct Event {
  Event() = default;
  ~Event() { yaml_event_delete(&event); }
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  yaml_event_t event = {};
};

std::string_view AsText(const yaml_char_t* text) {
  return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}

// RFC 8259 section 6.
bool IsJsonNumber(std::string_view text) {
  const auto digits = [&] {
    const std::size_t count = std::min(text.find_first_not_of("0123456789"), text.size());
    text.remove_prefix(count);
    return count > 0;
  };
  if (text.starts_with('-')) text.remove_prefix(1);
  const bool zero = text.starts_with('0');
  if (zero ? (text.remove_prefix(1), false) : !digits()) return false;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (!digits()) return false;
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    if (!digits()) return false;
  }
  return text.empty();
}

JsonValue ResolvePlain(std::string_view text) {
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") return {};
  if (text == "true" || text == "True" || text == "TRUE") return JsonValue::Boolean(true);
  if (text == "false" || text == "False" || text == "FALSE") return JsonValue::Boolean(false);
  if (IsJsonNumber(text)) return JsonValue::Number(std::string(text));
  return JsonValue::String(std::string(text));
}

// A mapping or sequence that is being read.
struct Frame {
  JsonValue value;
  bool has_key = false;  // In a mapping: `key` waits for its value.
  std::string key = {};
  Position key_at = {};
  std::string anchor = {};
};

// Where an anchored node stands: its index in each container from the document down.
using Path = std::vector<std::size_t>;

class Builder {
 public:
  Builder(std::string_view text, const YamlLimits& limits)
      : text_(text), places_(text), limits_(limits) {}

  // False when reading must stop.
  bool Take(const yaml_event_t& event) {
    at_ = places_.AtCodePoint(event.start_mark.index);
    switch (event.type) {
      case YAML_DOCUMENT_START_EVENT:
        anchors_.clear();
        root_ = {};
        return documents_.size() < limits_.max_documents ||
               Stop(ErrorCode::kOverLimit,
                    "holds more than " + Count(limits_.max_documents) + " documents");
      case YAML_DOCUMENT_END_EVENT:
        documents_.push_back(std::move(root_));
        return true;
      case YAML_SCALAR_EVENT:
        return Scalar(event);
      case YAML_ALIAS_EVENT:
        return Alias(AsText(event.data.alias.anchor));
      case YAML_SEQUENCE_START_EVENT:
        return Open(JsonValue::Array(), AsText(event.data.sequence_start.tag), "seq",
                    AsText(event.data.sequence_start.anchor));
      case YAML_MAPPING_START_EVENT:
        return Open(JsonValue::Object(), AsText(event.data.mapping_start.tag), "map",
                    AsText(event.data.mapping_start.anchor));
      case YAML_SEQUENCE_END_EVENT:
      case YAML_MAPPING_END_EVENT:
        return Close();
      default:
        return true;
    }
  }

  void AddSyntaxError(const yaml_parser_t& parser) {
    std::string message = "is not YAML";
    if (parser.problem != nullptr) message += std::string(": ") + parser.problem;
    if (parser.context != nullptr) message += std::string(" ") + parser.context;
    if (parser.error == YAML_MEMORY_ERROR) message = "needs more memory than there is";
    // Characters that YAML does not allow are found before there are marks.
    const Position at = parser.error == YAML_READER_ERROR
                            ? PlaceCursor(text_).AtByte(parser.problem_offset)
                            : places_.AtCodePoint(parser.problem_mark.index);
    problems_.Add({ErrorCode::kMalformedYaml, "", std::move(message), at});
  }

  Result<std::vector<JsonValue>> Finish() {
    if (!problems_.empty()) return std::move(problems_);
    return std::move(documents_);
  }

 private:
  static std::string Count(std::size_t count) { return Decimal(static_cast<std::int64_t>(count)); }

  bool Stop(ErrorCode code, std::string message) {
    problems_.Add({code, Pointer(), std::move(message), at_});
    return false;
  }

  std::string Pointer() const {
    std::string pointer;
    for (const Frame& frame : frames_) {
      if (frame.value.is_array()) {
        pointer += "/" + Count(frame.value.items().size());
      } else if (frame.has_key) {
        pointer += PointerStep(frame.key);
      }
    }
    return pointer;
  }

  bool Scalar(const yaml_event_t& event) {
    const auto& scalar = event.data.scalar;
    const std::string_view text(reinterpret_cast<const char*>(scalar.value), scalar.length);
    if (!Charge(1, text.size())) return false;
    if (IsKeyNext()) return Key(text);
    const std::string_view tag = AsText(scalar.tag);
    JsonValue value;
    if (tag.empty() && scalar.plain_implicit != 0) {
      value = ResolvePlain(text);
    } else if (tag.empty() || tag == "!" || IsTag(tag, "str")) {
      value = JsonValue::String(std::string(text));
    } else if (!Tagged(tag, text, &value)) {
      return Stop(ErrorCode::kMalformedYaml,
                  "has the tag '" + Quotable(tag) + "', which JSON cannot express; remove it");
    }
    return Place(std::move(value.SetAt(at_)), AsText(scalar.anchor));
  }

  static bool IsTag(std::string_view tag, std::string_view name) {
    return tag.starts_with(kTagPrefix) && tag.substr(kTagPrefix.size()) == name;
  }

  // A scalar that says what type it has must have it.
  static bool Tagged(std::string_view tag, std::string_view text, JsonValue* value) {
    *value = ResolvePlain(text);
    switch (value->kind()) {
      case JsonKind::kNull:
        return IsTag(tag, "null");
      case JsonKind::kBoolean:
        return IsTag(tag, "bool");
      case JsonKind::kNumber:
        return IsTag(tag, "int") || IsTag(tag, "float");
      default:
        return false;
    }
  }

  bool IsKeyNext() const {
    return !frames_.empty() && frames_.back().value.is_object() && !frames_.back().has_key;
  }

  bool Key(std::string_view text) {
    frames_.back().has_key = true;
    frames_.back().key = text;
    frames_.back().key_at = at_;
    return true;
  }

  bool Open(JsonValue value, std::string_view tag, std::string_view plain_tag,
            std::string_view anchor) {
    if (IsKeyNext()) return Stop(ErrorCode::kMalformedYaml, "has a key that is no text");
    if (!tag.empty() && tag != "!" && !IsTag(tag, plain_tag)) {
      return Stop(ErrorCode::kMalformedYaml,
                  "has the tag '" + Quotable(tag) + "', which JSON cannot express; remove it");
    }
    if (frames_.size() >= limits_.max_depth) {
      return Stop(ErrorCode::kOverLimit, "is nested deeper than " + Count(limits_.max_depth));
    }
    if (!Charge(1, 0)) return false;
    frames_.push_back({.value = std::move(value.SetAt(at_)), .anchor = std::string(anchor)});
    return true;
  }

  bool Close() {
    Frame done = std::move(frames_.back());
    CheckDuplicates(done.value);
    frames_.pop_back();
    return Place(std::move(done.value), done.anchor);
  }

  // Puts a node that is complete where it belongs.
  bool Place(JsonValue value, std::string_view anchor) {
    if (!anchor.empty()) anchors_[std::string(anchor)] = NextPath();
    if (frames_.empty()) {
      root_ = std::move(value);
      return true;
    }
    Frame& frame = frames_.back();
    if (frame.value.is_array()) {
      frame.value.mutable_items().push_back(std::move(value));
    } else {
      frame.value.mutable_members().push_back(
          {std::move(frame.key), std::move(value), frame.key_at});
      frame.has_key = false;
    }
    return true;
  }

  static std::size_t SizeOf(const JsonValue& value) {
    return value.is_array() ? value.items().size() : value.members().size();
  }
  static const JsonValue& ChildOf(const JsonValue& value, std::size_t index) {
    return value.is_array() ? value.items()[index] : value.members()[index].value;
  }

  // Of the node that comes next.
  Path NextPath() const {
    Path path;
    for (const Frame& frame : frames_) path.push_back(SizeOf(frame.value));
    return path;
  }

  bool Alias(std::string_view name) {
    const auto anchor = anchors_.find(name);
    // An anchor is known once its node is complete, so nothing can hold itself.
    if (anchor == anchors_.end()) {
      return Stop(ErrorCode::kMalformedYaml,
                  "names the anchor '" + Quotable(name) + "', which no complete node before has");
    }
    const Path& path = anchor->second;
    std::size_t step = 0;
    while (step + 1 < path.size() && path[step] == SizeOf(frames_[step].value)) ++step;
    const JsonValue* found = &frames_[step].value;
    for (; step < path.size(); ++step) found = &ChildOf(*found, path[step]);
    if (IsKeyNext()) {
      if (!found->is_string()) {
        return Stop(ErrorCode::kMalformedYaml, "has a key that is no text");
      }
      return Charge(1, found->text().size()) && Key(found->text());
    }
    return ChargeAll(*found, frames_.size()) && Place(JsonValue(*found), "");
  }

  bool Charge(std::size_t nodes, std::size_t bytes) {
    nodes_ += nodes;
    bytes_ += bytes;
    if (nodes_ > limits_.max_nodes) {
      return Stop(ErrorCode::kOverLimit, "holds more than " + Count(limits_.max_nodes) +
                                             " values, those that aliases repeat included");
    }
    if (bytes_ > limits_.max_text_bytes) {
      return Stop(ErrorCode::kOverLimit, "holds more than " + Count(limits_.max_text_bytes) +
                                             " bytes of text, those that aliases repeat included");
    }
    return true;
  }

  // Charges a copy of `value` that stands `depth` containers deep, before it is made.
  bool ChargeAll(const JsonValue& value, std::size_t depth) {
    if (!Charge(1, value.text().size())) return false;
    if (depth >= limits_.max_depth && (value.is_array() || value.is_object())) {
      return Stop(ErrorCode::kOverLimit, "is nested deeper than " + Count(limits_.max_depth));
    }
    for (const JsonValue& item : value.items()) {
      if (!ChargeAll(item, depth + 1)) return false;
    }
    for (const JsonMember& member : value.members()) {
      if (!Charge(1, member.key.size()) || !ChargeAll(member.value, depth + 1)) return false;
    }
    return true;
  }

  void CheckDuplicates(const JsonValue& value) {
    std::vector<const JsonMember*> sorted;
    for (const JsonMember& member : value.members()) sorted.push_back(&member);
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const JsonMember* a, const JsonMember* b) { return a->key < b->key; });
    std::vector<const JsonMember*> repeated;
    for (std::size_t i = 1; i < sorted.size(); ++i) {
      if (sorted[i]->key == sorted[i - 1]->key) repeated.push_back(sorted[i]);
    }
    std::sort(repeated.begin(), repeated.end(), std::less<>());  // In the order of the text.
    if (repeated.empty()) return;
    const std::string pointer = Pointer();  // No key waits in the mapping on top.
    for (const JsonMember* member : repeated) {
      problems_.Add({ErrorCode::kDuplicateKey, pointer + PointerStep(member->key),
                     "'" + Quotable(member->key) + "' stands twice in one mapping",
                     member->key_at});
    }
  }

  std::string_view text_;
  PlaceCursor places_;
  const YamlLimits& limits_;
  Position at_;
  std::vector<Frame> frames_;
  std::map<std::string, Path, std::less<>> anchors_;
  std::size_t nodes_ = 0;
  std::size_t bytes_ = 0;
  JsonValue root_;
  std::vector<JsonValue> documents_;
  Problems problems_;
};

}  // namespace

Result<std::vector<JsonValue>> ReadYaml(std::string_view text, const YamlLimits& limits) {
  text = WithoutByteOrderMark(text);
  Problems problems;
  if (!CheckText(text, limits.max_bytes, &problems)) return problems;
  Builder builder(text, limits);
  Parser parser;
  yaml_parser_set_encoding(&parser.parser, YAML_UTF8_ENCODING);
  yaml_parser_set_input_string(&parser.parser, reinterpret_cast<const unsigned char*>(text.data()),
                               text.size());
  for (;;) {
    Event event;
    if (yaml_parser_parse(&parser.parser, &event.event) == 0) {
      builder.AddSyntaxError(parser.parser);
      break;
    }
    if (event.event.type == YAML_STREAM_END_EVENT || !builder.Take(event.event)) break;
  }
  return builder.Finish();
}

}  // namespace candor
