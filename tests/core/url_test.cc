#include "core/url.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "core/json_reader.h"
#include "tests/core/corpora.h"

namespace candor {
namespace {

TEST(ParseUrlTest, ReadsSchemeHostPortAndTarget) {
  const Result<Url> url = ParseUrl("https://t.example:8443/a%20b?c=d&e");
  ASSERT_TRUE(url.ok());
  EXPECT_TRUE(url.value().https);
  EXPECT_EQ(url.value().host, "t.example");
  EXPECT_EQ(url.value().port, 8443);
  EXPECT_EQ(url.value().target, "/a%20b?c=d&e");
  EXPECT_FALSE(url.value().loopback);
}

TEST(ParseUrlTest, TheSchemeGivesThePort) {
  EXPECT_EQ(ParseUrl("https://h").value().port, 443);
  EXPECT_EQ(ParseUrl("HTTP://h?x").value().port, 80);
}

TEST(ParseUrlTest, AcceptsHostsOfEveryKind) {
  for (const char* text :
       {"http://a", "http://a.b-c.d_e/", "http://example.com.", "http://127.0.0.1:1",
        "http://255.255.255.255", "http://[::]", "http://[2001:db8::1]:80/",
        "http://[1:2:3:4:5:6:7:8]", "http://1a.b", "http://a.0x7g"}) {
    EXPECT_TRUE(ParseUrl(text).ok()) << text;
  }
}

TEST(ParseUrlTest, KnowsThisMachine) {
  for (const char* text :
       {"http://localhost", "http://LocalHost:1", "http://127.0.0.1", "http://127.255.0.3",
        "http://[::1]", "http://[0:0:0:0:0:0:0:1]", "http://[0::0:0001]"}) {
    ASSERT_TRUE(ParseUrl(text).ok()) << text;
    EXPECT_TRUE(ParseUrl(text).value().loopback) << text;
    EXPECT_TRUE(ParseEndpoint(text).ok()) << text;
  }
  for (const char* text : {"http://localhost.example", "http://128.0.0.1", "http://[::]",
                           "http://[1::]", "http://[::1:0]", "http://[::2]", "http://127.example",
                           "http://[::10]", "http://[0:0:0:0:0:0:1:0]"}) {
    ASSERT_TRUE(ParseUrl(text).ok()) << text;
    EXPECT_FALSE(ParseUrl(text).value().loopback) << text;
    EXPECT_FALSE(ParseEndpoint(text).ok()) << text;
  }
}

TEST(ParseUrlTest, RefusesWhatProgramsReadDifferently) {
  for (const char* text : {"",
                           "https",
                           "https:",
                           "https:/h/",
                           "https:h",
                           "//h/",
                           "https://",
                           "https:///p",
                           "https://:443/",
                           "https://h:/",
                           "https://h:0/",
                           "https://h:65536/",
                           "https://h:+1/",
                           "https://h:080/",
                           "https://u@h/",
                           "https://u:p@h/",
                           "https://@h/",
                           "https://h@127.0.0.1/",
                           "https://h\\@x/",
                           "https://h/\\x",
                           "https://h/a b",
                           " https://h/",
                           "https://h/\n",
                           "https://h\t/",
                           "https://h/#f",
                           "https://h#",
                           "https://h/%",
                           "https://h/%4",
                           "https://h/%zz",
                           "https://%68/",
                           "https://h\xc3\xa4/",
                           "https://h/\xc3\xa4",
                           "https://0x7f.1/",
                           "https://0x7f000001/",
                           "https://2130706433/",
                           "https://127.1/",
                           "https://0177.0.0.1/",
                           "https://127.0.0.256/",
                           "https://127.0.0.1./",
                           "https://1.2.3.4.5/",
                           "https://h.0x/",
                           "https://h.1/",
                           "https://.h/",
                           "https://h../",
                           "https://-h/",
                           "https://h-/",
                           "https://h,i/",
                           "https://[::1/",
                           "https://[::1]x/",
                           "https://[]/",
                           "https://[:]/",
                           "https://[:::]/",
                           "https://[1::2::3]/",
                           "https://[1:2:3:4:5:6:7]/",
                           "https://[1:2:3:4:5:6:7:8:9]/",
                           "https://[1:2:3:4::5:6:7:8]/",
                           "https://[12345::]/",
                           "https://[::ffff:127.0.0.1]/",
                           "https://[fe80::1%25eth0]/",
                           "ftp://h/",
                           "javascript://h/"}) {
    const Result<Url> url = ParseUrl(text);
    EXPECT_FALSE(url.ok()) << text;
    if (!url.ok()) {
      EXPECT_EQ(url.error().code, ErrorCode::kOutOfRange) << text;
    }
  }
}

TEST(ParseUrlTest, LimitsTheLength) {
  EXPECT_TRUE(ParseUrl("https://h/" + std::string(2038, 'a')).ok());
  EXPECT_EQ(ParseUrl("https://h/" + std::string(2039, 'a')).error().code, ErrorCode::kOverLimit);
  EXPECT_FALSE(ParseUrl("https://" + std::string(64, 'a') + "/").ok());
}

std::string TextOf(const JsonValue& object, std::string_view key) {
  const JsonValue* value = object.Find(key);
  return value != nullptr && value->is_string() ? value->text() : "";
}

// Hostile inputs of the Web's own URL tests: what is accepted here, every browser reads alike.
TEST(ParseUrlTest, AcceptsOnlyWhatBrowsersReadTheSame) {
  const std::string folder = CorporaFolder("wpt-url");
  if (folder.empty()) GTEST_SKIP() << kNoCorpora;
  // The tests hold lone surrogates, which JSON may carry and our reader refuses.
  std::string text = ReadFile(folder + "/urltestdata.json");
  for (std::size_t at = 0; (at = text.find("\\ud", at)) != std::string::npos;) text[at + 2] = '0';
  for (std::size_t at = 0; (at = text.find("\\uD", at)) != std::string::npos;) text[at + 2] = '0';
  const Result<JsonValue> tests = ReadJson(text, {.duplicate_keys = DuplicateKeys::kAccept});
  ASSERT_TRUE(tests.ok()) << tests.error().message;
  int accepted = 0;
  for (const JsonValue& test : tests.value().items()) {
    const std::string input = TextOf(test, "input");
    const Result<Url> url = ParseUrl(input);
    if (!url.ok()) continue;
    ++accepted;
    EXPECT_EQ(test.Find("failure"), nullptr) << input;
    EXPECT_EQ(TextOf(test, "username") + TextOf(test, "password"), "") << input;
    std::string host = url.value().host;
    std::transform(host.begin(), host.end(), host.begin(), [](unsigned char c) {
      return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    });
    // Browsers print IPv6 addresses anew.
    if (host[0] != '[') {
      EXPECT_EQ(TextOf(test, "hostname"), host) << input;
    }
    EXPECT_EQ(TextOf(test, "protocol"), url.value().https ? "https:" : "http:") << input;
  }
  EXPECT_GT(accepted, 20);
}

TEST(ParseEndpointTest, SendsPlainHttpToThisMachineOnly) {
  EXPECT_TRUE(ParseEndpoint("https://t.example/pings").ok());
  EXPECT_FALSE(ParseEndpoint("http://t.example/pings").ok());
}

}  // namespace
}  // namespace candor
