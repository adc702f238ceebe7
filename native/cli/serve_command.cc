#include "native/cli/serve_command.h"

#include "core/operation.h"
#include "native/cli/answer.h"
#include "native/cli/files.h"
#include "native/cli/probe_command.h"
#include "native/cli/state_options.h"
#include "native/serve/serve.h"

namespace candor {

ServeCommand::ServeCommand(CLI::App& app, std::function<int()>& run) {
  CLI::App* command = app.add_subcommand(
      "serve", "Run as the stand-alone reporter, in the foreground, until SIGTERM");
  command
      ->add_option("--config", configs_,
                   "JSON, YAML or XML; later ones win; read again on SIGHUP and when changed")
      ->required()
      ->allow_extra_args(false);
  AddStateOptions(*command, state_, database_);
  command->add_option("--catalogue", catalogue_,
                      "A built-in catalogue, or a file (default: as configured)");
  command->add_option("--profile", profile_, "The catalogue's profile, e.g. 7.14");
  command->add_option("--facts", facts_, "A facts document that holds until it changes");
  command->add_option("--facts-folder", facts_folder_,
                      "A folder where programs drop files of facts: NAME.json with \"values\"");
  AddProbeOptions(*command, "--probe-", probes_);
  command
      ->add_option("--collect-every", every_s_,
                   "Seconds between two rounds of asking the components")
      ->check(CLI::Range(std::int64_t{10}, std::int64_t{86'400}))
      ->capture_default_str();
  command
      ->add_option("--listen", listen_,
                   "Where programs may count and state facts: unix:/PATH, 127.0.0.1:PORT or "
                   "[::1]:PORT (default: nowhere)")
      ->allow_extra_args(false);
  command->add_option("--listen-group", listen_group_,
                      "A group that may use the Unix socket, too (default: this user and root)");
  AddAdminOptions(*command);
  command->add_flag("--json-log", json_log_, "Log lines as JSON");
  command->add_flag("--verbose", verbose_, "Log everything");
  command->footer("Example: candor serve --config /etc/candor/application.yaml");
  command->callback([this, &run] { run = [this] { return Run(); }; });
}

void ServeCommand::AddAdminOptions(CLI::App& command) {
  CLI::Option* const page =
      command
          .add_option("--admin", admin_.server.listen,
                      "Where the page is: 127.0.0.1:PORT, [::1]:PORT, IP:PORT or unix:/PATH "
                      "(default: nowhere)")
          ->allow_extra_args(false);
  const auto add = [&](const char* name, auto& member, const char* text) {
    command.add_option(name, member, text)->allow_extra_args(false)->needs(page);
  };
  add("--admin-certificate", admin_.server.certificate_file, "TLS for the page: PEM, with");
  add("--admin-key", admin_.server.key_file, "its key, PEM");
  add("--admin-host", admin_.server.hosts, "Another name that people type for the page");
  add("--admin-proxy", admin_.server.proxies,
      "The address of a proxy, or unix, whose X-Forwarded-User and -Groups are believed");
  command
      .add_flag("--admin-auth-request", admin_.door.proxy.auth_request_headers,
                "The proxy names users by X-Auth-Request-User and its like, as oauth2-proxy "
                "answers other servers, and not by X-Forwarded-User")
      ->needs(page);
  add("--admin-superuser", admin_.door.proxy.superusers, "Such a user who may decide");
  add("--admin-superuser-group", admin_.door.proxy.superuser_groups,
      "A group whose users may decide (default: camunda-admin)");
  add("--admin-viewer-group", admin_.door.proxy.viewer_groups,
      "A group whose users may look (default: every user of the proxy)");
}

int ServeCommand::Run() {
  if (const Problems wrong = CheckProbes(probes_, "--probe-"); !wrong.empty()) {
    return Refuse(wrong, false);
  }
  ServeOptions options;
  options.setup.config_files = configs_;
  options.setup.profile = profile_;
  options.setup.environment = ProcessEnvironment();
  (IsCatalogueFile(catalogue_) ? options.setup.catalogue_file : options.setup.catalogue_name) =
      catalogue_;
  options.service.state = {StateFolder(state_, options.setup.environment),
                           StateDatabase(database_, options.setup.environment)};
  if (options.service.state.folder.empty()) {
    return Refuse(OneProblem(ErrorCode::kBadRequest, "--state-folder",
                             "is needed where neither CANDOR_STATE_FOLDER nor HOME is set"),
                  false);
  }
  options.service.facts_file = facts_;
  options.service.facts_folder = facts_folder_;
  options.service.probes = probes_;
  options.service.every_ms = every_s_ * 1000;
  options.local.listen = listen_;
  options.local.group = listen_group_;
  admin_.server.group = listen_group_;
  admin_.door.state_folder = options.service.state.folder;
  admin_.door.version = CANDOR_VERSION;
  admin_.door.proxy.peers = admin_.server.proxies;
  AdminCompanion admin(admin_);
  if (!admin_.server.listen.empty()) options.companion = &admin;
  options.json_log = json_log_;
  options.verbose = verbose_;
  const Problems problems = Serve(options);
  if (!problems.empty()) return Refuse(problems, false);
  return kExitGood;
}

}  // namespace candor
