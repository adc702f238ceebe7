#include "native/state/state.h"

#include <charconv>
#include <utility>

#include "core/json_members.h"
#include "core/json_reader.h"
#include "core/json_writer.h"
#include "native/state/state_members.h"

namespace candor {
namespace {

constexpr std::string_view kFates[] = {"sealed",   "attempted", "accepted",
                                       "rejected", "dissolved", "withdrawn"};

void WriteTime(JsonWriter& writer, std::string_view key, const std::optional<UnixMillis>& time) {
  writer.Key(key);
  if (time) {
    writer.Integer(*time);
  } else {
    writer.Null();
  }
}

std::optional<UnixMillis> ReadTime(JsonMembers& members, std::string_view key) {
  const JsonValue* member = members.Get(key, Need::kRequired);
  if (member == nullptr || member->is_null()) return std::nullopt;
  UnixMillis time = 0;
  if (member->AsInteger(&time)) return time;
  members.Fail(ErrorCode::kOutOfRange, key, "must be null or an integer within +-(2^53-1)");
  return std::nullopt;
}

ClockAnchor ReadAnchor(JsonMembers& state, Problems& problems) {
  const JsonValue* member = state.Get("anchor", JsonKind::kObject, Need::kRequired);
  if (member == nullptr) return {};
  JsonMembers members(*member, state.Where("anchor"), problems);
  ClockAnchor anchor;
  anchor.boot_id = ReadAnyText(members, "bootId");
  anchor.boot_ms = ReadInteger(members, "bootMs");
  anchor.wall = ReadInteger(members, "wallMs");
  members.Finish();
  return anchor;
}

std::optional<ConsentRecord> ReadConsent(JsonMembers& state, Problems& problems) {
  const JsonValue* member = state.Get("consent", Need::kRequired);
  if (member == nullptr || member->is_null()) return std::nullopt;
  Result<ConsentRecord> record = ParseConsent(*member, "/consent");
  if (record.ok()) return std::move(record).value();
  problems.AddAll(std::move(record).problems());
  return std::nullopt;
}

std::optional<Fate> ReadInitial(JsonMembers& state) {
  const JsonValue* member = state.Get("initial", Need::kRequired);
  if (member == nullptr || member->is_null()) return std::nullopt;
  return ReadFate(state, "initial");
}

// Left out until there are any: states from before there were receipts have none.
void WriteKeys(const State& state, JsonWriter& writer) {
  if (!state.keys_asked_at && state.receipt_keys.empty()) return;
  WriteTime(writer, "keysAskedAtMs", state.keys_asked_at);
  writer.Key("receiptKeys");
  writer.BeginArray();
  for (const ReceiptKey& key : state.receipt_keys) writer.String(key.bytes);
  writer.EndArray();
}

void ReadKeys(JsonMembers& members, State* state) {
  if (members.Get("keysAskedAtMs", Need::kOptional) == nullptr) return;
  state->keys_asked_at = ReadTime(members, "keysAskedAtMs");
  for (const std::string& text :
       members.Texts("receiptKeys", kMostReceiptKeys, kMaxConsentTextBytes, Need::kRequired)) {
    const std::optional<ReceiptKey> key = ReceiptKeyOf(text);
    if (key) {
      state->receipt_keys.push_back(*key);
    } else {
      members.Fail(ErrorCode::kOutOfRange, "receiptKeys", "must be public keys in base64");
    }
  }
}

// Exact to the last unit: totals may go beyond what a double holds, so AsInteger will not do.
std::uint64_t ReadTotal(const JsonMember& member, const std::string& where, Problems& problems) {
  std::uint64_t total = 0;
  const std::string& text = member.value.text();
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, total);
  if (member.value.kind() != JsonKind::kNumber || error != std::errc() || stop != end) {
    problems.Add({ErrorCode::kOutOfRange, where + PointerStep(member.key),
                  "must be an integer from 0 to 2^64-1", member.value.at()});
  }
  return total;
}

CounterTotals ReadEpoch(const JsonValue& item, const std::string& where, Problems& problems) {
  JsonMembers members(item, where, problems);
  CounterTotals totals;
  totals.epoch = ReadAnyText(members, "epoch");
  const JsonValue* values = members.Get("values", JsonKind::kObject, Need::kRequired);
  members.Finish();
  if (values == nullptr) return totals;
  for (const JsonMember& member : values->members()) {
    if (!totals.values.empty() && member.key <= totals.values.back().first) {
      problems.Add({ErrorCode::kOutOfRange, where + "/values" + PointerStep(member.key),
                    "must stand behind the name before it in byte order", member.key_at});
    }
    totals.values.emplace_back(member.key, ReadTotal(member, where + "/values", problems));
  }
  return totals;
}

}  // namespace

std::string_view Name(Fate fate) { return kFates[static_cast<std::size_t>(fate)]; }

std::string ReadAnyText(JsonMembers& members, std::string_view key) {
  const JsonValue* member = members.Get(key, JsonKind::kString, Need::kRequired);
  return member == nullptr ? std::string() : member->text();
}

std::int64_t ReadInteger(JsonMembers& members, std::string_view key) {
  std::int64_t number = 0;
  const JsonValue* member = members.Get(key, JsonKind::kNumber, Need::kRequired);
  if (member != nullptr && !member->AsInteger(&number)) {
    members.Fail(ErrorCode::kOutOfRange, key, "must be an integer within +-(2^53-1)");
  }
  return number;
}

Fate ReadFate(JsonMembers& members, std::string_view key) {
  const int fate = members.Choice(key, kFates, Need::kRequired);
  return fate < 0 ? Fate::kSealed : static_cast<Fate>(fate);
}

void WriteTotals(const std::vector<CounterTotals>& totals, JsonWriter& writer) {
  writer.BeginArray();
  for (const CounterTotals& of_epoch : totals) {
    writer.BeginObject();
    writer.Key("epoch");
    writer.String(of_epoch.epoch);
    writer.Key("values");
    writer.BeginObject();
    for (const auto& [name, total] : of_epoch.values) {
      writer.Key(name);
      writer.NumberText(std::to_string(total));
    }
    writer.EndObject();
    writer.EndObject();
  }
  writer.EndArray();
}

std::vector<CounterTotals> ReadTotals(JsonMembers& members, std::string_view key,
                                      Problems& problems) {
  std::vector<CounterTotals> totals;
  const JsonValue* list = members.Get(key, JsonKind::kArray, Need::kRequired);
  if (list == nullptr) return totals;
  for (std::size_t i = 0; i < list->items().size(); ++i) {
    totals.push_back(ReadEpoch(list->items()[i], ItemPointer(members.Where(key), i), problems));
  }
  return totals;
}

std::string WriteStoredState(const State& state) {
  StringSink sink;
  JsonWriter writer(sink);
  writer.BeginObject();
  writer.Key("installation");
  writer.String(state.installation);
  writer.Key("consent");
  if (state.consent) {
    WriteConsent(*state.consent, writer);
  } else {
    writer.Null();
  }
  writer.Key("consentSeq");
  writer.Integer(state.consent_seq);
  WriteTime(writer, "lastAcceptedAtMs", state.last_accepted_at);
  WriteTime(writer, "dueAtMs", state.due_at);
  WriteTime(writer, "retryAtMs", state.retry_at);
  writer.Key("anchor");
  writer.BeginObject();
  writer.Key("bootId");
  writer.String(state.anchor.boot_id);
  writer.Key("bootMs");
  writer.Integer(state.anchor.boot_ms);
  writer.Key("wallMs");
  writer.Integer(state.anchor.wall);
  writer.EndObject();
  writer.Key("failedRounds");
  writer.Integer(state.failed_rounds);
  WriteTime(writer, "countingSinceMs", state.counting_since);
  writer.Key("baselines");
  WriteTotals(state.baselines, writer);
  writer.Key("pending");
  writer.String(state.pending);
  writer.Key("initial");
  if (state.initial) {
    writer.String(Name(*state.initial));
  } else {
    writer.Null();
  }
  WriteKeys(state, writer);
  if (!state.erasure_secret.empty()) {
    writer.Key("erasureSecret");
    writer.String(state.erasure_secret);
  }
  writer.EndObject();
  writer.Finish();
  return std::move(sink).text();
}

Result<State> ParseStoredState(std::string_view json) {
  const Result<JsonValue> document = ReadJson(json);
  if (!document.ok()) return document.problems();
  Problems problems;
  JsonMembers members(document.value(), "", problems);
  State state;
  state.installation = ReadAnyText(members, "installation");
  state.consent = ReadConsent(members, problems);
  state.consent_seq = ReadInteger(members, "consentSeq");
  state.last_accepted_at = ReadTime(members, "lastAcceptedAtMs");
  state.due_at = ReadTime(members, "dueAtMs");
  state.retry_at = ReadTime(members, "retryAtMs");
  state.anchor = ReadAnchor(members, problems);
  state.failed_rounds = ReadInteger(members, "failedRounds");
  state.counting_since = ReadTime(members, "countingSinceMs");
  state.baselines = ReadTotals(members, "baselines", problems);
  state.pending = ReadAnyText(members, "pending");
  state.initial = ReadInitial(members);
  ReadKeys(members, &state);
  state.erasure_secret = members.Text("erasureSecret", kMaxConsentTextBytes, Need::kOptional);
  members.Finish();
  if (!problems.empty()) return problems;
  return state;
}

}  // namespace candor
