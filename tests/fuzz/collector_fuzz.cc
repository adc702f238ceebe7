// Any bytes as requests to the collector: each is answered once, nothing but a report that its
// catalogue names is kept, what is kept is the body as it came and what is counted of it is within
// limits, and refusals are problem documents.
#include <sys/eventfd.h>

#include <memory>

#include "core/json_reader.h"
#include "core/text.h"
#include "native/base/random.h"
#include "native/collector/service/collector_api.h"
#include "native/collector/service/collector_options.h"
#include "native/collector/store/report_values.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/http_text.h"
#include "tests/native/folder.h"
#include "tests/native/keep_only_store.h"

namespace candor {
namespace {

// Remembers what it was given.
class Shelf : public KeepOnlyStore {
 public:
  Result<std::vector<Kept>> Keep(std::span<const Arrival> arrivals, UnixMillis now) override {
    kept.insert(kept.end(), arrivals.begin(), arrivals.end());
    return std::vector<Kept>(arrivals.size(), Kept{Kept::Outcome::kNew, now});
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

void CheckAnswer(const HttpAnswer& answer) {
  Require(answer.status >= 200 && answer.status <= 599, "an answer has a status");
  if (answer.status < 400 || answer.content_type.starts_with("text/plain")) return;
  const Result<JsonValue> document = ReadJson(answer.body);
  Require(document.ok() && document.value().is_object(), "a refusal is a document");
  Require(document.value().Find("status") != nullptr, "that tells its status");
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

void CheckRequest(HttpRequest request) {
  static const Folder folder;
  static const auto reader = Reader(UnknownFields::kRefuse);
  static const auto signer = ReceiptSigner::Open(folder.Path("key")).value();
  CheckReading(request.body);
  Shelf shelf;
  AddressHasher hasher(SystemClock(), SystemRandom());
  IntakeQueue queue(shelf, SystemClock(), {});
  CollectorApi api({*reader, *signer, queue, hasher, SystemClock(), {"192.0.2.1"}}, shelf, {});
  HttpPeer peer;
  peer.address = "192.0.2.1";
  const std::string body = request.body;
  const HttpNext next = api.Handle(request, peer);
  Require(!next.then && next.answer.has_value() != (next.later != nullptr), "one way to go on");
  if (next.answer) {
    queue.Close();
    Require(shelf.kept.empty(), "nothing is kept without its body");
    return CheckAnswer(*next.answer);
  }
  const int wake = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  const auto replies = std::make_shared<HttpReplies>(wake);
  next.later(std::move(request), HttpReply(replies, 1));
  queue.Close();
  const auto answers = replies->Take();
  replies->Leave();
  ::close(wake);
  Require(answers.size() == 1, "each is answered once");
  const HttpAnswer answer = answers.front().second();
  CheckAnswer(answer);
  Require((answer.status == 202) == (shelf.kept.size() == 1), "202 is what is kept");
  for (const Arrival& arrival : shelf.kept) CheckArrival(arrival, body);
}

}  // namespace
}  // namespace candor

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  candor::CheckRequest(candor::RequestIn(candor::AsText(data, size)));
  return 0;
}
