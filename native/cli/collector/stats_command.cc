#include "native/cli/collector/stats_command.h"

#include "native/base/clock.h"
#include "native/cli/answer.h"
#include "native/collector/service/collector_options.h"
#include "native/collector/statistics/statistics_days.h"

namespace candor {
namespace {

// Fewer than these are somebody.
constexpr std::int64_t kLeast = 10, kMost = 1000;

}  // namespace

void StatsCommand::Add(CLI::App& app, std::function<int()>& run) {
  CLI::App* const command = app.add_subcommand("stats", "Tell what may be told of the reports");
  store_.Add(*command);
  command->add_option("--catalogue", catalogues_, "A catalogue beside the built-in ones")
      ->allow_extra_args(false);
  command->add_option("--from", from_, "The first day, in UTC (default: 30 days up to --to)");
  command->add_option("--to", to_, "The last day (default: yesterday, the last whole one)");
  command->add_option("--least", least_, "No group of fewer installations is told")
      ->check(CLI::Range(kLeast, kMost))
      ->capture_default_str();
  CLI::Option* const json = command->add_flag("--json", json_, "As JSON");
  command->add_flag("--csv", csv_, "As CSV, for spreadsheets")->excludes(json);
  command->add_option("-o,--output", output_, "A file (default: standard output)");
  command->footer(
      "Small groups are merged into \"others\", or left out, so that nothing told gives them away\n"
      "by subtraction; days on which fewer reported are left out with their reports. Publish "
      "whole\n"
      "months: the statistics of nearly the same days can be subtracted from each other.\n"
      "Example: candor-collector stats --folder /var/lib/candor-collector --from 2026-11-01 "
      "--to 2026-11-30");
  command->callback([this, &run] { run = [this] { return Run(); }; });
}

int StatsCommand::Run() {
  Problems problems;
  const Result<StatisticsQuery> days = ParseStatisticsDays(from_, to_, SystemClock().Wall(), "--");
  if (!days.ok()) problems.AddAll(days.problems());
  const Result<std::vector<Catalogue>> catalogues = CollectorCatalogues(catalogues_);
  if (!catalogues.ok()) problems.AddAll(catalogues.problems());
  if (!problems.empty()) return Refuse(problems, false);
  StatisticsQuery query = days.value();
  query.least = least_;
  const auto store = OpenCollectorStore(store_.Place(false));
  if (!store.ok()) return Refuse(store.problems(), false);
  const Result<Statistics> statistics = ReadStatistics(*store.value(), catalogues.value(), query);
  if (!statistics.ok()) return Refuse(statistics.problems(), false);
  if (json_) return Give(StatisticsAsJson(statistics.value()), output_);
  if (csv_) return Give(StatisticsAsCsv(statistics.value()), output_);
  return Give(StatisticsAsText(statistics.value()), output_);
}

}  // namespace candor
