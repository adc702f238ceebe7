// candor-collector backup and forget: what is done with the store itself.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

namespace candor {

class StoreCommands {
 public:
  void Add(CLI::App& app, std::function<int()>& run);

 private:
  int BackUp() const;
  int Forget() const;

  std::string folder_, file_;
  std::vector<std::string> installations_;
};

}  // namespace candor
