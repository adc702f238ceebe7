#include "native/state/sqlite_salvage.h"

#include <algorithm>
#include <utility>

#include "core/json_writer.h"
#include "native/state/recovery.h"
#include "native/state/sqlite_journal.h"
#include "native/state/sqlite_rows.h"

namespace candor {
namespace {

class Salvager {
 public:
  Salvager(Database& database, const Mark& mark, UnixMillis at)
      : database_(database), mark_(mark), at_(at) {}

  Result<Salvaged> Run() && {
    TakeJournal();
    TakeState();
    TakeReports();
    SettlePending();
    TakeFacts();
    if (error_) return std::move(*error_);
    out_.revision = std::max(out_.revision, mark_.revision);
    return std::move(out_);
  }

 private:
  void Lose(std::string what) {
    if (std::find(out_.lost.begin(), out_.lost.end(), what) == out_.lost.end()) {
      out_.lost.push_back(std::move(what));
    }
  }
  // What cannot be read for another reason than damage must not be taken for lost.
  bool IsDamage(const Error& error) {
    if (error.code != ErrorCode::kCorrupt && !error_) error_ = error;
    return error.code == ErrorCode::kCorrupt;
  }

  void TakeJournal() {
    const Result<bool> whole = ForEachLinked(
        database_, [&](JournalEntry entry) { out_.journal.push_back(std::move(entry)); });
    if (!whole.ok()) IsDamage(whole.error());
    if (!out_.journal.empty()) head_ = {out_.journal.back().seq, out_.journal.back().hash};
    journal_whole_ = whole.ok() && whole.value();
    if (!journal_whole_) Lose("journal");
  }

  void TakeState() {
    const Result<StateRow> row = ReadState(database_);
    Result<State> state = State();
    if (row.ok()) state = ParseStoredState(row.value().document);
    if (!row.ok() && !IsDamage(row.error())) return;
    if (!row.ok() || !state.ok()) {
      Lose("state");
      out_.state = StateOf(out_.journal, journal_whole_ && head_ == mark_.head);
      return;
    }
    out_.state = std::move(state).value();
    out_.revision = row.value().revision;
    if (head_ != row.value().head) Lose("journal");
    if (out_.revision >= mark_.revision) return;
    Lose("changes");
    const bool had_consent = out_.state.consent.has_value();
    ForgetWhatMayBeOutdated(out_.state);
    if (had_consent && !out_.state.consent) Lose("consent");
  }

  void TakeReports() {
    const Result<std::vector<std::int64_t>> numbers = ReportNumbers(database_);
    if (!numbers.ok()) {
      if (IsDamage(numbers.error())) Lose("reports");
      return;
    }
    for (const std::int64_t number : numbers.value()) TakeReport(number);
    std::sort(out_.reports.begin(), out_.reports.end(),
              [](const KeptReport& a, const KeptReport& b) { return a.number < b.number; });
  }

  void TakeReport(std::int64_t number) {
    KeptReport without_bytes;
    Result<KeptReport> report = ReadReportAt(database_, number, &without_bytes);
    if (report.ok()) {
      out_.reports.push_back(std::move(report).value());
    } else if (IsDamage(report.error())) {
      const std::string& id = without_bytes.report.id;
      Lose(id.empty() ? "reports" : "report " + id);
      if (!id.empty()) out_.reports.push_back(std::move(without_bytes));
    }
  }

  // Nothing is sent but the pending report, and that only with its bytes.
  void SettlePending() {
    for (KeptReport& stored : out_.reports) {
      if (IsSettled(stored.report.fate)) continue;
      if (stored.report.id != out_.state.pending) {
        stored.report.fate = Fate::kWithdrawn;
        stored.report.uncertain = true;
        stored.report.changed_at = at_;
      } else if (!stored.has_bytes) {
        GiveUpPending(out_.state, &stored.report, at_);
      }
    }
    const bool found = std::any_of(
        out_.reports.begin(), out_.reports.end(),
        [&](const KeptReport& stored) { return stored.report.id == out_.state.pending; });
    if (out_.state.pending.empty() || found) return;
    Lose("report " + out_.state.pending);
    GiveUpPending(out_.state, nullptr, at_);
  }

  void TakeFacts() {
    Result<std::string> facts = ReadFactsRow(database_);
    if (facts.ok()) {
      out_.facts = std::move(facts).value();
    } else if (IsDamage(facts.error())) {
      Lose("facts");
    }
  }

  Database& database_;
  const Mark& mark_;
  const UnixMillis at_;
  Salvaged out_;
  JournalHead head_;
  bool journal_whole_ = false;
  std::optional<Error> error_;
};

std::string BodyOf(const ConsentRecord& record) {
  StringSink sink;
  JsonWriter writer(sink);
  WriteConsent(record, writer);
  writer.Finish();
  return std::move(sink).text();
}

bool HasEntryOfConsent(const Salvaged& salvaged) {
  const std::int64_t seq = salvaged.state.consent_seq;
  return seq >= 1 && seq <= static_cast<std::int64_t>(salvaged.journal.size()) &&
         salvaged.journal[static_cast<std::size_t>(seq) - 1].kind == "consent";
}

std::optional<Problems> Append(Salvaged& salvaged, UnixMillis at, const std::string& kind,
                               const std::string& body) {
  const bool first = salvaged.journal.empty();
  Result<JournalEntry> entry =
      NextEntry(first ? 0 : salvaged.journal.back().seq,
                first ? std::string() : salvaged.journal.back().hash, at, kind, body);
  if (!entry.ok()) return std::move(entry).problems();
  salvaged.journal.push_back(std::move(entry).value());
  return std::nullopt;
}

std::optional<Problems> AppendRecovered(Salvaged& salvaged, const std::string& why,
                                        const std::string& set_aside, UnixMillis at) {
  const std::string body = RecoveredBody(why, set_aside, salvaged.lost);
  if (auto problems = Append(salvaged, at, "recovered", body)) return problems;
  if (!salvaged.state.consent || HasEntryOfConsent(salvaged)) return std::nullopt;
  if (auto problems = Append(salvaged, at, "consent", BodyOf(*salvaged.state.consent))) {
    return problems;
  }
  const std::int64_t seq = salvaged.journal.back().seq;
  for (KeptReport& stored : salvaged.reports) {
    const bool pending = stored.report.id == salvaged.state.pending;
    if (pending && stored.report.consent_seq == salvaged.state.consent_seq) {
      stored.report.consent_seq = seq;
    }
  }
  salvaged.state.consent_seq = seq;
  return std::nullopt;
}

}  // namespace

Result<Salvaged> Salvage(Database* damaged, const std::optional<Mark>& mark, UnixMillis at) {
  const Mark known = mark.value_or(Mark());
  if (damaged != nullptr) return Salvager(*damaged, known, at).Run();
  Salvaged nothing;
  nothing.revision = known.revision;
  nothing.lost = {"state", "journal", "reports", "facts"};
  return nothing;
}

Result<Mark> WriteSalvaged(Database& database, Salvaged salvaged, const std::string& why,
                           const std::string& set_aside, UnixMillis at) {
  if (auto problems = AppendRecovered(salvaged, why, set_aside, at)) return std::move(*problems);
  Transaction transaction(database, Transaction::Kind::kWrite);
  if (transaction.error()) return *transaction.error();
  const JournalHead head{salvaged.journal.back().seq, salvaged.journal.back().hash};
  std::optional<Error> error = AppendEntries(database, salvaged.journal);
  for (const KeptReport& stored : salvaged.reports) {
    if (!error) error = WriteReport(database, stored.number, stored.report);
  }
  if (!error && !salvaged.facts.empty()) error = WriteFactsRow(database, salvaged.facts);
  const std::int64_t revision = salvaged.revision + 1;
  if (!error) error = WriteState(database, {revision, head, WriteStoredState(salvaged.state)});
  if (!error) error = transaction.Commit();
  if (error) return std::move(*error);
  return Mark{revision, head};
}

}  // namespace candor
