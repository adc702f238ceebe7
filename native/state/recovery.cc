#include "native/state/recovery.h"

#include <algorithm>
#include <utility>

#include "core/json_reader.h"
#include "core/json_writer.h"

namespace candor {
namespace {

std::string InstallationOf(const JournalEntry& entry) {
  const Result<JsonValue> body = ReadJson(entry.body);
  const JsonValue* id = body.ok() ? body.value().Find("id") : nullptr;
  return id != nullptr && id->is_string() ? id->text() : std::string();
}

bool IsYes(const std::optional<ConsentRecord>& consent) {
  return consent && consent->verdict == Verdict::kGranted;
}

}  // namespace

std::optional<ConsentRecord> ConsentOf(const JournalEntry& entry) {
  const Result<JsonValue> body = ReadJson(entry.body);
  if (!body.ok()) return std::nullopt;
  Result<ConsentRecord> record = ParseConsent(body.value());
  if (!record.ok()) return std::nullopt;
  return std::move(record).value();
}

std::string RecoveredBody(std::string_view why, std::string_view set_aside,
                          const std::vector<std::string>& lost) {
  StringSink sink;
  JsonWriter writer(sink);
  writer.BeginObject();
  writer.Key("why");
  writer.String(why);
  writer.Key("setAside");
  writer.String(set_aside);
  writer.Key("lost");
  writer.BeginArray();
  for (const std::string& what : lost) writer.String(what);
  writer.EndArray();
  writer.EndObject();
  writer.Finish();
  return std::move(sink).text();
}

void GiveUpPending(State& state, SealedReport* record, UnixMillis at) {
  state.pending.clear();
  state.retry_at.reset();
  if (record == nullptr) return;
  const bool never_attempted = record->fate == Fate::kSealed;
  if (never_attempted) {
    state.baselines = record->counted_from;
    state.counting_since = record->from;
  }
  record->fate = never_attempted ? Fate::kDissolved : Fate::kWithdrawn;
  record->last_error = "its stored bytes were damaged";
  record->changed_at = at;
}

State StateOf(const std::vector<JournalEntry>& journal, bool whole) {
  State state;
  for (const JournalEntry& entry : journal) {
    if (entry.kind == "installation" && state.installation.empty()) {
      state.installation = InstallationOf(entry);
    } else if (entry.kind == "consent") {
      state.consent = ConsentOf(entry);
      state.consent_seq = state.consent ? entry.seq : 0;
    }
  }
  if (IsYes(state.consent) && !whole) {
    state.consent.reset();
    state.consent_seq = 0;
  }
  return state;
}

void ForgetWhatMayBeOutdated(State& state) {
  if (IsYes(state.consent)) {
    state.consent.reset();
    state.consent_seq = 0;
  }
  state.pending.clear();
  state.retry_at.reset();
  state.baselines.clear();
  state.counting_since.reset();
}

}  // namespace candor
