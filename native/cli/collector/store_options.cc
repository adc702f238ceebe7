#include "native/cli/collector/store_options.h"

namespace candor {

void StoreOptions::Add(CLI::App& command) {
  command.add_option("--folder", folder, "Where reports are kept")
      ->envname("CANDOR_COLLECTOR_FOLDER");
  command
      .add_option("--store", database,
                  "Where they are in PostgreSQL: postgresql://USER@HOST/DATABASE, without a "
                  "password (PGPASSFILE)")
      ->envname("CANDOR_COLLECTOR_STORE");
}

}  // namespace candor
