// candor-collector serve and check-config: the collector itself, and what it is told.
#pragma once

#include <CLI/CLI.hpp>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "native/collector/service/collector_options.h"

namespace candor {

class ServeCommand {
 public:
  void Add(CLI::App& app, std::function<int()>& run);

 private:
  struct Typed {
    std::string_view key;
    std::vector<std::string> texts;
  };

  void AddSettings(CLI::App& command);
  CollectorOptions Options(Problems& problems) const;
  int Serve() const;
  int Check() const;

  std::string config_;
  std::deque<Typed> typed_;  // The program writes into them: they stay where they are.
};

}  // namespace candor
