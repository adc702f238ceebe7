// For stores of tests that only Keep matters of.
#pragma once

#include "native/collector/store/collector_store.h"

namespace candor {

class KeepOnlyStore : public CollectorStore {
 public:
  Result<std::int64_t> Expire(const std::string&, UnixMillis, std::int64_t) override { return 0; }
  Result<std::int64_t> Forget(const std::string&) override { return 0; }
  Result<std::int64_t> Erase(const std::string&, const std::string&) override { return 0; }
  Result<std::int64_t> Drop(std::int64_t) override { return 0; }
  Result<std::int64_t> Release(std::int64_t) override { return 0; }
  Result<std::vector<LatestReport>> Latest(std::int64_t) override {
    return std::vector<LatestReport>();
  }
  std::optional<Error> Scan(UnixMillis, UnixMillis, const Visit&) override { return {}; }
};

}  // namespace candor
