#include "core/json_writer.h"

#include <gtest/gtest.h>

#include <string>

#include "core/json_reader.h"
#include "tests/core/corpora.h"

namespace candor {
namespace {

std::string Rewrite(std::string_view json) {
  const auto value = ReadJson(json);
  return value.ok() ? WriteJson(value.value()) : "refused";
}

TEST(JsonWriterTest, IndentsByTwoAndEndsInOneLineFeed) {
  EXPECT_EQ(Rewrite(R"({"a":[1,{"b":null}],"c":true})"),
            "{\n  \"a\": [\n    1,\n    {\n      \"b\": null\n    }\n  ],\n  \"c\": true\n}\n");
}

TEST(JsonWriterTest, WritesEmptyContainersInOnePiece) {
  EXPECT_EQ(Rewrite(R"({"a":{},"b":[],"c":[[]]})"),
            "{\n  \"a\": {},\n  \"b\": [],\n  \"c\": [\n    []\n  ]\n}\n");
  EXPECT_EQ(Rewrite("{}"), "{}\n");
  EXPECT_EQ(Rewrite("1"), "1\n");
}

TEST(JsonWriterTest, EscapesAsEcmaScriptDoes) {
  std::string all;
  for (char c = 1; c < 0x20; ++c) all += c;
  all += "\"\\/\x7f\xC2\x80\xE2\x80\xA8\xF0\x9F\x98\x80";
  StringSink sink;
  JsonWriter writer(sink);
  writer.String(all);
  writer.Finish();
  EXPECT_EQ(
      sink.text(),
      "\"\\u0001\\u0002\\u0003\\u0004\\u0005\\u0006\\u0007\\b\\t\\n\\u000b\\f\\r\\u000e\\u000f"
      "\\u0010\\u0011\\u0012\\u0013\\u0014\\u0015\\u0016\\u0017\\u0018\\u0019\\u001a\\u001b"
      "\\u001c\\u001d\\u001e\\u001f\\\"\\\\/\x7f\xC2\x80\xE2\x80\xA8\xF0\x9F\x98\x80\"\n");
}

TEST(JsonWriterTest, WritesIntegersOfAnySize) {
  StringSink sink;
  JsonWriter writer(sink);
  writer.BeginArray();
  writer.Integer(0);
  writer.Integer(-1);
  writer.Integer(9007199254740991);
  writer.Integer(INT64_MIN);
  writer.EndArray();
  writer.Finish();
  EXPECT_EQ(sink.text(), "[\n  0,\n  -1,\n  9007199254740991,\n  -9223372036854775808\n]\n");
}

// Counts the largest piece handed over.
class BlockSink : public Sink {
 public:
  void Write(std::string_view bytes) override {
    largest = std::max(largest, bytes.size());
    text += bytes;
  }
  std::size_t largest = 0;
  std::string text;
};

TEST(JsonWriterTest, HandsOverBlocksWhateverTheLengthOfAString) {
  for (const std::size_t length : {0u, 1u, 32'765u, 32'766u, 32'767u, 32'768u, 100'000u}) {
    std::string text(length, 'a');
    for (std::size_t i = 0; i < length; i += 7) text[i] = '\n';
    BlockSink sink;
    JsonWriter writer(sink);
    writer.BeginArray();
    writer.String(text);
    writer.EndArray();
    writer.Finish();
    std::string expected = "[\n  \"";
    for (const char c : text) c == '\n' ? expected += "\\n" : expected += c;
    EXPECT_EQ(sink.text, expected + "\"\n]\n");
    EXPECT_LE(sink.largest, 32u * 1024);
  }
}

TEST(JsonWriterTest, PutsFragmentsWhereValuesGo) {
  StringSink sink;
  JsonWriter writer(sink);
  writer.BeginObject();
  writer.Key("a");
  writer.Integer(1);
  writer.Raw("\"b\": 2,\n  \"c\": 3");
  writer.EndObject();
  writer.Finish();
  EXPECT_EQ(sink.text(), "{\n  \"a\": 1,\n  \"b\": 2,\n  \"c\": 3\n}\n");
}

TEST(JsonWriterTest, KeepsNumberTexts) {
  EXPECT_EQ(Rewrite("[1.0,-0,5.36870912E8]"), "[\n  1.0,\n  -0,\n  5.36870912E8\n]\n");
}

}  // namespace
}  // namespace candor
