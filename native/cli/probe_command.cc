#include "native/cli/probe_command.h"

#include <cstdlib>
#include <string_view>

#include "core/operation.h"
#include "native/cli/answer.h"
#include "native/cli/progress.h"
#include "native/probes/postgresql.h"

namespace candor {
namespace {

Problems CheckAsks(const ProbeOptions& options) {
  Problems problems = CheckProbes(options, "--");
  if (options.empty()) {
    problems.Add({ErrorCode::kBadRequest, "",
                  "say what to ask: --database, --search or --java, see `candor probe --help`"});
  }
  const char* const wish = std::getenv("DO_NOT_TRACK");
  if (wish != nullptr && *wish != '\0' && std::string_view(wish) != "0") {
    problems.Add({ErrorCode::kConflict, "/doNotTrack", "nothing is collected, says DO_NOT_TRACK"});
  }
  return problems;
}

}  // namespace

void AddProbeOptions(CLI::App& command, const std::string& prefix, ProbeOptions& options) {
  command
      .add_option(
          prefix + "database", options.database,
          "Ask this PostgreSQL for its version: \"host=db user=reader dbname=app\" or a URI; "
          "passwords stay in a passfile")
      ->type_name("CONNINFO|URL");
  command
      .add_option(prefix + "search", options.search,
                  "Ask this Elasticsearch or OpenSearch, such as http://localhost:9200")
      ->type_name("URL");
  command
      .add_option(prefix + "java", options.java,
                  "Ask this java for its version and vendor, such as /usr/bin/java")
      ->type_name("PATH");
}

ProbeCommand::ProbeCommand(CLI::App& app, std::function<int()>& run) {
  CLI::App* command = app.add_subcommand(
      "probe", "Print the facts that the database, the search engine and java give");
  AddProbeOptions(*command, "--", options_);
  command->add_option("-o,--output", output_, "Write the facts to this file");
  command->footer("Example: candor probe --database service=shop --java /usr/bin/java");
  command->callback([this, &run] { run = [this] { return Run(); }; });
  // How a probe calls itself; nothing for people.
  CLI::App* inner = app.add_subcommand(kPostgresqlCommand, "")->group("");
  inner->add_option("CONNINFO", conninfo_)->required();
  inner->callback([this, &run] { run = [this] { return AnswerForPostgresql(conninfo_); }; });
}

int ProbeCommand::Run() {
  if (const Problems problems = CheckAsks(options_); !problems.empty()) {
    return Refuse(problems, false);
  }
  FactsDraft facts;
  Problems problems;
  {
    const Progress progress("Asking");
    for (const ProbeResult& result : Prober(options_).Ask()) {
      if (result.product.ok()) {
        LayUnder(result.pointer, result.product.value(), facts);
      } else {
        Error error = result.product.error();
        error.where = "--" + result.name;
        problems.Add(std::move(error));
      }
    }
  }
  int status = kExitGood;
  if (!problems.empty()) status = Refuse(problems, false);
  const int given = Give(facts.Write(), output_);
  return given == kExitGood ? status : given;
}

}  // namespace candor
