// Whatever the bytes, reading them as the engine's XML gives an object of plain values, or problems
// with places inside the text; and the core answers to the object.
#include "core/config.h"
#include "core/text.h"
#include "native/import/xml.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace candor;
  const std::string_view text = AsText(data, size);
  Result<JsonValue> read = ReadEngineXml(text);
  if (!read.ok()) {
    for (const Error& error : read.problems().list()) {
      Require(!error.message.empty(), "a problem has a message");
      Require(FindInvalidUtf8(error.message) == std::string_view::npos, "a message is UTF-8");
      Require(error.at.column <= size + 1, "a problem's column is in the text");
    }
    return 0;
  }
  Require(read.value().is_object(), "the properties are an object");
  for (const JsonMember& member : read.value().members()) {
    Require(!member.value.is_object() && !member.value.is_array(), "a property is a plain value");
    Require(member.key_at.line > 0, "a property has a place");
  }
  const ConfigSource source{"engine.xml", std::move(read).value()};
  const Result<Config> config = ReadConfig({&source, 1});
  if (config.ok()) Require(!ConfigJson(config.value()).empty(), "the configuration can be printed");
  return 0;
}
