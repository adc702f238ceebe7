#include "native/admin/handlers/license_rule.h"

#include <algorithm>

#include "core/json_reader.h"
#include "core/json_writer.h"
#include "core/license_key.h"
#include "core/report_tree.h"
#include "native/reporter/engine_places.h"
#include "native/reporter/facts_draft.h"

namespace candor {
namespace {

// Where the parts of a licence stand, in the reports of any catalogue that is known here.
std::vector<std::string> Places(const Catalogue& catalogue) {
  std::vector<std::string> places = {std::string(places::kLicense)};
  const std::string& own = catalogue.license.pointer;
  if (!own.empty() && own != places.front()) places.push_back(own);
  return places;
}

const JsonValue* At(const JsonValue& document, std::string_view pointer) {
  const JsonValue* at = &document;
  for (const std::string& step : PointerSteps(pointer)) {
    if (at == nullptr || !at->is_object()) return nullptr;
    at = at->Find(step);
  }
  return at;
}

// Whether `value` is what the field prints where there is no licence.
bool IsMissing(const JsonValue& value, const std::string& pointer, const Catalogue& catalogue) {
  if (value.is_null()) return true;
  return std::any_of(catalogue.fields.begin(), catalogue.fields.end(), [&](const Field& field) {
    return field.pointer == pointer && (field.missing == MissingRule::kLiteral || field.fixed) &&
           WriteJson(field.literal) == WriteJson(value);
  });
}

bool TellsNothing(const JsonValue& value, const std::string& pointer, const Catalogue& catalogue) {
  if (IsMissing(value, pointer, catalogue)) return true;
  return value.is_object() &&
         std::all_of(value.members().begin(), value.members().end(), [&](const JsonMember& member) {
           return TellsNothing(member.value, pointer + PointerStep(member.key), catalogue);
         });
}

bool HoldsLicenseOf(const JsonValue& report, const Catalogue& catalogue) {
  const std::vector<std::string> places = Places(catalogue);
  return std::any_of(places.begin(), places.end(), [&](const std::string& place) {
    const JsonValue* const value = At(report, place);
    return value != nullptr && !TellsNothing(*value, place, catalogue);
  });
}

}  // namespace

FactsWithoutLicense::FactsWithoutLicense(FactSource& all, const Catalogue& catalogue)
    : all_(all), catalogue_(catalogue) {}

std::string FactsWithoutLicense::Facts() {
  FactsDraft draft;
  hidden_.clear();
  // What is no document tells nothing either.
  if (!draft.Read(all_.Facts()).empty()) return "{}";
  const bool has_key = draft.FindTop("licenseKey") != nullptr;
  draft.RemoveTop("licenseKey");
  for (const std::string& place : Places(catalogue_)) {
    const bool is_own = place == catalogue_.license.pointer;
    if (draft.Find(place) != nullptr || (has_key && is_own)) hidden_.push_back(place);
    draft.Remove(place);
  }
  return draft.Write();
}

bool HoldsLicense(std::string_view report, std::string_view catalogue_name,
                  const Catalogue& catalogue) {
  const Result<JsonValue> document = ReadJson(report);
  if (!document.ok()) return true;
  if (catalogue_name == catalogue.name) return HoldsLicenseOf(document.value(), catalogue);
  const BuiltInCatalogue* const built_in = FindBuiltInCatalogue(catalogue_name);
  if (built_in == nullptr) return true;
  const Result<Catalogue> other = ParseCatalogue(built_in->json);
  return !other.ok() || HoldsLicenseOf(document.value(), other.value());
}

const std::vector<std::string>& LicenseTexts::Texts() const {
  if (texts_) return *texts_;
  texts_.emplace();
  FactsDraft facts;
  if (core_ == nullptr || !facts.Read(core_->Facts()).empty()) return *texts_;
  const auto add = [this](const std::string& text) {
    if (!text.empty()) texts_->push_back(text);
  };
  const JsonValue* const key = facts.FindTop("licenseKey");
  if (key != nullptr && key->is_string()) {
    add(key->text());
    if (const Result<LicenseKey> parts = ParseLicenseKey(key->text()); parts.ok()) {
      add(parts.value().raw);
      add(parts.value().customer);
    }
  }
  for (const std::string& place : Places(core_->setup.catalogue)) {
    for (const char* const part : {"/raw", "/customer"}) {
      const JsonValue* const value = facts.Find(place + part);
      if (value != nullptr && value->is_string()) add(value->text());
    }
  }
  return *texts_;
}

bool LicenseTexts::Tell(std::string_view text) const {
  if (text.empty() || core_ == nullptr) return false;
  return std::any_of(Texts().begin(), Texts().end(), [text](const std::string& secret) {
    return text.find(secret) != std::string_view::npos;
  });
}

void LicenseTexts::TakeOut(SealedReport& record) const {
  if (Tell(record.receipt)) record.receipt.clear();
  if (Tell(record.last_error)) record.last_error.clear();
}

bool LicenseTexts::AreIn(std::string_view json) const {
  if (core_ == nullptr) return false;
  return std::any_of(Texts().begin(), Texts().end(), [json](const std::string& secret) {
    const std::string quoted = WriteJson(JsonValue::String(secret));
    // Without its quotation marks and the line feed: as it stands within another text.
    return json.find(std::string_view(quoted).substr(1, quoted.size() - 3)) !=
           std::string_view::npos;
  });
}

}  // namespace candor
