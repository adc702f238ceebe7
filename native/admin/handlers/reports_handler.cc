#include "native/admin/handlers/reports_handler.h"

#include <iterator>
#include <utility>

#include "core/journal.h"
#include "core/json_writer.h"
#include "core/text.h"
#include "native/admin/handlers/consent_handler.h"
#include "native/admin/handlers/license_rule.h"
#include "native/admin/handlers/refusals.h"
#include "native/http/problem.h"
#include "native/reporter/status_text.h"

namespace candor {
namespace {

constexpr std::size_t kListed = 100, kMostListed = 1000;
constexpr std::size_t kJournalPage = 1000;

// 0 for a query that is not understood.
std::size_t LimitOf(const std::string& query) {
  if (query.empty()) return kListed;
  constexpr std::string_view kLimit = "limit=";
  std::int64_t limit = 0;
  if (!query.starts_with(kLimit) ||
      !ParseDecimal(std::string_view(query).substr(kLimit.size()), &limit) || limit < 1 ||
      limit > static_cast<std::int64_t>(kMostListed)) {
    return 0;
  }
  return static_cast<std::size_t>(limit);
}

HttpAnswer NoReport() { return ProblemAnswer(404, "there is no such report"); }

Result<SealedReport> Find(AdminTarget& target, const std::string& id) {
  if (target.HasNoState()) return Error{ErrorCode::kNotFound, "", "there is no such report"};
  return target.WithStore([&](StateStore& store) { return store.ReadReport(id); });
}

Result<std::vector<JournalEntry>> WholeJournal(StateStore& store) {
  std::vector<JournalEntry> all;
  for (;;) {
    Result<std::vector<JournalEntry>> page =
        store.ReadJournal(all.empty() ? 0 : all.back().seq, kJournalPage);
    if (!page.ok()) return page;
    if (page.value().empty()) return all;
    std::vector<JournalEntry> more = std::move(page).value();
    std::move(more.begin(), more.end(), std::back_inserter(all));
  }
}

}  // namespace

HttpAnswer ListReports(AdminTarget& target, const AdminRequest& request) {
  const std::size_t limit = LimitOf(request.query);
  if (limit == 0) {
    return ProblemAnswer(400, "the query is not understood: there is limit=1 to limit=1000");
  }
  Result<std::vector<SealedReport>> listed = std::vector<SealedReport>();
  if (!target.HasNoState()) {
    listed = target.WithStore([&](StateStore& store) { return store.ListReports(limit); });
  }
  if (!listed.ok()) return RefusedBy(listed.problems());
  std::vector<SealedReport> reports = std::move(listed).value();
  const LicenseTexts secrets(request.caller, target.core());
  for (SealedReport& report : reports) secrets.TakeOut(report);
  return JsonAnswer(JsonObject([&](JsonWriter& writer) {
    writer.Key("reports");
    writer.BeginArray();
    for (const SealedReport& report : reports) WriteReport(report, writer);
    writer.EndArray();
  }));
}

HttpAnswer ReadReportRecord(AdminTarget& target, const AdminRequest& request) {
  Result<SealedReport> found = Find(target, request.parts.front());
  if (!found.ok()) return RefusedBy(found.problems());
  SealedReport report = std::move(found).value();
  LicenseTexts(request.caller, target.core()).TakeOut(report);
  StringSink sink;
  JsonWriter writer(sink);
  WriteReport(report, writer);
  writer.Finish();
  return JsonAnswer(std::move(sink).text());
}

HttpAnswer ReadReportBytes(AdminTarget& target, const AdminRequest& request) {
  Result<SealedReport> found = Find(target, request.parts.front());
  if (!found.ok()) return RefusedBy(found.problems());
  SealedReport report = std::move(found).value();
  if (report.bytes.empty()) {
    return ProblemAnswer(404, "the bytes of this report are not kept any more");
  }
  if (!SeesLicense(request.caller) &&
      HoldsLicense(report.bytes, report.catalogue, target.setup().catalogue)) {
    return ForSuperusers();
  }
  return Attachment(std::move(report.bytes), ReportName(report.digest));
}

HttpAnswer WithdrawReport(AdminTarget& target, const AdminRequest& request) {
  const std::string& id = request.parts.front();
  if (target.HasNoState()) return NoReport();
  const Problems problems = target.WithReporter(
      nullptr, [&](Reporter& reporter) { return reporter.Withdraw(ActorOf(request.caller), id); });
  if (problems.empty()) return {204, "", {}, {}};
  if (problems.list().front().code != ErrorCode::kNotFound) return RefusedBy(problems);
  const Result<SealedReport> found = Find(target, id);
  if (!found.ok()) return RefusedBy(found.problems());
  return ProblemAnswer(409,
                       "this report does not wait: it is " + std::string(Name(found.value().fate)));
}

HttpAnswer SendNow(AdminTarget& target) {
  if (target.HasNoState()) {
    return ProblemAnswer(409, target.StatusWithoutState().decision.reasons.back().text);
  }
  const Problems problems =
      target.WithReporter(nullptr, [](Reporter& reporter) { return reporter.CheckHasten(); });
  if (!problems.empty()) return RefusedBy(problems);
  const SendWish::Made made = target.core().send_wish.Make();
  if (made == SendWish::Made::kNobodyHears) {
    return TryAgain(503, "the reporter does not run now", 1);
  }
  HttpAnswer answer = JsonAnswer(JsonObject([&](JsonWriter& writer) {
    writer.Key("begun");
    writer.Boolean(made == SendWish::Made::kBegun);
  }));
  answer.status = 202;
  return answer;
}

HttpAnswer ReadHistory(AdminTarget& target, const AdminRequest& request) {
  Result<std::vector<JournalEntry>> journal = std::vector<JournalEntry>();
  if (!target.HasNoState()) {
    journal = target.WithStore([](StateStore& store) { return WholeJournal(store); });
  }
  if (!journal.ok()) return RefusedBy(journal.problems());
  StringSink sink;
  WriteHistory(journal.value(), sink);
  if (LicenseTexts(request.caller, target.core()).AreIn(sink.text())) return ForSuperusers();
  return Attachment(std::move(sink).text(), "candor-history.json");
}

}  // namespace candor
