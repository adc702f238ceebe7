#include "tests/sim/memory_store.h"

#include <algorithm>
#include <utility>

#include "core/json_reader.h"
#include "core/json_writer.h"
#include "core/sha256.h"
#include "native/state/sqlite_store.h"

namespace candor::sim {
namespace {

// As native/state/change.cc: the number of an entry cannot be known before it is written.
std::string WithConsentSeq(const std::string& body, std::int64_t seq) {
  JsonValue document = ReadJson(body).value();
  for (JsonMember& member : document.mutable_members()) {
    if (member.key == "consentSeq") member.value = JsonValue::Integer(seq);
  }
  return WriteJson(document);
}

}  // namespace

class MemoryStore::Lock : public SenderLock {
 public:
  explicit Lock(bool& locked) : locked_(locked) { locked_ = true; }
  ~Lock() override { locked_ = false; }

 private:
  bool& locked_;
};

Result<std::unique_ptr<SenderLock>> MemoryStore::TryLockSender(std::int64_t /*hold_ms*/) {
  if (locked_) return std::unique_ptr<SenderLock>();
  return std::unique_ptr<SenderLock>(std::make_unique<Lock>(locked_));
}

Result<Snapshot> MemoryStore::Read() {
  Snapshot snapshot{state_, revision_, {}};
  if (!state_.pending.empty()) snapshot.pending = reports_[places_.at(state_.pending)];
  return snapshot;
}

Result<std::int64_t> MemoryStore::Apply(const StateChange& change, std::int64_t revision) {
  if (revision != revision_) return Error{ErrorCode::kConflict, "", "the state has moved on"};
  State state = change.state;
  std::vector<JournalEntry> entries;
  std::int64_t consent_seq = 0;
  for (const StateChange::Event& event : change.journal) {
    const JournalEntry* last = !entries.empty()    ? &entries.back()
                               : !journal_.empty() ? &journal_.back()
                                                   : nullptr;
    const bool rests_on_it = consent_seq != 0 && event.kind == "sealed";
    Result<JournalEntry> entry =
        NextEntry(last ? last->seq : 0, last ? last->hash : "", change.at, event.kind,
                  rests_on_it ? WithConsentSeq(event.body, consent_seq) : event.body);
    if (!entry.ok()) return std::move(entry).problems();
    entries.push_back(std::move(entry).value());
    if (event.kind == "consent" && consent_seq == 0) consent_seq = entries.back().seq;
  }
  if (consent_seq != 0) state.consent_seq = consent_seq;
  if (change.report) {
    SealedReport report = *change.report;
    if (consent_seq != 0) report.consent_seq = consent_seq;
    if (auto problems = Put(report)) return std::move(*problems);
  }
  if (change.wipe_reports) {
    for (const std::size_t place : with_bytes_) DropBytes(reports_[place]);
    with_bytes_.clear();
  }
  DropOldBytes();
  if (change.facts) facts_ = *change.facts;
  std::move(entries.begin(), entries.end(), std::back_inserter(journal_));
  state_ = std::move(state);
  return ++revision_;
}

std::optional<Problems> MemoryStore::Put(const SealedReport& report) {
  const auto corrupt = [](std::string message) {
    Problems problems;
    problems.Add({ErrorCode::kCorrupt, "/report", std::move(message)});
    return problems;
  };
  if (!report.bytes.empty() && Sha256Hex(report.bytes) != report.digest) {
    return corrupt("the bytes are not those of the digest");
  }
  const auto found = places_.find(report.id);
  if (found == places_.end()) {
    if (report.bytes.empty()) return corrupt("a new report needs its bytes");
    places_.emplace(report.id, reports_.size());
    with_bytes_.push_back(reports_.size());
    reports_.push_back(report);
    return std::nullopt;
  }
  SealedReport& stored = reports_[found->second];
  if (stored.digest != report.digest) return corrupt("the bytes of a report never change");
  std::string bytes = std::move(stored.bytes);
  stored = report;
  stored.bytes = std::move(bytes);
  return std::nullopt;
}

void MemoryStore::DropBytes(SealedReport& report) {
  report.bytes.clear();
  if (IsSettled(report.fate)) report.counted_from.clear();
}

void MemoryStore::DropOldBytes() {
  std::size_t settled = 0;
  for (const std::size_t place : with_bytes_) settled += IsSettled(reports_[place].fate) ? 1 : 0;
  std::erase_if(with_bytes_, [&](std::size_t place) {
    if (settled <= kKeptReports || !IsSettled(reports_[place].fate)) return false;
    --settled;
    DropBytes(reports_[place]);
    return true;
  });
}

Result<std::vector<SealedReport>> MemoryStore::ListReports(std::size_t most) {
  std::vector<SealedReport> list;
  for (std::size_t i = reports_.size(); i > 0 && list.size() < most; --i) {
    list.push_back(reports_[i - 1]);
    list.back().bytes.clear();
  }
  return list;
}

Result<SealedReport> MemoryStore::ReadReport(const std::string& id) {
  const auto found = places_.find(id);
  if (found == places_.end()) return Error{ErrorCode::kNotFound, "", "there is no report " + id};
  return reports_[found->second];
}

Result<std::vector<JournalEntry>> MemoryStore::ReadJournal(std::int64_t after, std::size_t most) {
  const std::size_t first = std::min(static_cast<std::size_t>(after), journal_.size());
  const std::size_t last = first + std::min(most, journal_.size() - first);
  return std::vector<JournalEntry>(journal_.begin() + static_cast<std::ptrdiff_t>(first),
                                   journal_.begin() + static_cast<std::ptrdiff_t>(last));
}

}  // namespace candor::sim
