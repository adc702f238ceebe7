#include "core/license_key.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace candor {
namespace {

// Two lines of an RSA signature's base64, as keys carry them.
constexpr std::string_view kSignature =
    "pX8Tn2zvQF0wJmK9ufzS3d7cB1yRk5LhG4eWqV6oAtYbXiUjMsNaDrEgHlPCIOxZ\n"
    "8Kf2Qw7Tz1Vb5Yn3Jm9Lp4Rs6Hd0Gc+Xa/Ue==";

std::string Signed(std::string_view body) {
  return std::string(kSignature) + ";" + std::string(body);
}

LicenseKey Read(std::string_view text) {
  const Result<LicenseKey> key = ParseLicenseKey(text);
  EXPECT_TRUE(key.ok()) << key.error().message;
  return key.ok() ? key.value() : LicenseKey{};
}

std::vector<ErrorCode> Codes(std::string_view text) {
  const Result<LicenseKey> key = ParseLicenseKey(text);
  std::vector<ErrorCode> codes;
  if (key.ok()) return codes;
  for (const Error& error : key.problems().list()) codes.push_back(error.code);
  return codes;
}

bool IsMalformed(std::string_view text) {
  const Result<LicenseKey> key = ParseLicenseKey(text);
  return !key.ok() && key.error().code == ErrorCode::kMalformedLicense;
}

using Features = std::vector<std::pair<std::string, std::string>>;

TEST(ParseLicenseKeyTest, ReadsALegacyBody) {
  const LicenseKey key = Read(Signed("schrottis inn;9999-01-01"));
  EXPECT_EQ(key.customer, "schrottis inn");
  EXPECT_EQ(key.type, "OPTIMIZE");
  EXPECT_EQ(key.valid_until, "9999-01-01");
  EXPECT_FALSE(key.unlimited);
  EXPECT_TRUE(key.features.empty());
  EXPECT_EQ(key.raw, "schrottis inn;9999-01-01");
}

TEST(ParseLicenseKeyTest, ReadsAnUnlimitedLegacyBody) {
  const LicenseKey key = Read("signature=;my company;unlimited");
  EXPECT_EQ(key.customer, "my company");
  EXPECT_FALSE(key.valid_until.has_value());
  EXPECT_TRUE(key.unlimited);
  EXPECT_EQ(key.raw, "my company;unlimited");
}

TEST(ParseLicenseKeyTest, ReadsAUnifiedBody) {
  const std::string body =
      "customer = license generator test;expiryDate = 9999-01-01;optimize = true;";
  const LicenseKey key = Read(Signed(body));
  EXPECT_EQ(key.customer, "license generator test");
  EXPECT_EQ(key.type, "UNIFIED");
  EXPECT_EQ(key.valid_until, "9999-01-01");
  EXPECT_FALSE(key.unlimited);
  EXPECT_EQ(key.features, (Features{{"optimize", "true"}}));
  EXPECT_EQ(key.raw, body);
}

TEST(ParseLicenseKeyTest, KeepsFeaturesInTheirOrder) {
  const LicenseKey key = Read(Signed(
      "customer = Testaccount Camunda;expiryDate = unlimited;camundaBPM = true;optimize = true;"
      "cawemo = true;"));
  EXPECT_TRUE(key.unlimited);
  EXPECT_FALSE(key.valid_until.has_value());
  EXPECT_EQ(key.features,
            (Features{{"camundaBPM", "true"}, {"optimize", "true"}, {"cawemo", "true"}}));
}

TEST(ParseLicenseKeyTest, ReadsPropertiesInAnyOrderBehindASignature) {
  const LicenseKey key = Read(Signed("optimize=true;expiryDate=2030-02-28;customer=X"));
  EXPECT_EQ(key.customer, "X");
  EXPECT_EQ(key.features, (Features{{"optimize", "true"}}));
}

TEST(ParseLicenseKeyTest, NeedsNoBlanksAroundEqualsAndNoLastSemicolon) {
  const std::string body =
      "customer=customer name;expiryDate=2022-09-30;camundaBPM=true;optimize=false;cawemo=false";
  const LicenseKey key = Read(Signed(body));
  EXPECT_EQ(key.customer, "customer name");
  EXPECT_EQ(key.valid_until, "2022-09-30");
  EXPECT_EQ(key.features.size(), 3u);
  EXPECT_EQ(key.raw, body);
}

TEST(ParseLicenseKeyTest, KeepsRawAsItStands) {
  const std::string body = "customer = testCustomer;  expiryDate=2020-01-01 ; optimize = true;";
  EXPECT_EQ(Read(Signed("\r\n  " + body + " \r\n")).raw, body);
}

TEST(ParseLicenseKeyTest, ReadsNamesThatAreNotAscii) {
  EXPECT_EQ(Read(Signed("Gasthaus Übermut 食堂;unlimited")).customer, "Gasthaus Übermut 食堂");
}

TEST(ParseLicenseKeyTest, KeepsAnEqualsSignWithinAValue) {
  EXPECT_EQ(Read(Signed("customer = a=b;expiryDate = unlimited")).customer, "a=b");
}

TEST(ParseLicenseKeyTest, TakesAnySignatureIncludingNone) {
  EXPECT_EQ(Read(";my company;unlimited").customer, "my company");
  EXPECT_EQ(Read("a b c\r\nd=;my company;unlimited").customer, "my company");
  EXPECT_EQ(Read(";customer = X;expiryDate = unlimited").customer, "X");
}

TEST(ParseLicenseKeyTest, IgnoresTheLinesAroundAnIssuedKey) {
  const std::string body = "customer = X Y;expiryDate = unlimited;cawemo = true;";
  const std::string begin = "--------------- BEGIN CAMUNDA LICENSE KEY ---------------";
  const std::string end = "---------------  END CAMUNDA LICENSE KEY  ---------------";
  for (const std::string line_break : {"\n", "\r\n", " ", ""}) {
    const std::string text = begin + line_break + Signed(body) + line_break + end + line_break;
    EXPECT_EQ(Read(text).raw, body);
  }
  EXPECT_EQ(Read(begin + "\n" + Signed("my inn;2030-01-01") + "\n" + end).raw, "my inn;2030-01-01");
  EXPECT_EQ(Read("---BEGIN LICENSE KEY---;my inn;unlimited---END LICENSE KEY---").customer,
            "my inn");
}

TEST(ParseLicenseKeyTest, RefusesOtherLinesAroundAKey) {
  EXPECT_TRUE(IsMalformed(Signed("my inn;unlimited\n-- END CAMUNDA LICENSE KEY --")));
  EXPECT_TRUE(IsMalformed(Signed("my inn;unlimited\n--- END secret KEY ---")));
  EXPECT_TRUE(IsMalformed(Signed("my inn;unlimited ---")));
  EXPECT_TRUE(IsMalformed("--- BEGIN CAMUNDA LICENSE KEY ---"));
  EXPECT_TRUE(IsMalformed("------"));
}

TEST(ParseLicenseKeyTest, ReadsAUnifiedBodyThatStandsAlone) {
  const std::string body = "customer = a customer name; expiryDate = 2025-01-01; optimize = true;";
  const LicenseKey key = Read(body);
  EXPECT_EQ(key.customer, "a customer name");
  EXPECT_EQ(key.features, (Features{{"optimize", "true"}}));
  EXPECT_EQ(key.raw, body);
}

TEST(ParseLicenseKeyTest, ReadsALegacyBodyThatStandsAloneWhenItsNameIsUnmistakable) {
  for (const std::string body : {"schrottis inn;9999-01-01", "my company;unlimited",
                                 "Camunda Services GmbH;2030-12-31;", "Müller & Söhne;unlimited"}) {
    EXPECT_EQ(Read(body).raw, body);
  }
}

TEST(ParseLicenseKeyTest, RefusesALegacyBodyThatMayBeASignatureAndARest) {
  for (const std::string_view body :
       {"customer;2025-01-01", "c2lnbmF0dXJl;unlimited", "signature=;unlimited",
        "MEUCIQDx MzJfYWJj dGVzdA;unlimited", "abcdEfgh ijklmnop;2025-01-01",
        "customer 7;2025-01-01", "a+b c;unlimited", "aGVsbG8gd29ybGQ gdGhlcmU;unlimited",
        "abcdefghijklmnopqrstuvwxy z;unlimited", "two\nlines;unlimited", ";unlimited",
        "2025-01-01;unlimited"}) {
    EXPECT_TRUE(IsMalformed(body)) << body;
  }
  EXPECT_TRUE(IsMalformed(Signed("2025-01-01")));
  EXPECT_TRUE(IsMalformed(Signed("unlimited;")));
}

TEST(ParseLicenseKeyTest, RefusesAKeyWithoutABody) {
  for (const std::string_view text : {"", " \r\n", ";", ";;", "testLicenseKey", "customer = X",
                                      "signature;testLicenseKey;more;data", "sig;customer",
                                      "sig;;unlimited", "sig;2025-01-01;unlimited"}) {
    EXPECT_TRUE(IsMalformed(text)) << text;
  }
  EXPECT_TRUE(IsMalformed(kSignature));
  EXPECT_TRUE(IsMalformed(Signed("")));
}

TEST(ParseLicenseKeyTest, RefusesDaysThatDoNotExist) {
  for (const std::string_view day :
       {"2022-13-45", "2022-00-10", "2022-10-00", "2023-02-29", "1900-02-29", "2022-04-31",
        "0000-01-01", "2022-1-01", "22-01-01", "2022/01/01", "2022-01-01T00:00", "2022-0a-01",
        "-022-01-01", "Unlimited", "never", ""}) {
    const std::string text(day);
    EXPECT_TRUE(IsMalformed(Signed("my inn;" + text))) << day;
    EXPECT_TRUE(IsMalformed(Signed("customer = X;expiryDate = " + text + ";"))) << day;
  }
  EXPECT_EQ(Read(Signed("my inn;2024-02-29")).valid_until, "2024-02-29");
  EXPECT_EQ(Read(Signed("my inn;2000-02-29")).valid_until, "2000-02-29");
}

TEST(ParseLicenseKeyTest, RefusesDuplicateProperties) {
  EXPECT_TRUE(IsMalformed(Signed("customer = X;expiryDate = unlimited;a = 1;a = 1;")));
  EXPECT_TRUE(IsMalformed(Signed("customer = X;expiryDate = unlimited;customer = Y;")));
  EXPECT_TRUE(IsMalformed(Signed("customer = X;expiryDate = unlimited;cawemo = 1;Cawemo = 2;")));
}

TEST(ParseLicenseKeyTest, RefusesTheColonThatOneManualPrints) {
  EXPECT_TRUE(IsMalformed("customer = a customer name; expiryDate = 2025-01-01; optimize: true;"));
}

TEST(ParseLicenseKeyTest, ReportsEveryProblemOfABodyWithItsPlace) {
  const Result<LicenseKey> key =
      ParseLicenseKey("sig\nnature;expiryDate = 2022-13-45;a;a = ;b = 1;b = 2; = 1;1x = 2");
  ASSERT_FALSE(key.ok());
  std::vector<std::uint32_t> columns;
  for (const Error& error : key.problems().list()) {
    EXPECT_EQ(error.code, ErrorCode::kMalformedLicense);
    EXPECT_EQ(error.where, "");
    EXPECT_EQ(error.at.line, 2u);
    columns.push_back(error.at.column);
  }
  EXPECT_EQ(columns, (std::vector<std::uint32_t>{21, 32, 34, 45, 52, 56, 8}));
}

TEST(ParseLicenseKeyTest, RefusesLineBreaksAndControlCharactersAfterTheSignature) {
  for (const std::string_view body :
       {"my\ninn;unlimited", "my inn;\r\nunlimited", "customer = X;\nexpiryDate = unlimited",
        "my\tinn;unlimited", "my\x1b[31m inn;unlimited", "my\x7f inn;unlimited"}) {
    EXPECT_TRUE(IsMalformed(Signed(body))) << body;
  }
}

TEST(ParseLicenseKeyTest, RefusesASignatureWithinTheBody) {
  const std::string run = "c2lnbmF0dXJlc2lnbmF0dXJlc2lnbmF0";
  ASSERT_EQ(run.size(), kShortestSignature);
  EXPECT_TRUE(IsMalformed(Signed(run + ";unlimited")));
  EXPECT_TRUE(IsMalformed(Signed("customer = " + run + ";expiryDate = unlimited")));
  EXPECT_TRUE(
      IsMalformed(Signed("customer = X;expiryDate = unlimited;a = c2lnbmF0 dXJlc2ln-bmF0dXJl "
                         "c2lnbmF0")));
  EXPECT_TRUE(
      IsMalformed("customer = X;expiryDate = unlimited;signature = " + std::string(kSignature)));
}

TEST(ParseLicenseKeyTest, ReadsNamesAndIdsThatAreNoSignatures) {
  for (const std::string customer :
       {"c2lnbmF0dXJlc2lnbmF0dXJlc2lnbmF", "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk",
        "The Association of Rather Long Names and Even Longer Words of 1984",
        "f520391f-ac13-4d62-bcf5-fc99bc0789fe"}) {
    EXPECT_EQ(Read(Signed(customer + ";unlimited")).customer, customer);
    EXPECT_EQ(Read(Signed("id=" + customer + ";customer=" + customer + ";expiryDate=unlimited"))
                  .features[0]
                  .second,
              customer);
  }
}

TEST(ParseLicenseKeyTest, RefusesNul) {
  for (const std::string& text :
       {std::string("sig\0;my inn;unlimited", 21), std::string("sig;my\0inn;unlimited", 20)}) {
    EXPECT_EQ(Codes(text), std::vector<ErrorCode>{ErrorCode::kNotUtf8});
  }
}

TEST(ParseLicenseKeyTest, RefusesBytesThatAreNotUtf8) {
  const Result<LicenseKey> key = ParseLicenseKey("sig;\nmy \xff inn;unlimited");
  ASSERT_FALSE(key.ok());
  EXPECT_EQ(key.error().code, ErrorCode::kNotUtf8);
  EXPECT_EQ(key.error().at.line, 2u);
  EXPECT_EQ(key.error().at.column, 4u);
}

TEST(ParseLicenseKeyTest, RefusesAMebibyte) {
  const std::string text(1 << 20, 'a');
  EXPECT_EQ(Codes(text + ";my inn;unlimited"), std::vector<ErrorCode>{ErrorCode::kOverLimit});
  const std::string limit = std::string(kMaxLicenseBytes - 17, 'a') + ";my inn;unlimited";
  ASSERT_EQ(limit.size(), kMaxLicenseBytes);
  EXPECT_EQ(Read(limit).customer, "my inn");
  EXPECT_EQ(Codes("a" + limit), std::vector<ErrorCode>{ErrorCode::kOverLimit});
}

TEST(ParseLicenseKeyTest, RefusesTooManyProperties) {
  std::string body = "customer=X;expiryDate=unlimited;";
  for (int i = 0; i < 10'000; ++i) body += "a=1;";
  EXPECT_EQ(Codes(Signed(body)), std::vector<ErrorCode>{ErrorCode::kOverLimit});
  body = "customer=X;expiryDate=unlimited;";
  for (std::size_t i = 2; i < kMaxLicenseProperties; ++i) {
    body += std::string(1 + i / 26, 'a') + static_cast<char>('a' + i % 26) + "=1;";
  }
  EXPECT_EQ(Read(Signed(body)).features.size(), kMaxLicenseProperties - 2);
  EXPECT_EQ(Codes(Signed(body + "last=1")), std::vector<ErrorCode>{ErrorCode::kOverLimit});
}

TEST(ParseLicenseKeyTest, RefusesNamesThatAreNotPlain) {
  const std::string longest(64, 'n');
  for (const std::string& name : {std::string("a b"), std::string("ä"), std::string("1"),
                                  std::string("_x"), std::string("a:b"), "n" + longest}) {
    EXPECT_TRUE(IsMalformed(Signed("customer=X;expiryDate=unlimited;" + name + "=1"))) << name;
  }
}

// xorshift64*: the same cases on every target.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint32_t Below(std::uint32_t bound) {
    state_ ^= state_ >> 12;
    state_ ^= state_ << 25;
    state_ ^= state_ >> 27;
    return static_cast<std::uint32_t>((state_ * 0x2545F4914F6CDD1DULL) >> 33) % bound;
  }
  template <std::size_t N>
  std::string_view Pick(const std::string_view (&list)[N]) {
    return list[Below(N)];
  }

 private:
  std::uint64_t state_;
};

std::string RandomSignature(Random& random) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  constexpr std::string_view kBreaks[] = {"", "\n", "\r\n", " ", " \t"};
  const std::string_view line_break = random.Pick(kBreaks);
  const std::uint32_t line = 16 + random.Below(64);
  const std::uint32_t size = 43 + random.Below(400);
  std::string signature;
  for (std::uint32_t i = 0; i < size; ++i) {
    if (i > 0 && i % line == 0) signature += line_break;
    signature += kAlphabet[random.Below(64)];
  }
  return signature.append(random.Below(3), '=');
}

// Whole keys, and keys cut, doubled and mixed the way people and mail programs do it.
std::string RandomKey(Random& random, std::string_view signature) {
  constexpr std::string_view kSeparators[] = {";", ";", ";", "; ", " ;\n", ";;", "", "=;", "\n"};
  constexpr std::string_view kBodies[] = {"schrottis inn;9999-01-01",
                                          "my company;unlimited",
                                          "unlimited",
                                          "2025-01-01",
                                          "customer = X Y;expiryDate = unlimited;optimize = true;",
                                          "customer=X;expiryDate=2022-09-30",
                                          "expiryDate = 2022-09-30;customer = Z",
                                          "customer = X",
                                          ";unlimited",
                                          "a;b;c",
                                          ""};
  constexpr std::string_view kTails[] = {"",   "",           "",       ";",
                                         "\n", ";unlimited", ";a = b", "\n--- END ---"};
  const std::string body(random.Pick(kBodies));
  const std::string separator(random.Pick(kSeparators));
  std::string key;
  switch (random.Below(6)) {
    case 0:  // The signature behind its body.
      key = body + separator + std::string(signature);
      break;
    case 1:  // As a property.
      key = "customer = X;signature = " + std::string(signature) + separator + body;
      break;
    case 2:  // Cut at the front, as a careless selection does.
      key = std::string(signature.substr(random.Below(20))) + separator + body;
      break;
    default:
      key = std::string(signature) + separator + body;
  }
  return key + std::string(random.Pick(kTails));
}

std::string Everything(const Result<LicenseKey>& result) {
  std::string all;
  if (!result.ok()) {
    for (const Error& error : result.problems().list()) all += error.where + "\n" + error.message;
    return all;
  }
  const LicenseKey& key = result.value();
  all = key.customer + "\n" + key.type + "\n" + key.valid_until.value_or("") + "\n" + key.raw;
  for (const auto& [name, value] : key.features) all += "\n" + name + "\n" + value;
  return all;
}

TEST(ParseLicenseKeyTest, NeverLetsEightBytesOfASignatureThrough) {
  Random random(20261121);
  std::size_t accepted = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string signature = RandomSignature(random);
    const std::string text = RandomKey(random, signature);
    const Result<LicenseKey> key = ParseLicenseKey(text);
    accepted += key.ok() ? 1 : 0;
    const std::string all = Everything(key);
    for (std::size_t at = 0; at + 8 <= signature.size(); ++at) {
      ASSERT_EQ(all.find(signature.substr(at, 8)), std::string::npos) << text;
    }
  }
  EXPECT_GT(accepted, 2'000u);
}

TEST(ParseLicenseKeyTest, NeverQuotesTheTextInMessages) {
  for (const std::string_view text :
       {"zzzzzzzz", "zzzzzzzz;qqqqqqqq", "zzzzzzzz;qqqqqqqq = 1;qqqqqqqq", "zz;qqqqqqqq;qqqqqqqq;q",
        "zz;customer = qqqqqqqq;expiryDate = qqqqqqqq;qqqqqqqq: 1;qqqqqqqq = 1;qqqqqqqq = 1"}) {
    const Result<LicenseKey> key = ParseLicenseKey(text);
    ASSERT_FALSE(key.ok());
    const std::string all = Everything(key);
    EXPECT_EQ(all.find("zzzz"), std::string::npos) << all;
    EXPECT_EQ(all.find("qqqq"), std::string::npos) << all;
  }
}

}  // namespace
}  // namespace candor
