// Where a command finds the reports, as it is told everywhere.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "native/collector/store/open_collector_store.h"

namespace candor {

struct StoreOptions {
  // Adds --folder and --store.
  void Add(CLI::App& command);
  StorePlace Place(bool make) const { return {folder, database, make}; }

  std::string folder, database;
};

}  // namespace candor
