// What the collector answers: reports at ReportPosts, and what there is to read about it.
#pragma once

#include <cstdint>

#include "native/collector/report_posts.h"
#include "native/http/http_server.h"

namespace candor {

class CollectorApi {
 public:
  CollectorApi(const ReportPosts::Parts& parts, const CollectorLimits& limits)
      : signer_(parts.signer), posts_(parts, limits) {}

  // HttpHandler's shape.
  HttpNext Handle(const HttpRequest& head, const HttpPeer& peer);
  void Drain(std::int64_t most_ms) { posts_.Drain(most_ms); }
  const PostCounts& counts() const { return posts_.counts(); }

 private:
  HttpAnswer Metrics() const;

  const ReceiptSigner& signer_;
  ReportPosts posts_;
};

}  // namespace candor
