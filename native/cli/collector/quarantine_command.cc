#include "native/cli/collector/quarantine_command.h"

#include <string>

#include "core/day.h"
#include "core/operation.h"
#include "core/text.h"
#include "core/time_text.h"
#include "native/base/clock.h"
#include "native/cli/answer.h"
#include "native/collector/statistics/inspection.h"

namespace candor {
namespace {

constexpr std::int64_t kMostDays = 36'500;

}  // namespace

void QuarantineCommand::Add(CLI::App& app, std::function<int()>& run) {
  CLI::App* const command = app.add_subcommand(
      "quarantine", "Reports that look forged: list them, release them, or drop them");
  command->require_subcommand(1);
  const auto add = [&](const char* name, const char* text, auto perform) {
    CLI::App* const part = command->add_subcommand(name, text);
    store_.Add(*part);
    part->callback([&run, perform] { run = perform; });
    return part;
  };
  CLI::App* const list =
      add("list", "One line for each: its number, time, reason, catalogue and installation",
          [this] { return List(); });
  list->add_option("--days", days_, "How far back, today included")
      ->check(CLI::Range(std::int64_t{1}, kMostDays))
      ->capture_default_str();
  list->footer(
      "too-many-in-a-day, many-addresses: others send in this installation's name, or share its\n"
      "id. many-installations: ids are made up behind one address. window-overlap: its usage was\n"
      "told of before. Statistics leave these reports out.");
  add("release", "Count reports whatever was said of them",
      [this] { return EachOf(&CollectorStore::Release, "released"); })
      ->add_option("REPORT", reports_, "Its number in the list")
      ->required();
  add("drop", "Delete reports", [this] { return EachOf(&CollectorStore::Drop, "dropped"); })
      ->add_option("REPORT", reports_, "Its number in the list")
      ->required();
}

int QuarantineCommand::List() const {
  const auto store = OpenCollectorStore(store_.Place(false));
  if (!store.ok()) return Refuse(store.problems(), false);
  const std::int64_t tomorrow = SystemClock().Wall() / kDayMs + 1;
  std::string lines;
  const auto error = ScanInspected(
      *store.value(), (tomorrow - days_) * kDayMs, tomorrow * kDayMs,
      [&lines](const StoredReport& report, Complaint complaint) {
        if (complaint == Complaint::kNone) return true;
        lines.append(Decimal(report.id)).append(" ").append(TimeText(report.arrived_ms));
        lines.append(" ").append(Name(complaint)).append(" ").append(report.catalogue);
        lines.append(" ").append(Quotable(report.installation, 200)).append("\n");
        return true;
      });
  if (!error) return Give(lines);
  Problems problems;
  problems.Add(*error);
  return Refuse(problems, false);
}

int QuarantineCommand::EachOf(Change change, const char* done) const {
  const auto store = OpenCollectorStore(store_.Place(false));
  if (!store.ok()) return Refuse(store.problems(), false);
  Problems problems;
  for (const std::int64_t report : reports_) {
    const Result<std::int64_t> changed = ((*store.value()).*change)(report);
    if (!changed.ok()) return Refuse(changed.problems(), false);
    if (changed.value() > 0) {
      Tell(Decimal(report) + ": " + done);
    } else {
      problems.Add({ErrorCode::kNotFound, Decimal(report), "is the number of no report"});
    }
  }
  if (!problems.empty()) return Refuse(problems, false);
  return kExitGood;
}

}  // namespace candor
