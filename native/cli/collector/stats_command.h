// candor-collector stats: what may be told of the reports.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "native/cli/collector/store_options.h"

namespace candor {

class StatsCommand {
 public:
  void Add(CLI::App& app, std::function<int()>& run);

 private:
  int Run();

  StoreOptions store_;
  std::string from_, to_, output_;
  std::vector<std::string> catalogues_;
  std::int64_t least_ = 10;
  bool json_ = false, csv_ = false;
};

}  // namespace candor
