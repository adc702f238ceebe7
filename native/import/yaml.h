// YAML, as far as it says the same as JSON: mappings with text keys, sequences, scalars.
//
// The only code that sees libyaml. Plain scalars are read by the core schema of YAML 1.2: `null`,
// `~`, `true`, `false` and numbers have their meaning, and `on`, `no` or `online` are strings. A
// number in a form that JSON does not know (`0x1F`, `+5`, `007`, `.inf`) stays the text it is.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "core/json_value.h"
#include "core/result.h"

namespace candor {

struct YamlLimits {
  std::size_t max_bytes = std::size_t{8} << 20;
  std::size_t max_depth = 100;
  // Nodes and bytes of text of all documents, aliases expanded.
  std::size_t max_nodes = 500'000;
  std::size_t max_text_bytes = std::size_t{32} << 20;
  std::size_t max_documents = 100;
};

// Every document of the stream, those that hold nothing included (as null). A byte order mark is
// skipped. Places are those of the text; what an alias stands for keeps the place of its anchor.
// Duplicate keys, keys that are no scalars, and tags other than those of the core schema are
// refused. All duplicates are reported together. Errors: kMalformedYaml, kDuplicateKey, kNotUtf8,
// kOverLimit.
Result<std::vector<JsonValue>> ReadYaml(std::string_view text, const YamlLimits& limits = {});

}  // namespace candor
