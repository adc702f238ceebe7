#include "native/cli/scrape_commands.h"

#include <unistd.h>

#include <chrono>
#include <thread>

#include "core/operation.h"
#include "native/cli/answer.h"
#include "native/cli/files.h"
#include "native/cli/progress.h"
#include "native/reporter/setup.h"
#include "native/scrape/collection_text.h"

namespace candor {
namespace {

// While nothing may be collected, nobody is asked anything.
Problems CheckCollects(const Config& config) {
  if (config.do_not_track.value) {
    return OneProblem(ErrorCode::kConflict, "/doNotTrack",
                      "nothing is collected, says " + config.do_not_track.origin);
  }
  if (config.mode.value == Mode::kDisabled) {
    return OneProblem(ErrorCode::kConflict, "/mode",
                      "is disabled (" + config.mode.origin +
                          "), so nothing is collected; set it to download or online");
  }
  if (config.releases.value.empty()) {
    return OneProblem(ErrorCode::kMissing, "/camunda/console/managed/releases",
                      "no components are configured");
  }
  return {};
}

Result<Collection> CollectNow(const std::vector<std::string>& configs, const std::string& catalogue,
                              const std::string& profile) {
  SetupOptions wanted;
  wanted.config_files = configs;
  wanted.environment = ProcessEnvironment();
  wanted.profile = profile;
  (IsCatalogueFile(catalogue) ? wanted.catalogue_file : wanted.catalogue_name) = catalogue;
  const Result<Setup> setup = LoadSetup(wanted);
  if (!setup.ok()) return setup.problems();
  const Config& config = setup.value().config;
  if (Problems problems = CheckCollects(config); !problems.empty()) return problems;
  HttpFetcher fetcher;
  const Progress progress("Asking the components");
  return Collect(config.releases.value, setup.value().offered, fetcher, SystemClock());
}

}  // namespace

ScrapeCommands::ScrapeCommands(CLI::App& app, std::function<int()>& run) : run_(run) {
  Add(app, "components", "Ask every component how it is: health, version, CPU, memory",
      &ScrapeCommands::Components)
      ->add_flag("--json", json_, "Results and problems for machines");
  Add(app, "top", "The same, again and again, until Ctrl-C", &ScrapeCommands::Top)
      ->add_option("--interval", every_s_, "Seconds between two rounds")
      ->check(CLI::Range(1, 3600))
      ->capture_default_str();
  Add(app, "scrape", "Print the facts that the components give, for `candor report --facts`",
      &ScrapeCommands::Scrape)
      ->add_option("-o,--output", output_, "Write the facts to this file");
}

CLI::App* ScrapeCommands::Add(CLI::App& app, const char* name, const char* description,
                              int (ScrapeCommands::*go)()) {
  CLI::App* command = app.add_subcommand(name, description);
  command->add_option("--config", configs_, "JSON, YAML or XML; later ones win")
      ->required()
      ->allow_extra_args(false);
  command->add_option("--catalogue", catalogue_,
                      "A built-in catalogue, or a file (default: as configured)");
  command->add_option("--profile", profile_, "The catalogue's profile");
  command->callback([this, go] { run_ = [this, go] { return (this->*go)(); }; });
  return command;
}

int ScrapeCommands::Components() {
  const Result<Collection> collection = CollectNow(configs_, catalogue_, profile_);
  if (!collection.ok()) return Refuse(collection.problems(), json_);
  return Give(json_ ? ComponentsJson(collection.value()) : ComponentsText(collection.value()));
}

int ScrapeCommands::Top() {
  for (;;) {
    const Result<Collection> collection = CollectNow(configs_, catalogue_, profile_);
    if (!collection.ok()) return Refuse(collection.problems(), false);
    // From the top of an empty screen.
    if (::isatty(STDOUT_FILENO) == 1) Give("\033[H\033[2J");
    if (const int status = Give(ComponentsText(collection.value())); status != kExitGood) {
      return status;
    }
    std::this_thread::sleep_for(std::chrono::seconds(every_s_));
  }
}

int ScrapeCommands::Scrape() {
  const Result<Collection> collection = CollectNow(configs_, catalogue_, profile_);
  if (!collection.ok()) return Refuse(collection.problems(), false);
  if (std::string problems = ProblemsText(collection.value()); !problems.empty()) {
    problems.pop_back();
    Tell(problems);
  }
  return Give(FactsOf(collection.value()), output_);
}

}  // namespace candor
