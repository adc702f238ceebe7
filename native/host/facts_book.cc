#include "native/host/facts_book.h"

#include <optional>
#include <utility>

#include "core/license_key.h"
#include "core/text.h"

namespace candor {
namespace {

// What the core takes for a key that it cannot split, and reports as such.
constexpr const char* kUnrecognisedKey = "unrecognised";
constexpr std::string_view kLicenseKey = "licenseKey";
constexpr std::size_t kMaxTextBytes = 1024;

bool IsLetterOrSpace(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == ' ' || (c >= '\t' && c <= '\r');
}

// Text from the host, as a report could hold it.
std::string Reportable(std::string_view text) { return Quotable(text, kMaxTextBytes); }

// What may be reported of a licence key; nothing when it is not understood.
std::optional<std::string> WithoutSignature(std::string_view key) {
  const Result<LicenseKey> parsed = ParseLicenseKey(key);
  if (!parsed.ok()) return std::nullopt;
  return ";" + parsed.value().raw;
}

}  // namespace

void FactsBook::SetText(std::string_view pointer, std::string_view text) {
  const std::lock_guard lock(mutex_);
  if (text.empty()) {
    draft_.Remove(pointer);
  } else {
    draft_.Put(pointer, JsonValue::String(Reportable(text)));
  }
}

void FactsBook::Set(std::string_view pointer, JsonValue value) {
  const std::lock_guard lock(mutex_);
  draft_.Put(pointer, std::move(value));
}

void FactsBook::AddText(std::string_view pointer, std::string_view text) {
  if (text.empty()) return;
  const std::lock_guard lock(mutex_);
  draft_.AddTo(pointer, Reportable(text));
}

bool FactsBook::SetLicenseKey(std::string_view key) {
  const std::optional<std::string> kept = WithoutSignature(key);
  const std::lock_guard lock(mutex_);
  draft_.PutTop(kLicenseKey, JsonValue::String(kept.value_or(kUnrecognisedKey)));
  return kept.has_value();
}

void FactsBook::RemoveLicenseKey() {
  const std::lock_guard lock(mutex_);
  draft_.RemoveTop(kLicenseKey);
}

void FactsBook::Replace(FactsDraft draft) {
  if (const JsonValue* key = draft.FindTop(kLicenseKey)) {
    const std::optional<std::string> kept = WithoutSignature(key->text());
    draft.PutTop(kLicenseKey, JsonValue::String(kept.value_or(kUnrecognisedKey)));
  }
  const std::lock_guard lock(mutex_);
  draft_ = std::move(draft);
}

FactsDraft FactsBook::Copy() const {
  const std::lock_guard lock(mutex_);
  return draft_;
}

std::string ApplicationServerVendor(std::string_view server_info) {
  std::size_t begin = 0;
  while (begin < server_info.size() && !IsLetterOrSpace(server_info[begin])) ++begin;
  std::size_t end = begin;
  while (end < server_info.size() && IsLetterOrSpace(server_info[end])) ++end;
  std::string_view run = server_info.substr(begin, end - begin);
  constexpr std::string_view kSpace = " \t\n\v\f\r";
  const std::size_t first = run.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  run = run.substr(first, run.find_last_not_of(kSpace) - first + 1);
  return std::string(run.find("WildFly") != std::string_view::npos ? "WildFly" : run);
}

}  // namespace candor
