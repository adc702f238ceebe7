// candor-collector quarantine: what inspection holds back, and what becomes of it.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <vector>

#include "native/cli/collector/store_options.h"

namespace candor {

class QuarantineCommand {
 public:
  void Add(CLI::App& app, std::function<int()>& run);

 private:
  using Change = Result<std::int64_t> (CollectorStore::*)(std::int64_t report);

  int List() const;
  int EachOf(Change change, const char* done) const;

  StoreOptions store_;
  std::int64_t days_ = 30;
  std::vector<std::int64_t> reports_;
};

}  // namespace candor
