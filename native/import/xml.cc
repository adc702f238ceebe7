#include "native/import/xml.h"

#include <algorithm>
#include <iterator>
#include <pugixml.hpp>
#include <string>
#include <utility>
#include <vector>

#include "core/config_schema.h"
#include "core/text.h"
#include "native/import/place.h"

namespace candor {
namespace {

// Roots of files that the engine's properties stand in.
constexpr std::string_view kRoots[] = {"bpm-platform",   "process-application",
                                       "process-engine", "properties",
                                       "property",       "beans",
                                       "bean",           "server",
                                       "domain",         "subsystem"};
// The engine's own properties that look like ours.
constexpr std::string_view kEngineOnly[] = {"telemetryData", "telemetryHttpConnector",
                                            "telemetryRegistry", "telemetryReporter"};

template <typename Names>
bool Contains(const Names& names, std::string_view name) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

// "property" of "camunda:property".
std::string_view LocalName(const pugi::xml_node& node) {
  const std::string_view name = node.name();
  const std::size_t colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

std::string Trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(kSpace) - first + 1));
}

bool EqualsIgnoringCase(std::string_view text, std::string_view lower) {
  return std::equal(text.begin(), text.end(), lower.begin(), lower.end(),
                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
}

// XML knows no types; Java reads these texts as the types of the properties.
JsonValue Typed(std::string text) {
  if (EqualsIgnoringCase(text, "true")) return JsonValue::Boolean(true);
  if (EqualsIgnoringCase(text, "false")) return JsonValue::Boolean(false);
  const std::string_view digits = std::string_view(text).substr(text.starts_with('-') ? 1 : 0);
  const bool integer = !digits.empty() && (digits[0] != '0' || digits.size() == 1) &&
                       digits.find_first_not_of("0123456789") == std::string_view::npos;
  return integer ? JsonValue::Number(std::move(text)) : JsonValue::String(std::move(text));
}

class PropertyReader {
 public:
  PropertyReader(std::string_view text, const XmlLimits& limits) : places_(text), limits_(limits) {
    known_ = {"initializeTelemetry"};
    const auto engine = SettingKeys(Product::kEngine);
    known_.insert(known_.end(), engine.begin(), engine.end());
  }

  Result<JsonValue> Read(const pugi::xml_document& document) {
    CheckRoot(document);
    // Without recursion: the depth of a hostile file is not bounded yet.
    std::size_t depth = 0;
    for (pugi::xml_node node = document.first_child(); node;) {
      if (node.type() == pugi::node_element && LocalName(node) == "property") Property(node);
      if (node.first_child()) {
        node = node.first_child();
        if (++depth <= limits_.max_depth) continue;
        Add(ErrorCode::kOverLimit, "", node.parent(),
            "is nested deeper than " + Decimal(static_cast<std::int64_t>(limits_.max_depth)));
        break;
      }
      while (node && !node.next_sibling()) {
        node = node.parent();
        --depth;
      }
      if (node) node = node.next_sibling();
    }
    if (!problems_.empty()) return std::move(problems_);
    std::move(slips_.begin(), slips_.end(), std::back_inserter(members_));
    return JsonValue::Object(std::move(members_));
  }

 private:
  void CheckRoot(const pugi::xml_document& document) {
    for (const pugi::xml_node& node : document.children()) {
      if (node.type() != pugi::node_element || Contains(kRoots, LocalName(node))) continue;
      Add(ErrorCode::kMalformedXml, "", node,
          "<" + Quotable(node.name()) +
              "> is no file of the engine; expected <bpm-platform>, <process-application>, "
              "<beans> or <property> elements");
    }
  }

  void Property(const pugi::xml_node& node) {
    const std::string name = Trimmed(node.attribute("name").value());
    if (!Contains(known_, name) && (Contains(kEngineOnly, name) || Nearest(name, known_).empty())) {
      return;
    }
    std::string text = node.attribute("value") ? node.attribute("value").value() : "";
    if (!node.attribute("value")) {
      for (const pugi::xml_node& child : node.children()) {
        if (LocalName(child) == "null") return;  // Spring's way of saying nothing.
        text += LocalName(child) == "value" ? child.text().get() : child.value();
      }
    }
    const Position at = Place(node);
    JsonValue value = Typed(Trimmed(text));
    value.SetAt(at);
    if (!Contains(known_, name)) {  // The core refuses each; there may be many.
      slips_.push_back({name, std::move(value), at});
      return;
    }
    for (const JsonMember& member : members_) {
      if (member.key != name) continue;
      if (Same(member.value, value)) return;
      Add(ErrorCode::kConflict, PointerStep(name), node,
          "has another value than in line " + Decimal(member.key_at.line) +
              "; one installation has one telemetry configuration");
      return;
    }
    members_.push_back({name, std::move(value), at});
  }

  static bool Same(const JsonValue& a, const JsonValue& b) {
    return a.kind() == b.kind() && a.text() == b.text() &&
           (a.kind() != JsonKind::kBoolean || a.boolean() == b.boolean());
  }

  // pugixml names the place behind the '<'.
  Position Place(const pugi::xml_node& node) {
    return places_.AtByte(
        static_cast<std::size_t>(std::max<std::ptrdiff_t>(node.offset_debug(), 1)) - 1);
  }

  void Add(ErrorCode code, std::string where, const pugi::xml_node& node, std::string message) {
    problems_.Add({code, std::move(where), std::move(message), Place(node)});
  }

  PlaceCursor places_;
  const XmlLimits& limits_;
  std::vector<std::string_view> known_;
  std::vector<JsonMember> members_;  // At most one of each known name.
  std::vector<JsonMember> slips_;
  Problems problems_;
};

}  // namespace

Result<JsonValue> ReadEngineXml(std::string_view text, const XmlLimits& limits) {
  text = WithoutByteOrderMark(text);
  Problems problems;
  if (!CheckText(text, limits.max_bytes, &problems)) return problems;
  pugi::xml_document document;
  const pugi::xml_parse_result result =
      document.load_buffer(text.data(), text.size(), pugi::parse_default, pugi::encoding_utf8);
  if (!result) {
    return Error{ErrorCode::kMalformedXml, "", std::string("is not XML: ") + result.description(),
                 PlaceCursor(text).AtByte(static_cast<std::size_t>(result.offset))};
  }
  return PropertyReader(text, limits).Read(document);
}

}  // namespace candor
