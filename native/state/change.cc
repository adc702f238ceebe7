#include "native/state/change.h"

#include <utility>

#include "core/json_reader.h"
#include "core/json_writer.h"
#include "core/sha256.h"

namespace candor {
namespace {

// A report that is sealed together with the consent it rests on cannot know that entry's number
// beforehand.
std::string WithConsentSeq(const std::string& body, std::int64_t seq) {
  Result<JsonValue> document = ReadJson(body);
  if (!document.ok() || document.value().Find("consentSeq") == nullptr) return body;
  // Moved: GCC 12's std::variant is undefined when memory runs out in the middle of a copy.
  JsonValue changed = std::move(document).value();
  for (JsonMember& member : changed.mutable_members()) {
    if (member.key == "consentSeq") member.value = JsonValue::Integer(seq);
  }
  return WriteJson(changed);
}

std::optional<Problems> LinkEntries(const StateChange& change, PreparedChange& prepared,
                                    std::int64_t& consent_seq) {
  for (const StateChange::Event& event : change.journal) {
    const bool rests_on_it = event.kind == "sealed" && consent_seq != 0;
    Result<JournalEntry> entry =
        NextEntry(prepared.head.seq, prepared.head.hash, change.at, event.kind,
                  rests_on_it ? WithConsentSeq(event.body, consent_seq) : event.body);
    if (!entry.ok()) return std::move(entry).problems();
    prepared.entries.push_back(std::move(entry).value());
    const JournalEntry& added = prepared.entries.back();
    if (added.kind == "consent" && consent_seq == 0) consent_seq = added.seq;
    prepared.head = {added.seq, added.hash};
  }
  return std::nullopt;
}

std::optional<Problems> CheckReport(const SealedReport& report, const std::string& record) {
  const bool has_bytes = !report.bytes.empty();
  if (has_bytes && (report.size != static_cast<std::int64_t>(report.bytes.size()) ||
                    report.digest != Sha256Hex(report.bytes))) {
    Problems problems;
    problems.Add(
        {ErrorCode::kCorrupt, "/report", "the bytes are not those of the digest and size"});
    return problems;
  }
  const Result<SealedReport> again = ParseReportRecord(record);
  if (!again.ok()) return again.problems();
  return std::nullopt;
}

}  // namespace

Result<PreparedChange> Prepare(const StateChange& change, const JournalHead& head) {
  PreparedChange prepared;
  prepared.head = head;
  std::int64_t consent_seq = 0;
  if (auto problems = LinkEntries(change, prepared, consent_seq)) return std::move(*problems);

  State state = change.state;
  if (consent_seq != 0) state.consent_seq = consent_seq;
  prepared.document = WriteStoredState(state);
  const Result<State> again = ParseStoredState(prepared.document);
  if (!again.ok()) return again.problems();

  if (change.report) {
    prepared.report = change.report;
    if (consent_seq != 0) prepared.report->consent_seq = consent_seq;
    prepared.record = WriteReportRecord(*prepared.report);
    if (auto problems = CheckReport(*prepared.report, prepared.record)) {
      return std::move(*problems);
    }
  }
  return prepared;
}

}  // namespace candor
