// Whatever the bytes, reading them as YAML gives documents of bounded depth and size, or problems
// with places inside the text; and so does reading them as a configuration.
#include <algorithm>

#include "core/json_writer.h"
#include "native/import/config_map.h"
#include "native/import/yaml.h"
#include "tests/fuzz/fuzz.h"

namespace candor {
namespace {

std::size_t DepthOf(const JsonValue& value) {
  std::size_t deepest = 0;
  for (const JsonValue& item : value.items()) deepest = std::max(deepest, DepthOf(item) + 1);
  for (const JsonMember& member : value.members()) {
    deepest = std::max(deepest, DepthOf(member.value) + 1);
  }
  return deepest;
}

void CheckProblems(std::string_view text, const Problems& problems) {
  Require(!problems.empty(), "a refusal names a problem");
  std::uint32_t lines = 1;
  for (const char c : text) lines += c == '\n';
  for (const Error& error : problems.list()) {
    Require(!error.message.empty(), "a problem has a message");
    Require(error.at.line <= lines, "a problem's line is in the text");
    Require(error.at.column <= text.size() + 1, "a problem's column is in the text");
  }
}

void Check(std::string_view text, const Result<std::vector<JsonValue>>& read,
           const YamlLimits& limits) {
  if (!read.ok()) return CheckProblems(text, read.problems());
  for (const JsonValue& document : read.value()) {
    Require(DepthOf(document) <= limits.max_depth, "the depth is bounded");
    NullSink sink;
    JsonWriter writer(sink);
    writer.Value(document);
    writer.Finish();
  }
}

}  // namespace
}  // namespace candor

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace candor;
  const std::string_view text = AsText(data, size);
  YamlLimits limits;
  limits.max_nodes = 20'000;  // What aliases repeat is slow to print, and shows nothing new.
  Check(text, ReadYaml(text, limits), limits);
  const Result<std::vector<JsonValue>> read = ReadYamlConfiguration(text);
  if (!read.ok() && read.error().code == ErrorCode::kInternal) {
    Require(false, "no input is an internal error");
  }
  return 0;
}
