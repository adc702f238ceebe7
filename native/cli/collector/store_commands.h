// candor-collector backup and forget: what is done with the store itself.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "native/cli/collector/store_options.h"

namespace candor {

class StoreCommands {
 public:
  void Add(CLI::App& app, std::function<int()>& run);

 private:
  int BackUp() const;
  int Forget() const;

  StoreOptions store_;
  std::string file_;
  std::vector<std::string> installations_;
};

}  // namespace candor
