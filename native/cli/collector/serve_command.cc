#include "native/cli/collector/serve_command.h"

#include "core/problems.h"
#include "native/base/clock.h"
#include "native/cli/answer.h"
#include "native/cli/request.h"
#include "native/collector/intake/collector_log.h"
#include "native/collector/service/collector_config.h"
#include "native/collector/service/collector_service.h"
#include "native/collector/service/collector_settings.h"

namespace candor {
namespace {

// "[127.0.0.1:8046]", or "" where there is nothing to tell.
std::string DefaultText(const CollectorSetting& setting) {
  const CollectorOptions usual;
  if (const auto* number = std::get_if<std::int64_t CollectorOptions::*>(&setting.member)) {
    return std::to_string(usual.*(*number));
  }
  if (!setting.is_list()) return "";
  const auto& texts = usual.*std::get<std::vector<std::string> CollectorOptions::*>(setting.member);
  return texts.empty() ? "" : texts.front();
}

}  // namespace

void ServeCommand::AddSettings(CLI::App& command) {
  command.add_option("--config", config_,
                     "JSON or YAML, with what follows; also as CANDOR_COLLECTOR_CONFIG");
  for (const CollectorSetting& setting : CollectorSettings()) {
    std::vector<std::string>& texts = typed_.emplace_back(Typed{setting.key, {}}).texts;
    const std::string flag = SettingFlag(setting.key);
    CLI::Option* const option =
        setting.is_flag() ? command.add_flag(flag, texts, setting.help)
                          : command.add_option(flag, texts, setting.help)->allow_extra_args(false);
    if (!setting.is_list() && !setting.is_flag()) option->expected(1)->take_last();
    if (setting.most > 0) option->type_name("N");
    // The value is read where those of files are, with all their problems at once.
    if (const std::string usual = DefaultText(setting); !usual.empty()) option->default_str(usual);
  }
}

void ServeCommand::Add(CLI::App& app, std::function<int()>& run) {
  CLI::App* const serve =
      app.add_subcommand("serve", "Receive reports, in the foreground, until SIGTERM");
  AddSettings(*serve);
  serve->footer(
      "Reports come with POST /v1/reports or /pings. 202 means that one is on the disk; what got\n"
      "neither 202 nor 200 is to be sent again, under its Idempotency-Key.\n"
      "Example: candor-collector serve --folder /var/lib/candor-collector --listen 0.0.0.0:8046\n"
      "             --certificate cert.pem --key key.pem --keep-days 400");
  serve->callback([this, &run] { run = [this] { return Serve(); }; });

  CLI::App* const check = app.add_subcommand(
      "check-config", "Print what serve would go by, each with its origin, and open nothing");
  AddSettings(*check);
  check->footer("Example: candor-collector check-config --config /etc/candor/collector.yaml");
  check->callback([this, &run] { run = [this] { return Check(); }; });
}

CollectorOptions ServeCommand::Options(Problems& problems) const {
  CollectorSources sources{config_, ProcessEnvironment(), {}};
  for (const Typed& typed : typed_) {
    std::vector<std::string>& texts = sources.typed[std::string(typed.key)];
    texts.insert(texts.end(), typed.texts.begin(), typed.texts.end());
  }
  return ReadCollectorOptions(sources, problems);
}

int ServeCommand::Serve() const {
  Problems problems;
  const CollectorOptions options = Options(problems);
  if (problems.empty()) problems = ServeCollector(options);
  if (problems.empty()) return kExitGood;
  if (!options.json_log()) return Refuse(problems, false);
  // Where the log is for machines, all of it is.
  CollectorLog log(SystemClock(), true);
  for (const Error& error : problems.list()) {
    Problems one;
    one.Add(error);
    std::string line = ProblemsAsText(one);
    line.pop_back();  // The line feed.
    log.Write(CollectorEvent::kRefused, line);
  }
  return RefusedStatus(problems);
}

int ServeCommand::Check() const {
  Problems problems;
  const CollectorOptions options = Options(problems);
  if (problems.empty()) {
    if (const auto setup = CheckCollectorOptions(options); !setup.ok()) problems = setup.problems();
  }
  return problems.empty() ? Give(CollectorOptionsJson(options)) : Refuse(problems, false);
}

}  // namespace candor
