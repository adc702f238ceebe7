// Whatever a document and an environment say, the configuration is refused with problems, or its
// effective document is read back to the same bytes.
//
// The input: a JSON document, and behind a line "---" lines NAME=TEXT of the environment.
#include <algorithm>

#include "core/config.h"
#include "core/json_reader.h"
#include "core/text.h"
#include "tests/fuzz/fuzz.h"

namespace candor {
namespace {

ConfigSource EnvironmentOf(std::string_view lines) {
  std::vector<JsonMember> members;
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(line.size() + 1, lines.size()));
    const std::size_t equals = std::min(line.find('='), line.size());
    const std::string_view text = line.substr(std::min(equals + 1, line.size()));
    members.push_back({std::string(line.substr(0, equals)), JsonValue::String(std::string(text))});
  }
  return {"environment", JsonValue::Object(std::move(members)), ConfigSource::Kind::kEnvironment};
}

void CheckProblems(const Problems& problems) {
  Require(!problems.empty(), "a refusal names a problem");
  Require(problems.list().size() <= Problems::kMaxProblems, "the list of problems is bounded");
  for (const Error& error : problems.list()) {
    Require(!error.message.empty(), "a problem has a message");
    Require(!error.source.empty(), "a problem names its source");
    Require(FindInvalidUtf8(error.message) == std::string_view::npos, "a message is UTF-8");
  }
}

void CheckReadBack(const Config& config) {
  const std::string json = ConfigJson(config);
  const Result<JsonValue> document = ReadJson(json);
  Require(document.ok(), "the effective document is JSON");
  const ConfigSource source{"effective", document.value()};
  const Result<Config> again = ReadConfig({&source, 1});
  Require(again.ok(), "the effective document is a configuration");
  Require(ConfigJson(again.value()) == json, "it is read back to the same values and origins");
}

}  // namespace
}  // namespace candor

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace candor;
  const std::string_view text = AsText(data, size);
  constexpr std::string_view kSeparator = "\n---\n";
  const std::size_t separator = std::min(text.find(kSeparator), text.size());
  std::string_view variables = text.substr(separator);
  variables.remove_prefix(std::min(kSeparator.size(), variables.size()));
  std::vector<ConfigSource> sources = {EnvironmentOf(variables)};
  Result<JsonValue> document = ReadJson(text.substr(0, separator));
  if (document.ok()) sources.push_back({"document.json", std::move(document).value()});
  const Result<Config> config = ReadConfig(sources);
  if (config.ok()) {
    CheckReadBack(config.value());
  } else {
    CheckProblems(config.problems());
  }
  return 0;
}
