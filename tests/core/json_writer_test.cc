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

std::string Quoted(std::string_view text) {
  StringSink sink;
  JsonWriter writer(sink);
  writer.String(text);
  writer.Finish();
  return sink.text();
}

// Texts are scanned eight bytes at a time, the ends in other ways.
TEST(JsonWriterTest, EscapesAtEveryOffsetOfEveryLength) {
  for (std::size_t length = 1; length <= 40; ++length) {
    for (std::size_t at = 0; at < length; ++at) {
      const std::string before(at, '!'), after(length - at - 1, '#');
      EXPECT_EQ(Quoted(before + "\"" + after), "\"" + before + "\\\"" + after + "\"\n");
      EXPECT_EQ(Quoted(before + "\\" + after), "\"" + before + "\\\\" + after + "\"\n");
      EXPECT_EQ(Quoted(before + "\x1f" + after), "\"" + before + "\\u001f" + after + "\"\n");
      EXPECT_EQ(Quoted(before + "\x7f" + after), "\"" + before + "\x7f" + after + "\"\n");
    }
  }
}

TEST(JsonWriterTest, LeavesAllOtherBytesAlone) {
  for (int byte = 0x20; byte < 0x100; ++byte) {
    if (byte == '"' || byte == '\\') continue;
    for (std::size_t length = 0; length <= 20; ++length) {
      const std::string text(length, static_cast<char>(byte));
      EXPECT_EQ(Quoted(text), "\"" + text + "\"\n");
    }
  }
}

TEST(JsonWriterTest, IndentsAtAnyDepth) {
  for (const std::size_t depth : {6u, 7u, 8u, 9u, 100u, 600u}) {
    BlockSink sink;
    JsonWriter writer(sink);
    for (std::size_t i = 0; i < depth; ++i) writer.BeginArray();
    writer.String("a");
    writer.Integer(1);
    for (std::size_t i = 0; i < depth; ++i) writer.EndArray();
    writer.Finish();
    std::string expected = "[";
    for (std::size_t i = 1; i < depth; ++i) expected += "\n" + std::string(2 * i, ' ') + "[";
    const std::string indentation = "\n" + std::string(2 * depth, ' ');
    expected += indentation + "\"a\"," + indentation + "1";
    for (std::size_t i = depth; i-- > 0;) expected += "\n" + std::string(2 * i, ' ') + "]";
    EXPECT_EQ(sink.text, expected + "\n");
    EXPECT_LE(sink.largest, 32u * 1024);
  }
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
