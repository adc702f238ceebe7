// candor-collector import: reports that came as files, from sites without a network.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "native/cli/collector/store_options.h"

namespace candor {

class ImportCommand {
 public:
  void Add(CLI::App& app, std::function<int()>& run);

 private:
  int Run();

  StoreOptions store_;
  std::string receipt_key_;
  std::vector<std::string> files_, catalogues_;
};

}  // namespace candor
