// Stores of every kind for tests: a folder of its own, or a schema of its own in one PostgreSQL
// that is started when it is first asked for.
#pragma once

#include <memory>
#include <string>

#include "native/state/open_store.h"
#include "tests/native/shared_postgres.h"
#include "tests/native/state_samples.h"

namespace candor {

enum class Backend { kSqlite, kPostgres };
std::string NameOf(Backend backend);
bool IsThere(Backend backend);

class StoreOfTest {
 public:
  explicit StoreOfTest(Backend backend);
  std::unique_ptr<StateStore> Open() const;
  const StatePlace& place() const { return place_; }

 private:
  TemporaryFolder folder_;
  StatePlace place_;
};
std::unique_ptr<StoreOfTest> MakePlace(Backend backend);

}  // namespace candor
