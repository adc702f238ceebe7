#include "tests/native/state_stores.h"

#include <gtest/gtest.h>

#include "core/problems.h"

namespace candor {

std::string NameOf(Backend backend) { return backend == Backend::kSqlite ? "Sqlite" : "Postgres"; }

bool IsThere(Backend backend) {
  return backend == Backend::kSqlite || PostgresServer::IsInstalled();
}

StoreOfTest::StoreOfTest(Backend backend) {
  place_.folder = folder_.path();
  if (backend == Backend::kSqlite) return;
  place_.database = NewSchema();
}

std::unique_ptr<StateStore> StoreOfTest::Open() const {
  Result<std::unique_ptr<StateStore>> store = OpenStateStore(place_);
  EXPECT_TRUE(store.ok()) << ProblemsAsText(store.problems());
  return store.ok() ? std::move(store).value() : nullptr;
}

std::unique_ptr<StoreOfTest> MakePlace(Backend backend) {
  return std::make_unique<StoreOfTest>(backend);
}

}  // namespace candor
