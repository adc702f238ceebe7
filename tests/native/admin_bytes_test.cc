// What is previewed, downloaded, sealed, received and kept is one byte string, whatever the state.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>

#include "core/bundle.h"
#include "core/json_writer.h"
#include "core/report.h"
#include "core/scope.h"
#include "core/sha256.h"
#include "native/reporter/engine_places.h"
#include "tests/native/handlers_rig.h"
#include "tests/native/receiver.h"
#include "tests/native/reporter_rig.h"

namespace candor {
namespace {

constexpr int kStates = 200;

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : random_(seed) {}
  std::uint64_t Below(std::uint64_t n) { return random_.Next() % n; }
  bool Half() { return Below(2) == 0; }
  // A JSON string.
  std::string Text() {
    static constexpr std::array<const char*, 8> kBits = {
        "7.19",         " \"quoted\"", "\\back", "\n\t", "<script>alert(1)</script>",
        "\u00e4\u00f6", "\U0001F600",  "x"};
    std::string text = "v";
    for (std::uint64_t i = Below(5); i > 0; --i) text += kBits[Below(kBits.size())];
    std::string quoted = WriteJson(JsonValue::String(text));
    quoted.pop_back();
    return quoted;
  }

 private:
  SeededRandom random_;
};

std::string ProductFacts(Chance& chance) {
  std::string facts = R"({"values": {"installation": "8343cc7a-8ad1-42d4-97d2-43452c0bdfa3", )"
                      R"("product": {"name": )" +
                      chance.Text() + R"(, "version": )" + chance.Text() + R"(, "edition": )" +
                      chance.Text() + R"(, "internals": {)";
  if (chance.Half()) {
    facts +=
        R"("database": {"vendor": )" + chance.Text() + R"(, "version": )" + chance.Text() + "}";
  } else {
    facts += R"("webapps": [)" + chance.Text() + "]";
  }
  facts += "}}}";
  if (chance.Half()) facts += std::string(R"(, "licenseKey": ")") + kLicenseKey + "\"";
  return facts + "}";
}

std::string ConsoleFacts(Chance& chance) {
  std::string facts = R"({"collectedAt": 1795262400000, "scrapes": [{"component": "operate", )"
                      R"("exposition": "# TYPE jvm_memory_used_bytes gauge\n)";
  for (std::uint64_t i = chance.Below(40); i > 0; --i) {
    facts += R"(jvm_memory_used_bytes{area=\"heap\",id=\"G)" + std::to_string(i) + R"(\"} )" +
             std::to_string(chance.Below(1'000'000)) + R"(.5E3\n)";
  }
  return facts + "\"}]}";
}

std::string ConfigOf(const std::string& catalogue, const std::string& endpoint) {
  std::string more = R"("endpoint": ")" + endpoint + "\"";
  if (catalogue == "console") {
    more += R"(, "managed": {"method": "plain", "releases": [{"name": "camunda", )"
            R"("namespace": "c", "components": [{"name": "Operate", "id": "operate"}]}]})";
  }
  return AdminConfig(catalogue, more);
}

// Some of what may be withheld, as a JSON list.
std::string SomeWithheld(const Catalogue& offered, Chance& chance) {
  std::string list = "[";
  const std::vector<ScopeEntry> scope = ScopeOf(offered);
  for (std::uint64_t i = chance.Below(4); i > 0; --i) {
    const std::string& id = scope[chance.Below(scope.size())].id;
    if (!Withhold(offered, {id}).ok() || list.find("\"" + id + "\"") != std::string::npos) continue;
    list += (list == "[" ? "\"" : ", \"") + id + "\"";
  }
  return list + "]";
}

std::string BytesOf(const HttpAnswer& bundle) {
  const Result<Bundle> parts = ReadBundle(bundle.body);
  if (!parts.ok()) return {};
  StringSink sink;
  const Bundle& bundled = parts.value();
  EXPECT_TRUE(BuildReport({bundled.config, bundled.catalogue, bundled.facts}, sink).empty());
  return sink.text();
}

// CANDOR_SEED replays one.
std::uint64_t Seed() {
  const char* const given = std::getenv("CANDOR_SEED");
  return given == nullptr ? 20'261'121 : std::strtoull(given, nullptr, 10);
}

TEST(AdminBytesTest, ShownDownloadedSealedReceivedAndKeptAreOneByteString) {
  Chance chance(Seed());
  SCOPED_TRACE("CANDOR_SEED=" + std::to_string(Seed()));
  Receiver receiver;
  for (int state = 0; state < kStates; ++state) {
    SCOPED_TRACE(state);
    const std::string catalogue = std::array{"engine", "optimize", "console"}[chance.Below(3)];
    HandlersRig rig(ConfigOf(catalogue, receiver.Endpoint()));
    rig.SetFacts(catalogue == "console" ? ConsoleFacts(chance) : ProductFacts(chance));
    for (std::uint64_t i = chance.Below(5); i > 0; --i) {
      rig.Count(places::CountAt(places::kCommands, "Cmd" + std::to_string(i)), chance.Below(1000));
    }
    const std::string withheld = SomeWithheld(rig.target().setup().offered, chance);
    const HttpAnswer shown =
        rig.Preview(R"({"as": "grant", "withheld": )" + withheld + "}", rig.ada);
    ASSERT_EQ(shown.status, 200) << shown.body;
    const std::string digest = DigestIn(shown);
    ASSERT_EQ(Sha256Hex(BytesOf(shown)), digest) << withheld;
    ASSERT_EQ(Sha256Hex(rig.Get("/api/v1/preview/" + digest).body), digest);
    // Life goes on while they read.
    rig.Count(places::CountAt(places::kCommands, "Later"), chance.Below(9));
    ASSERT_EQ(rig.Preview(R"({"as": "now"})", rig.bob).status, 200);
    const HttpAnswer decided = rig.Decide(GrantOf(digest, withheld), rig.Tag(), rig.ada);
    ASSERT_EQ(decided.status, 200) << decided.body;
    ASSERT_EQ(Sha256Hex(rig.Read().pending->bytes), digest);
    const Result<SendOutcome> sent = rig.SendNow();
    ASSERT_TRUE(sent.ok() && sent.value().accepted);
    const std::string id = sent.value().report.id;
    ASSERT_EQ(Sha256Hex(receiver.accepted()[id].body), digest);
    ASSERT_EQ(Sha256Hex(rig.Get("/api/v1/reports/" + id + "/bytes").body), digest);
    ASSERT_EQ(TextAt(Document(rig.Get("/api/v1/reports/" + id)), {"digest"}), digest);
    ASSERT_NE(rig.Get("/api/v1/history").body.find(digest), std::string::npos);
  }
}

}  // namespace
}  // namespace candor
