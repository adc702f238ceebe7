// Any bytes as requests to the collector: each is answered once, nothing but a report that its
// catalogue names is kept, what is kept is the body as it came and what is counted of it is within
// limits, statistics tell of no few, and refusals are problem documents. A first line "local" lets
// the request come from this machine, and not from a proxy.
#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "core/day.h"
#include "core/json_reader.h"
#include "core/text.h"
#include "native/base/random.h"
#include "native/collector/service/collector_api.h"
#include "native/collector/service/collector_options.h"
#include "native/collector/service/collector_views.h"
#include "native/collector/store/report_values.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/http_text.h"
#include "tests/native/folder.h"
#include "tests/native/keep_only_store.h"

namespace candor {
namespace {

constexpr char kProxy[] = "192.0.2.1";
constexpr UnixMillis kThen = 1'795'000'000'000;  // 2026-11-18
constexpr PageFile kPage[] = {
    {"/", "text/html", "\"1\"", "<p>", ""},
    {"/assets/a.js", "text/javascript", "\"2\"", "let a", "brotli", true},
};

// Remembers what it was given, and shows what it always had.
class Shelf : public KeepOnlyStore {
 public:
  Result<std::vector<Kept>> Keep(std::span<const Arrival> arrivals, UnixMillis now) override {
    kept.insert(kept.end(), arrivals.begin(), arrivals.end());
    return std::vector<Kept>(arrivals.size(), Kept{Kept::Outcome::kNew, now});
  }
  Result<std::vector<LatestReport>> Latest(std::int64_t most) override {
    const LatestReport report{"engine", "a", std::string(32, 'd'), kThen, Arrival::Way::kFile};
    return std::vector<LatestReport>(static_cast<std::size_t>(std::min<std::int64_t>(most, 3)),
                                     report);
  }
  // Of twelve installations on one day, and of three of them on the next.
  std::optional<Error> Scan(UnixMillis from, UnixMillis to, const Visit& visit) override {
    StoredReport report;
    for (char name = 'a'; name <= 'l'; ++name) {
      for (int day = 0; day < (name < 'd' ? 2 : 1); ++day) {
        ++report.id;
        report.catalogue = "engine";
        report.installation = name;
        report.arrived_ms = kThen + day * kDayMs;
        report.values = R"({"numbers":{"/product/internals/commands/DeployCmd/count":7},)"
                        R"("texts":{"/product/edition":["community"]}})";
        if (report.arrived_ms >= from && report.arrived_ms < to && !visit(report)) return {};
      }
    }
    return {};
  }
  std::vector<Arrival> kept;
};

void CheckArrival(const Arrival& arrival, const std::string& body) {
  Require(arrival.bytes == body, "the bytes are kept as they came");
  Require(arrival.digest.size() == 32 && arrival.address.size() == 16, "with their hashes");
  const Result<ReportValues> values = ReadReportValues(arrival.values);
  Require(values.ok(), "the values can be read");
  std::size_t count = values.value().numbers.size();
  for (const auto& [place, number] : values.value().numbers) {
    Require(number <= kMaxSafeInteger && number >= -kMaxSafeInteger, "within limits");
  }
  for (const auto& [place, texts] : values.value().texts) {
    count += texts.size();
    for (const std::string& text : texts) {
      Require(!text.empty() && text.size() <= 256, "texts are short");
    }
  }
  Require(count <= 4096, "few values are counted");
}

void CheckMany(const JsonValue& statistics) {
  for (const JsonValue& item : statistics.items()) CheckMany(item);
  for (const JsonMember& member : statistics.members()) {
    std::int64_t number = 0;
    Require(member.key != "installations" || (member.value.AsInteger(&number) && number >= 10),
            "no cell tells of few");
    CheckMany(member.value);
  }
}

void CheckAnswer(const HttpAnswer& answer) {
  Require(answer.status >= 200 && answer.status <= 599, "an answer has a status");
  if (answer.status >= 400 ? answer.content_type.starts_with("text/plain")
                           : answer.content_type != "application/json") {
    return;
  }
  const Result<JsonValue> document = ReadJson(answer.body);
  Require(document.ok() && document.value().is_object(), "an answer is a document");
  if (answer.status >= 400) {
    Require(document.value().Find("status") != nullptr, "a refusal tells its status");
  } else if (const JsonValue* const catalogues = document.value().Find("catalogues")) {
    CheckMany(*catalogues);
  }
}

std::unique_ptr<ArrivalReader> Reader(UnknownFields unknown) {
  return std::make_unique<ArrivalReader>(CollectorCatalogues({}).value(), unknown);
}

void CheckReading(const std::string& body) {
  static const auto strict = Reader(UnknownFields::kRefuse), lenient = Reader(UnknownFields::kKeep);
  const Result<Arrival> read = strict->Read(body);
  if (!read.ok()) return Require(!read.problems().empty(), "a refusal says why");
  const Result<Arrival> kept = lenient->Read(body);
  Require(kept.ok() && kept.value().catalogue == read.value().catalogue &&
              kept.value().values == read.value().values,
          "who keeps unknown fields reads the same of what has none");
}

// What comes later, once it is there.
HttpAnswer Await(const HttpNext& next, HttpRequest request, IntakeQueue& queue) {
  const int wake = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  const auto replies = std::make_shared<HttpReplies>(wake);
  next.later(std::move(request), HttpReply(replies, 1));
  pollfd waits{wake, POLLIN, 0};
  ::poll(&waits, 1, -1);
  queue.Close();
  const auto answers = replies->Take();
  replies->Leave();
  ::close(wake);
  Require(answers.size() == 1, "each is answered once");
  return answers.front().second();
}

void CheckRequest(HttpRequest request, const std::string& address) {
  static const Folder folder;
  static const auto reader = Reader(UnknownFields::kRefuse);
  static const auto catalogues = CollectorCatalogues({}).value();
  static const auto signer = ReceiptSigner::Open(folder.Path("key")).value();
  CheckReading(request.body);
  Shelf shelf;
  AddressHasher hasher(SystemClock(), SystemRandom());
  IntakeQueue queue(shelf, SystemClock(), {});
  const std::vector<std::string> proxies = {kProxy};
  CollectorApi api({*reader, *signer, queue, hasher, SystemClock(), proxies}, shelf, {});
  StatisticsDesk desk(
      [&shelf](const StatisticsQuery& query) { return ReadStatistics(shelf, catalogues, query); },
      SystemClock());
  const CollectorViews views({shelf, desk, SystemClock(), proxies, false, kPage});
  HttpPeer peer;
  peer.address = address;
  const std::string body = request.body;
  std::optional<HttpNext> view = views.Handle(request, peer);
  const HttpNext next = view ? *std::move(view) : api.Handle(request, peer);
  Require(!next.then && next.answer.has_value() != (next.later != nullptr), "one way to go on");
  if (next.answer) {
    queue.Close();
    Require(shelf.kept.empty(), "nothing is kept without its body");
    return CheckAnswer(*next.answer);
  }
  const HttpAnswer answer = Await(next, std::move(request), queue);
  CheckAnswer(answer);
  Require((answer.status == 202) == (shelf.kept.size() == 1), "202 is what is kept");
  for (const Arrival& arrival : shelf.kept) CheckArrival(arrival, body);
}

}  // namespace
}  // namespace candor

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::string_view kLocal = "local\n";
  std::string_view text = candor::AsText(data, size);
  const bool local = text.starts_with(kLocal);
  if (local) text.remove_prefix(kLocal.size());
  candor::CheckRequest(candor::RequestIn(text), local ? "127.0.0.1" : candor::kProxy);
  return 0;
}
