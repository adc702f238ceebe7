#include "native/cli/history_commands.h"

#include <utility>
#include <vector>

#include "core/journal.h"
#include "core/operation.h"
#include "core/sha256.h"
#include "core/text.h"
#include "core/time_text.h"
#include "native/base/read_file.h"
#include "native/cli/answer.h"
#include "native/cli/receipt_commands.h"
#include "native/reporter/status_text.h"

namespace candor {
namespace {

constexpr std::size_t kMostListed = 1000;
constexpr std::size_t kJournalPage = 1000;
constexpr std::size_t kMaxHistoryBytes = std::size_t{1} << 30;

std::string Column(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text + "  ";
}

std::string Line(const SealedReport& report) {
  return Column(TimeText(report.sealed_at), 20) + Column(std::string(Name(report.kind)), 9) +
         Column(std::string(Name(report.fate)), 9) + Column(Decimal(report.size), 8) +
         Column(report.status == 0 ? "-" : Decimal(report.status), 6) +
         Column(report.digest.substr(0, 16), 16) + report.id + "\n";
}

std::string ListText(const std::vector<SealedReport>& reports) {
  if (reports.empty()) return "No report was ever sealed.\n";
  std::string text = Column("sealed", 20) + Column("kind", 9) + Column("fate", 9) +
                     Column("bytes", 8) + Column("status", 6) + Column("SHA-256", 16) + "report\n";
  for (const SealedReport& report : reports) text += Line(report);
  return text;
}

std::string ListJson(const std::vector<SealedReport>& reports) {
  return JsonObject([&](JsonWriter& writer) {
    writer.Key("reports");
    writer.BeginArray();
    for (const SealedReport& report : reports) WriteReport(report, writer);
    writer.EndArray();
  });
}

Result<std::vector<JournalEntry>> WholeJournal(StateStore& store) {
  std::vector<JournalEntry> all;
  for (;;) {
    Result<std::vector<JournalEntry>> page =
        store.ReadJournal(all.empty() ? 0 : all.back().seq, kJournalPage);
    if (!page.ok() || page.value().empty()) {
      if (!page.ok()) return std::move(page).problems();
      return all;
    }
    for (JournalEntry& entry : std::move(page).value()) all.push_back(std::move(entry));
  }
}

// What the journal's "sealed" entry of a report must say of it.
std::string SealedFragment(const SealedReport& report) {
  return "\"digest\": \"" + report.digest + "\"";
}

// The kept reports whose bytes are not what was sealed.
Problems CheckReports(StateStore& store, const std::vector<JournalEntry>& journal,
                      std::size_t* kept) {
  const Result<std::vector<SealedReport>> reports = store.ListReports(kMostListed);
  if (!reports.ok()) return reports.problems();
  Problems problems;
  for (const SealedReport& listed : reports.value()) {
    const Result<SealedReport> report = store.ReadReport(listed.id);
    if (!report.ok()) {
      problems.AddAll(report.problems());
      continue;
    }
    bool in_journal = false;
    for (const JournalEntry& entry : journal) {
      in_journal = in_journal ||
                   (entry.kind == "sealed" && entry.body.find(listed.id) != std::string::npos &&
                    entry.body.find(SealedFragment(listed)) != std::string::npos);
    }
    if (!in_journal) {
      problems.Add({ErrorCode::kCorrupt, "", "report " + listed.id + " is not in the journal"});
    }
    if (report.value().bytes.empty()) continue;
    ++*kept;
    if (Sha256Hex(report.value().bytes) != listed.digest) {
      problems.Add({ErrorCode::kCorrupt, "",
                    "the bytes of report " + listed.id + " are not what its digest says"});
    }
  }
  return problems;
}

std::string Number(std::size_t value) { return Decimal(static_cast<std::int64_t>(value)); }

std::string VerifiedJson(std::size_t entries, std::optional<std::size_t> kept,
                         const CheckedReceipts& receipts) {
  return JsonObject([&](JsonWriter& writer) {
    const auto member = [&writer](std::string_view key, std::int64_t value) {
      writer.Key(key);
      writer.Integer(value);
    };
    writer.Key("verified");
    writer.Boolean(receipts.of_unknown_key == 0);
    member("entries", static_cast<std::int64_t>(entries));
    if (kept) member("reports", static_cast<std::int64_t>(*kept));
    writer.Key("receipts");
    writer.BeginObject();
    member("good", receipts.good);
    member("ofUnknownKey", receipts.of_unknown_key);
    member("notSigned", receipts.unsigned_);
    writer.EndObject();
  });
}

std::string VerifiedText(std::size_t entries, std::optional<std::size_t> kept,
                         const CheckedReceipts& receipts, bool pinned) {
  std::string text = "good: " + Number(entries) + " entries, each follows from the one before";
  if (kept) {
    text += "; " + Number(*kept) + (*kept == 1 ? " kept report is" : " kept reports are") +
            " what was sealed";
  }
  text += "\nreceipts: " + Decimal(receipts.good) + " good" +
          (receipts.good == 0 ? ""
           : pinned           ? " by the configured keys"
                              : " by the keys that this history holds") +
          ", " + Decimal(receipts.of_unknown_key) + " signed by an unknown key, " +
          Decimal(receipts.unsigned_) + " not signed\n";
  return text;
}

// The last step: the receipts of a chain that holds.
int GiveVerified(const std::vector<JournalEntry>& journal, std::optional<std::size_t> kept,
                 const std::vector<ReceiptKey>& pinned, bool json) {
  const CheckedReceipts receipts = CheckReceipts(journal, pinned);
  if (!receipts.wrong.empty()) return Refuse(receipts.wrong, json);
  const int status = Give(json ? VerifiedJson(journal.size(), kept, receipts)
                               : VerifiedText(journal.size(), kept, receipts, !pinned.empty()));
  if (status != kExitGood || receipts.of_unknown_key == 0) return status;
  return kExitFailed;
}

}  // namespace

int HistoryListCommand(const SessionOptions& options) {
  const Result<std::unique_ptr<Session>> session = Session::Open(options);
  if (!session.ok()) return Refuse(session.problems(), options.json);
  const Result<std::vector<SealedReport>> reports =
      session.value()->store().ListReports(kMostListed);
  if (!reports.ok()) return Refuse(reports.problems(), options.json);
  return Give(options.json ? ListJson(reports.value()) : ListText(reports.value()));
}

int HistoryShowCommand(const SessionOptions& options, const std::string& id, bool bytes) {
  const Result<std::unique_ptr<Session>> session = Session::Open(options);
  if (!session.ok()) return Refuse(session.problems(), options.json);
  const Result<SealedReport> report = session.value()->store().ReadReport(id);
  if (!report.ok()) return Refuse(report.problems(), options.json);
  if (bytes && report.value().bytes.empty()) {
    return Refuse(OneProblem(ErrorCode::kNotFound, "",
                             "the bytes of report " + Quotable(id) + " are not kept any more"),
                  options.json);
  }
  if (bytes) return Give(report.value().bytes);
  StringSink sink;
  JsonWriter writer(sink);
  WriteReport(report.value(), writer);
  writer.Finish();
  return Give(sink.text());
}

int HistoryExportCommand(const SessionOptions& options, const std::string& output) {
  const Result<std::unique_ptr<Session>> session = Session::Open(options);
  if (!session.ok()) return Refuse(session.problems(), options.json);
  const Result<std::vector<JournalEntry>> journal = WholeJournal(session.value()->store());
  if (!journal.ok()) return Refuse(journal.problems(), options.json);
  StringSink sink;
  WriteHistory(journal.value(), sink);
  return Give(sink.text(), output);
}

int HistoryVerifyCommand(const SessionOptions& options) {
  const Result<std::unique_ptr<Session>> session = Session::Open(options);
  if (!session.ok()) return Refuse(session.problems(), options.json);
  const Result<std::vector<JournalEntry>> journal = WholeJournal(session.value()->store());
  if (!journal.ok()) return Refuse(journal.problems(), options.json);
  const std::size_t linked = CountLinked(journal.value());
  if (linked != journal.value().size()) {
    return Refuse(OneProblem(ErrorCode::kConflict, "",
                             "entry " + Decimal(static_cast<std::int64_t>(linked + 1)) +
                                 " does not follow from the one before"),
                  options.json);
  }
  std::size_t kept = 0;
  const Problems problems = CheckReports(session.value()->store(), journal.value(), &kept);
  if (!problems.empty()) return Refuse(problems, options.json);
  return GiveVerified(journal.value(), kept, PinnedKeys(session.value()->config()), options.json);
}

int HistoryVerifyFileCommand(const SessionOptions& options, const std::string& file) {
  std::vector<ReceiptKey> pinned;
  if (!options.configs.empty()) {
    SetupOptions wanted;
    wanted.config_files = options.configs;
    const Result<Setup> setup = LoadSetup(wanted);
    if (!setup.ok()) return Refuse(setup.problems(), options.json);
    pinned = PinnedKeys(setup.value().config);
  }
  const Result<std::string> text = ReadFile(file, kMaxHistoryBytes);
  if (!text.ok()) return Refuse(text.problems(), options.json);
  Result<std::vector<JournalEntry>> journal = ReadHistory(text.value());
  if (!journal.ok()) {
    Problems problems = std::move(journal).problems();
    problems.SetSource(file);
    return Refuse(problems, options.json);
  }
  return GiveVerified(journal.value(), std::nullopt, pinned, options.json);
}

}  // namespace candor
