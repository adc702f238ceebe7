// candor: all sub-commands. This file only says what can be typed; what a sub-command does is in
// core/operation.h, and for those that work on a state folder beside reporter_commands.h.
#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "native/cli/count_command.h"
#include "native/cli/probe_command.h"
#include "native/cli/reporter_commands.h"
#include "native/cli/request.h"
#include "native/cli/run_program.h"
#include "native/cli/scrape_commands.h"
#include "native/cli/serve_command.h"
#include "native/cli/state_commands.h"
#include "native/cli/user_command.h"

namespace candor {
namespace {

// What was typed, whatever the sub-command.
struct Arguments {
  std::vector<std::string> configs, scrapes, withheld;
  std::string facts, file, other, catalogue, profile, state, now, output;
  bool json = false, open_metrics = false, strict = false;
};

constexpr char kFooter[] =
    "FILE may be - for standard input. Exit status: 0 good, 2 refused with every problem on "
    "standard "
    "error, 1 anything else.\nSee `candor COMMAND --help`, and candor(1).";

class Program {
 public:
  Program() : app_("See and build the exact report that Candor would send.", "candor") {
    app_.require_subcommand(1);
    app_.set_version_flag("--version", "candor " CANDOR_VERSION);
    app_.footer(kFooter);
    AddConfigurationCommands();
    AddFileCommands();
    AddCatalogueCommands();
    reporter_commands_ = std::make_unique<ReporterCommands>(app_, run_);
    scrape_commands_ = std::make_unique<ScrapeCommands>(app_, run_);
    probe_command_ = std::make_unique<ProbeCommand>(app_, run_);
    serve_command_ = std::make_unique<ServeCommand>(app_, run_);
    count_command_ = std::make_unique<CountCommand>(app_, run_);
    state_commands_ = std::make_unique<StateCommands>(app_, run_);
    user_command_ = std::make_unique<UserCommand>(app_, run_);
  }

  int Run(int argc, char** argv) { return RunProgram(app_, run_, argc, argv); }

 private:
  CLI::App* Add(CLI::App& parent, const char* name, const char* description, const char* operation,
                std::function<void(Request&)> gather) {
    CLI::App* command = parent.add_subcommand(name, description);
    command->add_flag("--json", arguments_.json, "Results and problems for machines");
    command->callback([this, operation, gather] {
      run_ = [this, operation, gather] {
        Request request;
        if (arguments_.json) request.AddFlag("json");
        gather(request);
        return request.Run(operation, arguments_.output);
      };
    });
    return command;
  }

  void AddConfigOption(CLI::App* command) {
    command->add_option("--config", arguments_.configs, "JSON, YAML or XML; later ones win")
        ->required()
        ->allow_extra_args(false);
  }

  void AddWithholdOption(CLI::App* command) {
    command
        ->add_option("--withhold", arguments_.withheld,
                     "A field to hold back, e.g. /product/internals/jdk")
        ->allow_extra_args(false);
  }

  void AddCatalogueOptions(CLI::App* command) {
    command->add_option("--catalogue", arguments_.catalogue,
                        "A built-in catalogue, or a file (default: as configured)");
    command->add_option("--profile", arguments_.profile, "The catalogue's profile, e.g. 7.14");
  }

  void GatherCatalogue(Request& request) {
    if (!arguments_.catalogue.empty()) request.AddCatalogue("catalogue", arguments_.catalogue);
    if (!arguments_.profile.empty()) request.AddText("profile", arguments_.profile);
  }

  void AddConfigurationCommands() {
    CLI::App* validate = Add(app_, "validate", "Check configuration files; later ones win",
                             "validate", [this](Request& request) {
                               request.AddConfig(arguments_.configs);
                               GatherCatalogue(request);
                             });
    validate->add_option("CONFIG", arguments_.configs, "JSON, YAML or XML")->required();
    AddCatalogueOptions(validate);

    Add(app_, "config", "Print the one document the core sees, with the origin of each value",
        "config", [this](Request& request) { request.AddConfig(arguments_.configs); })
        ->add_option("CONFIG", arguments_.configs, "JSON, YAML or XML")
        ->required();

    CLI::App* report = Add(app_, "report", "Print the exact bytes of the report", "report",
                           [this](Request& request) { GatherReport(request); });
    AddConfigOption(report);
    report->add_option("--facts", arguments_.facts, "The facts document (JSON)")->required();
    report
        ->add_option("--scrape", arguments_.scrapes,
                     "COMPONENT=FILE: an exposition of a configured component")
        ->allow_extra_args(false);
    AddWithholdOption(report);
    report->add_option("-o,--output", arguments_.output, "Write the report to this file");
    AddCatalogueOptions(report);

    CLI::App* bundle = Add(app_, "bundle", "Print the report that the inputs of a bundle make",
                           "bundle", [this](Request& request) {
                             request.AddFile("bundle", arguments_.file);
                             for (const std::string& id : arguments_.withheld) {
                               request.AddText("withhold", id);
                             }
                           });
    bundle->add_option("FILE", arguments_.file, "What `candor preview --bundle` wrote")->required();
    AddWithholdOption(bundle);
    bundle->add_option("-o,--output", arguments_.output, "Write the report to this file");

    CLI::App* explain = Add(app_, "explain", "Say what would be done now, why, and when next",
                            "explain", [this](Request& request) {
                              request.AddConfig(arguments_.configs);
                              request.AddFile("state", arguments_.state);
                              request.AddText("now", arguments_.now);
                              GatherCatalogue(request);
                            });
    AddConfigOption(explain);
    explain->add_option("--state", arguments_.state, "What the reporter remembers (JSON)")
        ->required();
    explain
        ->add_option("--now", arguments_.now,
                     "The time, as 2026-11-21T04:05:06Z or in Unix milliseconds")
        ->required();
    AddCatalogueOptions(explain);
  }

  void GatherReport(Request& request) {
    request.AddConfig(arguments_.configs);
    request.AddFile("facts", arguments_.facts);
    for (const std::string& scrape : arguments_.scrapes) request.AddScrape(scrape);
    for (const std::string& id : arguments_.withheld) request.AddText("withhold", id);
    GatherCatalogue(request);
  }

  void AddFileCommand(const char* name, const char* description,
                      std::function<void(CLI::App*)> options = {}) {
    CLI::App* command = Add(app_, name, description, name, [this](Request& request) {
      request.AddFile("file", arguments_.file);
      if (arguments_.strict) request.AddFlag("strict");
      if (arguments_.open_metrics) request.AddFlag("openmetrics");
    });
    command->add_option("FILE", arguments_.file, "The file, or -")->required();
    if (options) options(command);
  }

  void AddFileCommands() {
    AddFileCommand("digest", "Print the SHA-256 of a report");
    AddFileCommand("check-json", "Check that a file is JSON (RFC 8259)", [this](CLI::App* command) {
      command->add_flag("--strict", arguments_.strict, "Refuse duplicate keys, too");
    });
    AddFileCommand("check-exposition", "Check that a file is a Prometheus exposition (0.0.4)",
                   [this](CLI::App* command) {
                     command->add_flag("--openmetrics", arguments_.open_metrics,
                                       "Check as OpenMetrics 1.0");
                   });
    AddFileCommand("license", "Show what would be reported of a licence key");
  }

  void AddCatalogueCommands() {
    CLI::App* catalogue =
        app_.add_subcommand("catalogue", "Look at what a report may hold, and check one's own");
    catalogue->require_subcommand(1);
    Add(*catalogue, "list", "List the built-in catalogues", "catalogue-list", [](Request&) {});
    AddCatalogueCommand(*catalogue, "show", "Print a catalogue", "catalogue-show");
    AddCatalogueCommand(*catalogue, "docs", "Print a catalogue as Markdown", "catalogue-docs");
    AddCatalogueCommand(*catalogue, "schema", "Print its reports' JSON Schema", "catalogue-schema");
    AddCatalogueCommand(*catalogue, "digest", "Print its digest and its scope digest",
                        "catalogue-digest");
    AddCatalogueCommand(*catalogue, "check", "Check a catalogue", "catalogue-check");
    CLI::App* diff = Add(*catalogue, "diff", "Say what changed between two catalogues",
                         "catalogue-diff", [this](Request& request) {
                           request.AddCatalogue("older", arguments_.other);
                           request.AddCatalogue("newer", arguments_.catalogue);
                         });
    diff->add_option("OLD", arguments_.other, "A built-in catalogue, or a file")->required();
    diff->add_option("NEW", arguments_.catalogue, "A built-in catalogue, or a file")->required();
  }

  void AddCatalogueCommand(CLI::App& parent, const char* name, const char* description,
                           const char* operation) {
    CLI::App* command = Add(parent, name, description, operation,
                            [this](Request& request) { GatherCatalogue(request); });
    command->add_option("CATALOGUE", arguments_.catalogue, "A built-in catalogue, or a file")
        ->required();
    command->add_option("--profile", arguments_.profile, "One of its profiles");
  }

  Arguments arguments_;
  CLI::App app_;
  std::function<int()> run_;
  std::unique_ptr<ReporterCommands> reporter_commands_;
  std::unique_ptr<ScrapeCommands> scrape_commands_;
  std::unique_ptr<ProbeCommand> probe_command_;
  std::unique_ptr<ServeCommand> serve_command_;
  std::unique_ptr<CountCommand> count_command_;
  std::unique_ptr<StateCommands> state_commands_;
  std::unique_ptr<UserCommand> user_command_;
};

}  // namespace
}  // namespace candor

int main(int argc, char** argv) try {
  // A reader that goes away is an error of writing, not a death.
  std::signal(SIGPIPE, SIG_IGN);
  return candor::Program().Run(argc, argv);
} catch (const std::exception& error) {
  std::fprintf(stderr, "candor: %s\n", error.what());
  return 1;
}
