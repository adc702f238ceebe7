#include "core/json_scanner.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "core/json_reader.h"
#include "tests/core/corpora.h"
#include "tests/core/same_json.h"

namespace candor {
namespace {

// Every report of the golden cases, and each of them with one byte taken out or changed.
TEST(ScanJsonTest, GivesWhatTheCarefulWayGivesOrNothing) {
  int scanned = 0, broken = 0;
  const auto compare = [&](const std::string& text) {
    const auto quick = ScanJson(text, {});
    if (!quick) return ++broken;
    const auto careful = ReadJsonCarefully(text);
    EXPECT_TRUE(careful.ok() && SameJson(*quick, careful.value())) << text;
    return ++scanned;
  };
  for (const auto& entry : std::filesystem::directory_iterator("tests/golden")) {
    const std::string path = entry.path().string() + "/report.json";
    if (!std::filesystem::exists(path)) continue;
    const std::string text = ReadFile(path);
    EXPECT_TRUE(ScanJson(text, {})) << path << ": every report is read the quick way";
    for (std::size_t i = 0; i < text.size(); i += 7) {
      compare(std::string(text).erase(i, 1));
      std::string changed = text;
      changed[i] = "\"\\\n,:{}[]0-e.u\x80\xC3"[i % 16];
      compare(changed);
    }
  }
  EXPECT_GT(scanned, 1000);
  EXPECT_GT(broken, 1000);
}

TEST(ScanJsonTest, ReadsEveryKindOfValue) {
  for (const char* text :
       {"{}", " [ ] ", "\t0\r\n", "[-0, 1.50, -12345678901234567890]", "[true, false, null]",
        R"(["", "\"\\\/\b\f\n\r\t", "\u0000\u001f\u00Ff\u20AC", "gr\u00fc\u00dfe"])",
        "\"gr\xC3\xBC\xC3\x9F \xF0\x9F\x98\x80\"",
        R"({"a": {"b": [1, {"c": "d"}]}, "e": [[], {}]})",
        R"({"1":0,"2":0,"3":0,"4":0,"5":0,"6":0,"7":0,"8":0,"9":0})"}) {
    const auto quick = ScanJson(text, {});
    const auto careful = ReadJsonCarefully(text);
    ASSERT_TRUE(quick && careful.ok()) << text;
    EXPECT_TRUE(SameJson(*quick, careful.value())) << text;
  }
}

TEST(ScanJsonTest, LeavesToTheCarefulWayWhatIsToBeComplainedOf) {
  for (const char* text : {"",
                           " ",
                           "{",
                           "[",
                           "\"a",
                           "{\"a\"",
                           "{\"a\":",
                           "{\"a\":1",
                           "{\"a\":1,",
                           "{\"a\":1,}",
                           "[1,]",
                           "[1 2]",
                           "{a:1}",
                           "{1:1}",
                           "01",
                           "-",
                           "1.",
                           ".5",
                           "+1",
                           "tru",
                           "nul",
                           "falsey",
                           "1 1",
                           "\xEF\xBB\xBF{}",
                           "\"\n\"",
                           "\"\\x\"",
                           "\"\\u12\"",
                           "\"\\u12G4\"",
                           "\"\\uD800\"",
                           "\"\xFF\"",
                           "\"\xC0\x80\"",
                           "\"\xED\xA0\x80\"",
                           "1e999",
                           "[1]]",
                           "/**/1",
                           R"({"a":1,"a":1})",
                           R"({"1":0,"2":0,"3":0,"4":0,"5":0,"6":0,"7":0,"8":0,"9":0,"1":0})"}) {
    EXPECT_FALSE(ScanJson(text, {})) << text;
    EXPECT_FALSE(ReadJsonCarefully(text).ok()) << text;
  }
  EXPECT_FALSE(ScanJson(std::string("[1]\0", 4), {}));
  EXPECT_FALSE(ScanJson("[[[1]]]", {.max_depth = 2}));
  EXPECT_TRUE(ScanJson("[[1]]", {.max_depth = 2}));
  EXPECT_TRUE(ScanJson(R"({"a":1,"a":1})", {.duplicate_keys = DuplicateKeys::kAccept}));
}

}  // namespace
}  // namespace candor
