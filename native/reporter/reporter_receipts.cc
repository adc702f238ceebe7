// The service's keys, and receipts that are brought back by hand.
#include <algorithm>
#include <utility>

#include "core/receipt.h"
#include "core/url.h"
#include "native/reporter/life.h"
#include "native/reporter/reporter_moment.h"

namespace candor {
namespace {

constexpr std::int64_t kAskAgainMs = 24 * kHourMs;
constexpr std::size_t kMostReports = 100'000;
constexpr std::size_t kJournalPage = 1000;
constexpr std::string_view kKeysPath = "/v1/keys";

// A clock that was set back since means now.
bool MayAskAgain(const std::optional<UnixMillis>& asked_at, UnixMillis now) {
  return !asked_at || now < *asked_at || now - *asked_at >= kAskAgainMs;
}

// Those of `published` that are not known.
std::vector<ReceiptKey> Fresh(const std::vector<ReceiptKey>& known,
                              const std::vector<ReceiptKey>& published) {
  std::vector<ReceiptKey> fresh;
  for (const ReceiptKey& key : published) {
    const bool room = known.size() + fresh.size() < kMostReceiptKeys;
    if (room && FindReceiptKey(known, key.id) == nullptr) fresh.push_back(key);
  }
  return fresh;
}

std::string KeysUrl(const std::string& endpoint) {
  const Result<Url> url = ParseEndpoint(endpoint);
  const std::size_t target = url.ok() ? url.value().target.size() : 0;
  return endpoint.substr(0, endpoint.size() - target) + std::string(kKeysPath);
}

// The one that waits, or else one that has no receipt, the newest first.
const SealedReport* ReportOfDigest(const std::vector<SealedReport>& reports,
                                   const std::string& digest) {
  const auto found = [&](auto&& wanted) {
    const auto at = std::find_if(reports.begin(), reports.end(), [&](const SealedReport& report) {
      return report.digest == digest && wanted(report);
    });
    return at == reports.end() ? nullptr : &*at;
  };
  const SealedReport* report = found([](const auto& one) { return !IsSettled(one.fate); });
  if (report == nullptr) report = found([](const auto& one) { return one.receipt.empty(); });
  return report != nullptr ? report : found([](const auto&) { return true; });
}

}  // namespace

// Asks for what the service signs with when it signed with something unknown. A yes stands behind
// the report that was just accepted; it is looked at again, as one may have been taken back since.
Problems Reporter::RememberKeys(const SealedReport& report) {
  if (report.fate != Fate::kAccepted || !parts_.config.receipt_keys.value.empty()) return {};
  const std::optional<Receipt> receipt = ParseReceipt(report.receipt);
  if (!receipt) return {};
  Result<Moment> looked = Look();
  if (!looked.ok()) return std::move(looked).problems();
  Moment moment = std::move(looked).value();
  const State& state = moment.state();
  const Result<Transport*> transport = parts_.transport();
  if (FindReceiptKey(state.receipt_keys, receipt->key) != nullptr || !transport.ok() ||
      !IsAgreed(Decide(moment)) || !MayAskAgain(state.keys_asked_at, moment.now())) {
    return {};
  }
  const PostResult answer = transport.value()->Ask({kKeysPath, {}});
  Result<std::vector<ReceiptKey>> published = std::vector<ReceiptKey>();
  if (answer.status == 200) published = ParseReceiptKeys(answer.receipt);
  for (int race = 0; race < kMaxRaces; ++race) {
    Result<Moment> again = Look();
    if (!again.ok()) return std::move(again).problems();
    moment = std::move(again).value();
    PublishedKeys keys{{}, KeysUrl(parts_.config.endpoint.value)};
    if (published.ok()) keys.fresh = Fresh(moment.state().receipt_keys, published.value());
    Problems problems = Apply(moment, KeysChange(moment.state(), keys, moment.now()));
    if (IsConflict(problems)) continue;
    for (const ReceiptKey& key : keys.fresh) {
      if (!problems.empty()) break;
      log_.Write(LogEvent::kReceiptKeys, "The service signs receipts with the key " + key.id +
                                             "; it is kept to check them.");
    }
    return problems;
  }
  return TooManyRaces();
}

// A signature is of one report and one time only.
Result<bool> Reporter::HasReceipt(const std::string& signature) {
  std::int64_t after = 0;
  for (;;) {
    const Result<std::vector<JournalEntry>> page = parts_.store.ReadJournal(after, kJournalPage);
    if (!page.ok()) return page.problems();
    if (page.value().empty()) return false;
    for (const JournalEntry& entry : page.value()) {
      if (entry.body.find(signature) != std::string::npos) return true;
    }
    after = page.value().back().seq;
  }
}

Result<PlacedReceipt> Reporter::AddReceipt(const Receipt& receipt,
                                           const std::vector<ReceiptKey>& brought) {
  const std::string text = WriteReceipt(receipt);
  for (int race = 0; race < kMaxRaces; ++race) {
    Result<Moment> looked = Look();
    if (!looked.ok()) return std::move(looked).problems();
    Moment moment = std::move(looked).value();
    const Result<std::vector<SealedReport>> reports = parts_.store.ListReports(kMostReports);
    if (!reports.ok()) return reports.problems();
    const SealedReport* const report = ReportOfDigest(reports.value(), receipt.digest);
    if (report == nullptr && parts_.config.mode.value != Mode::kDownload) {
      return Only(ErrorCode::kNotFound,
                  "no report with the SHA-256 " + receipt.digest + " was ever sealed here");
    }
    const Result<bool> was_there = HasReceipt(receipt.signature);
    if (!was_there.ok()) return was_there.problems();
    PlacedReceipt placed;
    placed.was_there = was_there.value();
    if (report != nullptr) placed.report = *report;
    if (placed.was_there) return placed;
    const StateChange change = ReceiptChange(
        moment.state(), report,
        {text, receipt.digest, {Fresh(moment.state().receipt_keys, brought), ""}}, moment.now());
    if (change.report) placed.report = *change.report;
    const Problems problems = Apply(moment, change);
    if (problems.empty()) return placed;
    if (!IsConflict(problems)) return problems;
  }
  return TooManyRaces();
}

}  // namespace candor
