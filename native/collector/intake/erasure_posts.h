// The door of erasure: who knows an installation's secret has the reports deleted that carry its
// hash (core/erasure.h).
//
// The answer is {"erased": n}, 0 also where there is no such installation or the secret is another
// one's: nobody learns here which installations there are.
#pragma once

#include <string>
#include <vector>

#include "native/base/clock.h"
#include "native/collector/intake/address_hash.h"
#include "native/collector/intake/token_buckets.h"
#include "native/collector/store/collector_store.h"
#include "native/http/http_server.h"

namespace candor {

class ErasurePosts {
 public:
  struct Parts {
    CollectorStore& store;
    AddressHasher& hasher;
    Clock& clock;
    std::vector<std::string> proxies;  // As ReportPosts has them.
  };
  // All borrowed.
  explicit ErasurePosts(const Parts& parts);

  HttpNext Take(const HttpRequest& head, const HttpPeer& peer);

 private:
  HttpAnswer Erase(const std::string& body);

  const Parts parts_;
  TokenBuckets by_address_;
};

}  // namespace candor
