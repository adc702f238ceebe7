// A collector on real sockets in this process: a clock that does as told, and all else as it is.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "native/base/random.h"
#include "native/collector/service/collector_api.h"
#include "native/collector/service/collector_options.h"
#include "native/collector/service/collector_views.h"
#include "native/collector/store/open_collector_store.h"
#include "native/collector/store/sqlite_collector.h"
#include "native/http/http_server.h"
#include "tests/native/folder.h"
#include "tests/native/local_client.h"

namespace candor {

class SetClock : public Clock {
 public:
  std::int64_t Wall() override { return wall_ms; }
  std::int64_t BootMillis() override { return boot_ms; }
  std::string BootId() override { return "one"; }
  std::atomic<std::int64_t> wall_ms = 1'795'000'000'000, boot_ms = 1000;
};

// The nth installation's.
inline std::string InstallationId(int n) {
  std::string text = "00000000-0000-4000-8000-000000000000";
  const std::string digits = std::to_string(n);
  return text.replace(text.size() - digits.size(), digits.size(), digits);
}

// An engine's report in short. `count`: of DeployCmd.
inline std::string EngineReport(const std::string& installation, std::int64_t count = 1,
                                const std::string& version = "7.20.0") {
  return R"({"installation": ")" + installation +
         R"(", "product": {"name": "Camunda BPM Runtime", "version": ")" + version +
         R"(", "edition": "community", "internals": {"commands": {"DeployCmd": {"count": )" +
         std::to_string(count) + "}}}}}";
}

// The built-in catalogues' reader.
inline std::unique_ptr<ArrivalReader> BuiltInReader(
    UnknownFields unknown = UnknownFields::kRefuse) {
  return std::make_unique<ArrivalReader>(CollectorCatalogues({}).value(), unknown);
}

inline Arrival ReadArrival(const std::string& bytes, const std::string& key = "") {
  static const std::unique_ptr<ArrivalReader> reader = BuiltInReader();
  Result<Arrival> read = reader->Read(bytes);
  EXPECT_TRUE(read.ok()) << bytes << read.error().where << read.error().message;
  Arrival arrival = read.ok() ? std::move(read).value() : Arrival();
  arrival.key = key;
  return arrival;
}

class CollectorRig : public testing::Test {
 protected:
  ~CollectorRig() override {
    server_.reset();
    if (queue_) queue_->Close();
  }

  void Start(const CollectorLimits& limits = {}, const std::vector<std::string>& proxies = {}) {
    place_.folder = folder_.Path("store");
    store_ = OpenCollectorStore(place_).value();
    signer_ = ReceiptSigner::Open(folder_.Path("store")).value();
    queue_ = std::make_unique<IntakeQueue>(*store_, clock_, IntakeQueue::Limits());
    api_ = std::make_unique<CollectorApi>(
        ReportPosts::Parts{*reader_, *signer_, *queue_, hasher_, clock_, proxies}, *store_, limits);
    seen_ = OpenCollectorStore(place_).value();
    desk_ = std::make_unique<StatisticsDesk>(
        [this](const StatisticsQuery& query) {
          ++statistics_read_;
          return ReadStatistics(*seen_, catalogues_, query);
        },
        clock_);
    views_ =
        std::make_unique<CollectorViews>(CollectorViews::Parts{*seen_, *desk_, clock_, proxies});
    HttpServerOptions options;
    options.addresses = {ParseListenAddress("127.0.0.1:0").value(),
                         ParseListenAddress("unix:" + folder_.Path("sock")).value()};
    options.threads = 2;
    options.most_connections = 1000;
    options.most_body_bytes = limits.most_body_bytes;
    server_ = HttpServer::Open(options).value();
    ASSERT_TRUE(server_
                    ->Start([this](const HttpRequest& head, const HttpPeer& peer) {
                      auto view = views_->Handle(head, peer);
                      return view ? *std::move(view) : api_->Handle(head, peer);
                    })
                    .empty());
    at_ = Text(server_->Addresses().front());
    unix_ = "unix:" + folder_.Path("sock");
  }

  // `headers`: lines with their CRLF.
  ClientAnswer Post(const std::string& body, const std::string& headers = "",
                    const std::string& target = "/v1/reports") const {
    return AskOnce(at_, RequestText("POST", target, body, headers));
  }
  ClientAnswer Get(const std::string& target) const {
    return AskOnce(at_, RequestText("GET", target));
  }
  static std::string Key(const std::string& key) { return "Idempotency-Key: " + key + "\r\n"; }

  Folder folder_{MemoryFolder()};
  StorePlace place_;  // A database in it is used instead of the folder.
  SetClock clock_;
  const std::vector<Catalogue> catalogues_ = CollectorCatalogues({}).value();
  std::atomic<int> statistics_read_ = 0;
  std::unique_ptr<ArrivalReader> reader_ = BuiltInReader();
  AddressHasher hasher_{clock_, SystemRandom()};
  std::unique_ptr<CollectorStore> store_, seen_;
  std::unique_ptr<ReceiptSigner> signer_;
  std::unique_ptr<IntakeQueue> queue_;
  std::unique_ptr<CollectorApi> api_;
  std::unique_ptr<StatisticsDesk> desk_;
  std::unique_ptr<CollectorViews> views_;
  std::unique_ptr<HttpServer> server_;
  std::string at_, unix_;
};

}  // namespace candor
