// What the collector lets people see of the reports.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "native/collector/collector_store.h"
#include "native/http/http_server.h"

namespace candor {

class CollectorViews {
 public:
  struct Parts {
    // Of its own, so that nobody who looks keeps a report waiting.
    CollectorStore& store;
    std::vector<std::string> proxies;  // As ProxyAddresses has them.
  };
  // Borrowed.
  explicit CollectorViews(Parts parts) : parts_(std::move(parts)) {}

  // Nothing for what is none of its paths. From any thread.
  std::optional<HttpNext> Handle(const HttpRequest& head, const HttpPeer& peer);

 private:
  HttpAnswer Latest(const HttpRequest& head) const;

  const Parts parts_;
};

}  // namespace candor
