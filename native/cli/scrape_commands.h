// candor components and scrape: what the configured components say of themselves now.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

namespace candor {

class ScrapeCommands {
 public:
  // Adds the commands to `app`. `run` is given the one that was typed, once it was parsed.
  ScrapeCommands(CLI::App& app, std::function<int()>& run);

 private:
  CLI::App* Add(CLI::App& app, const char* name, const char* description,
                int (ScrapeCommands::*go)());
  int Components();
  int Scrape();
  int Top();

  std::function<int()>& run_;
  std::vector<std::string> configs_;
  std::string catalogue_, profile_, output_;
  int every_s_ = 5;
  bool json_ = false;
};

}  // namespace candor
