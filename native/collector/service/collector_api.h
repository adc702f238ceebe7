// What the collector answers: reports at ReportPosts, and what there is to read about it.
#pragma once

#include <cstdint>

#include "native/collector/intake/erasure_posts.h"
#include "native/collector/intake/report_posts.h"
#include "native/http/http_server.h"

namespace candor {

class CollectorApi {
 public:
  // `store`: where the reports are. All borrowed.
  CollectorApi(const ReportPosts::Parts& parts, CollectorStore& store,
               const CollectorLimits& limits)
      : signer_(parts.signer),
        posts_(parts, limits),
        erasures_({store, parts.hasher, parts.clock, parts.proxies}) {}

  // HttpHandler's shape.
  HttpNext Handle(const HttpRequest& head, const HttpPeer& peer);
  void Drain(std::int64_t most_ms) { posts_.Drain(most_ms); }
  const PostCounts& counts() const { return posts_.counts(); }

 private:
  HttpAnswer Metrics() const;

  const ReceiptSigner& signer_;
  ReportPosts posts_;
  ErasurePosts erasures_;
};

}  // namespace candor
