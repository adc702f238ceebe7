#include "core/bundle.h"

#include <array>
#include <utility>

#include "core/json_members.h"
#include "core/json_reader.h"
#include "core/json_writer.h"
#include "core/scope.h"
#include "core/text.h"

namespace candor {
namespace {

constexpr std::array<std::string_view, 2> kAs = {"grant", "now"};
constexpr std::size_t kMaxProfileName = 64;
constexpr std::size_t kDigestBytes = 64;

void WriteTexts(std::string_view key, const std::vector<std::string>& texts, JsonWriter& writer) {
  writer.Key(key);
  writer.BeginArray();
  for (const std::string& text : texts) writer.String(text);
  writer.EndArray();
}

void WriteReport(const BundledReport& report, JsonWriter& writer) {
  writer.BeginObject();
  writer.Key("digest");
  writer.String(report.digest);
  writer.Key("bytes");
  writer.Integer(report.bytes);
  writer.Key("fromMs");
  writer.Integer(report.from_ms);
  writer.Key("toMs");
  writer.Integer(report.to_ms);
  writer.EndObject();
}

// They stand in one document, whatever the part was called when it was read.
Problems Under(std::string_view where, const Problems& problems) {
  Problems placed;
  for (Error error : problems.list()) {
    error.where.insert(0, where);
    error.source.clear();
    placed.Add(std::move(error));
  }
  return placed;
}

class BundleReader {
 public:
  explicit BundleReader(const JsonValue& document) : members_(document, "", problems_) {}

  Result<Bundle> Read(const std::vector<std::string>& more_withheld) {
    members_.Get("candorBundle", Need::kRequired);
    members_.Integer("candorBundle", 1, 1, 1);
    members_.Choice("as", kAs, Need::kRequired);
    ReadConfiguration();
    ReadTheCatalogue();
    ReadTheFacts();
    ReadTheConsent();
    std::vector<std::string> withheld = Ids("withheld", Need::kRequired);
    Ids("hidden", Need::kOptional);
    ReadTheReport();
    members_.Finish();
    if (!problems_.empty()) return std::move(problems_);
    Narrow("/configuration/withhold", bundle_.config.withhold.value);
    if (consent_) bundle_.catalogue = AgreedCatalogue(bundle_.catalogue, consent_);
    Narrow("/withheld", withheld);
    Narrow("", more_withheld);
    if (!problems_.empty()) return std::move(problems_);
    return std::move(bundle_);
  }

 private:
  const JsonValue* Object(std::string_view key) {
    return members_.Get(key, JsonKind::kObject, Need::kRequired);
  }

  std::vector<std::string> Ids(std::string_view key, Need need) {
    return members_.Texts(key, kMaxWithheldIds, kMaxConsentTextBytes, need);
  }

  void ReadConfiguration() {
    const JsonValue* document = Object("configuration");
    if (document == nullptr) return;
    const std::array<ConfigSource, 1> sources = {ConfigSource{"configuration", *document}};
    Result<Config> config = ReadConfig(sources);
    if (config.ok()) {
      bundle_.config = std::move(config).value();
    } else {
      problems_.AddAll(Under("/configuration", config.problems()));
    }
  }

  void ReadTheCatalogue() {
    const JsonValue* document = Object("catalogue");
    const JsonValue* profile = members_.Get("profile", JsonKind::kString, Need::kRequired);
    if (document == nullptr || profile == nullptr) return;
    Result<Catalogue> catalogue = ParseCatalogue(*document);
    if (catalogue.ok() && !profile->text().empty()) {
      catalogue = SelectProfile(catalogue.value(), profile->text().substr(0, kMaxProfileName));
    }
    if (catalogue.ok()) {
      bundle_.catalogue = std::move(catalogue).value();
    } else {
      problems_.AddAll(Under("/catalogue", catalogue.problems()));
    }
  }

  void ReadTheFacts() {
    const JsonValue* document = Object("facts");
    if (document == nullptr) return;
    Result<Facts> facts = ParseFacts(*document);
    if (facts.ok()) {
      bundle_.facts = std::move(facts).value();
    } else {
      problems_.AddAll(Under("/facts", facts.problems()));
    }
  }

  void ReadTheConsent() {
    const JsonValue* document = members_.Get("consent", Need::kRequired);
    if (document == nullptr || document->is_null()) return;
    Result<ConsentRecord> consent = ParseConsent(*document, "/consent");
    if (consent.ok()) {
      consent_ = std::move(consent).value();
    } else {
      problems_.AddAll(consent.problems());
    }
  }

  void ReadTheReport() {
    const JsonValue* document = members_.Get("report", Need::kOptional);
    if (document == nullptr) return;
    JsonMembers report(*document, "/report", problems_);
    BundledReport read;
    read.digest = report.Text("digest", kDigestBytes, Need::kRequired);
    for (const auto& [key, out] :
         {std::pair{"bytes", &read.bytes}, std::pair{"fromMs", &read.from_ms},
          std::pair{"toMs", &read.to_ms}}) {
      report.Get(key, Need::kRequired);
      *out = report.Integer(key, -kMaxSafeInteger, kMaxSafeInteger, 0);
    }
    report.Finish();
    bundle_.report = std::move(read);
  }

  void Narrow(std::string_view where, const std::vector<std::string>& ids) {
    Result<Catalogue> narrowed = Withhold(bundle_.catalogue, ids);
    if (narrowed.ok()) {
      bundle_.catalogue = std::move(narrowed).value();
    } else {
      problems_.AddAll(Under(where, narrowed.problems()));
    }
  }

  Problems problems_;
  JsonMembers members_;
  Bundle bundle_;
  std::optional<ConsentRecord> consent_;
};

}  // namespace

std::string WriteBundle(const BundleParts& parts) {
  // Printed by its own writer, which says where each value came from.
  const Result<JsonValue> config = ReadJson(ConfigJson(parts.config));
  return JsonObject([&](JsonWriter& writer) {
    writer.Key("candorBundle");
    writer.Integer(1);
    writer.Key("as");
    writer.String(parts.as_grant ? kAs[0] : kAs[1]);
    writer.Key("configuration");
    writer.Value(config.ok() ? config.value() : JsonValue());
    writer.Key("catalogue");
    writer.Value(parts.catalogue);
    writer.Key("profile");
    writer.String(parts.profile);
    writer.Key("consent");
    if (parts.consent) {
      WriteConsent(*parts.consent, writer);
    } else {
      writer.Null();
    }
    WriteTexts("withheld", parts.withheld, writer);
    WriteTexts("hidden", parts.hidden, writer);
    writer.Key("facts");
    writer.Value(parts.facts);
    writer.Key("report");
    WriteReport(parts.report, writer);
  });
}

Result<Bundle> ReadBundle(std::string_view json, const std::vector<std::string>& withheld) {
  const Result<JsonValue> document = ReadJson(json);
  if (!document.ok()) return document.problems();
  return BundleReader(document.value()).Read(withheld);
}

}  // namespace candor
