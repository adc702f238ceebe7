// The engine's XML: bpm-platform.xml, processes.xml, Spring beans, WildFly's subsystem, or a
// fragment of <property> elements.
//
// The only code that sees pugixml, which knows no DTD: a DOCTYPE is skipped, and entities other
// than XML's own five stay the text they are, so nothing is fetched and nothing expands.
#pragma once

#include <cstddef>
#include <string_view>

#include "core/json_value.h"
#include "core/result.h"

namespace candor {

struct XmlLimits {
  std::size_t max_bytes = std::size_t{8} << 20;
  std::size_t max_depth = 100;
};

// The telemetry properties of all <property name="...">value</property> and <property name="..."
// value="..."/> elements, by name; `true`, `false` and decimal integers become JSON's. Names that
// are near one of them are kept, too, so that the core can refuse them; all others belong to the
// engine. Places are those of the elements. A property that stands twice with different values is
// a kConflict. Errors: kMalformedXml, kNotUtf8, kOverLimit, kConflict.
Result<JsonValue> ReadEngineXml(std::string_view text, const XmlLimits& limits = {});

}  // namespace candor
