// candor serve: the stand-alone reporter.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "native/admin/admin_companion.h"
#include "native/probes/prober.h"

namespace candor {

class ServeCommand {
 public:
  // Adds the command to `app`. `run` is given it, once it was typed.
  ServeCommand(CLI::App& app, std::function<int()>& run);

 private:
  void AddAdminOptions(CLI::App& command);
  int Run();

  std::vector<std::string> configs_, listen_;
  std::string catalogue_, profile_, state_, database_, facts_, facts_folder_, listen_group_;
  AdminOptions admin_;
  ProbeOptions probes_;
  std::int64_t every_s_ = 60;
  bool json_log_ = false, verbose_ = false;
};

}  // namespace candor
