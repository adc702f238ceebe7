// What the collector lets people see: its page and its description, statistics, and to its operator
// the last reports.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "native/base/clock.h"
#include "native/collector/statistics/statistics_desk.h"
#include "native/collector/store/collector_store.h"
#include "native/http/http_server.h"
#include "native/http/page.h"

namespace candor {

// What was built in; empty where the page was not there when the program was built.
std::span<const PageFile> CollectorPage();

// What the collector answers, all of it (OpenAPI 3.1), as it is served.
std::string_view CollectorOpenApi();

class CollectorViews {
 public:
  struct Parts {
    // Used on the desk, and not the one that reports come into.
    CollectorStore& store;
    StatisticsDesk& desk;
    Clock& clock;
    std::vector<std::string> proxies;  // As ProxyAddresses has them.
    // Else statistics and metrics are for this machine and the proxies.
    bool public_statistics = false;
    std::span<const PageFile> page = CollectorPage();
  };
  // All borrowed.
  explicit CollectorViews(Parts parts) : parts_(std::move(parts)) {}

  // Nothing for what others answer. From any thread.
  std::optional<HttpNext> Handle(const HttpRequest& head, const HttpPeer& peer) const;

 private:
  std::optional<HttpNext> Find(const HttpRequest& head, const HttpPeer& peer) const;
  bool MaySeeStatistics(const HttpPeer& peer) const;
  // What `look` finds, on the desk.
  HttpNext Later(std::function<HttpAnswer()> look) const;
  HttpNext AnswerLatest(std::string_view query) const;
  HttpNext AnswerStatistics(std::string_view query, bool as_csv) const;

  const Parts parts_;
};

}  // namespace candor
