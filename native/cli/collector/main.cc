// candor-collector: the receiving service's sub-commands.
#include <CLI/CLI.hpp>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <functional>
#include <string>
#include <vector>

#include "native/cli/answer.h"
#include "native/cli/collector/import_command.h"
#include "native/cli/collector/stats_command.h"
#include "native/cli/collector/store_commands.h"
#include "native/cli/request.h"
#include "native/cli/run_program.h"
#include "native/collector/collector_service.h"

namespace candor {
namespace {

class Program {
 public:
  Program()
      : app_("Receive reports: each once, nobody's address, counts that add up.",
             "candor-collector") {
    app_.require_subcommand(1);
    app_.set_version_flag("--version", "candor-collector " CANDOR_VERSION);
    app_.footer(
        "Each option of serve may be given as CANDOR_COLLECTOR_NAME in the environment, too.\n"
        "Exit status: 0 good, 2 refused with every problem on standard error, 1 anything "
        "else.");
    AddServe();
    import_command_.Add(app_, run_);
    stats_command_.Add(app_, run_);
    store_commands_.Add(app_, run_);
  }

  int Run(int argc, char** argv) { return RunProgram(app_, run_, argc, argv); }

 private:
  void AddServe() {
    CLI::App* const command =
        app_.add_subcommand("serve", "Receive reports, in the foreground, until SIGTERM");
    const auto add = [command](const std::string& name, auto& member, const char* text) {
      std::string variable = "CANDOR_COLLECTOR_";
      for (const char c : name)
        variable += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      return command->add_option("--" + name, member, text)
          ->envname(variable)
          ->capture_default_str();
    };
    add("folder", options_.folder, "Where reports and the receipts' key are kept")->required();
    add("listen", options_.listen, "IP:PORT, [IP]:PORT or unix:/PATH; may be repeated");
    add("certificate", options_.certificate_file,
        "TLS 1.2 and later: the certificate and its chain, PEM, with");
    add("key", options_.key_file, "its key, PEM");
    add("catalogue", options_.catalogue_files,
        "A catalogue beside the built-in ones; may be repeated");
    add("proxy", options_.proxies,
        "The exact address of a proxy, or unix: its X-Forwarded-For is believed, and without "
        "TLS only proxies may connect from elsewhere; may be repeated");
    add("keep-days", options_.keep_days,
        "DAYS or CATALOGUE=DAYS after which reports are deleted; may be repeated");
    // More than what may wait to be stored would wait for ever.
    add("most-bytes", options_.limits.most_body_bytes, "The longest report")
        ->check(CLI::Range(std::size_t{1} << 10, std::size_t{32} << 20));
    add("threads", options_.threads, "How many read reports; 0: one for each core");
    command
        ->add_flag("--keep-unknown", keep_unknown_,
                   "Keep reports that hold more than their catalogue names (default: refuse them)")
        ->envname("CANDOR_COLLECTOR_KEEP_UNKNOWN");
    command->footer(
        "Reports come with POST /v1/reports or /pings. 202 means that one is on the disk; what "
        "got\n"
        "neither 202 nor 200 is to be sent again, under its Idempotency-Key.\n"
        "Example: candor-collector serve --folder /var/lib/candor-collector --listen 0.0.0.0:8046\n"
        "             --certificate cert.pem --key key.pem --keep-days 400");
    command->callback([this] { run_ = [this] { return Serve(); }; });
  }

  int Serve() {
    if (keep_unknown_) options_.unknown = UnknownFields::kKeep;
    const Problems problems = ServeCollector(options_);
    if (!problems.empty()) return Refuse(problems, false);
    return kExitGood;
  }

  CLI::App app_;
  CollectorOptions options_;
  bool keep_unknown_ = false;
  ImportCommand import_command_;
  StatsCommand stats_command_;
  StoreCommands store_commands_;
  std::function<int()> run_;
};

}  // namespace
}  // namespace candor

int main(int argc, char** argv) {
  try {
    return candor::Program().Run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "candor-collector: %s\n", error.what());
    return candor::kExitFailed;
  }
}
