#include "tests/sim/service.h"

#include <limits>

#include "tests/sim/sim_clock.h"

namespace candor::sim {
namespace {

PostResult Answered(int status) {
  PostResult result;
  result.outcome = PostResult::Outcome::kAnswered;
  result.status = status;
  return result;
}

PostResult Unanswered(PostResult::Outcome outcome) {
  PostResult result;
  result.outcome = outcome;
  result.error = "the connection ended";
  return result;
}

}  // namespace

void Service::TakeIn(const PostRequest& request, const std::string& key) {
  if (keys_.insert(key).second) arrived_(request);
}

PostResult Service::Post(const PostRequest& request, const std::string& key) {
  if (weather == Weather::kFine && !random_.OneIn(one_fault_in)) {
    TakeIn(request, key);
    return Answered(random_.OneIn(20) ? 200 : 202);
  }
  ++faults_;
  return Fault(request, key);
}

PostResult Service::Fault(const PostRequest& request, const std::string& key) {
  Weather kind = weather;
  if (kind == Weather::kFine) kind = static_cast<Weather>(random_.Between(1, 6));
  PostResult result;
  switch (kind) {
    case Weather::kFine:
    case Weather::kOffline:
      return Unanswered(PostResult::Outcome::kNotSent);
    case Weather::kSilent:
      if (random_.OneIn(2)) TakeIn(request, key);
      return Unanswered(PostResult::Outcome::kUncertain);
    case Weather::kFailing:
      if (random_.OneIn(4)) TakeIn(request, key);
      result = Answered(random_.OneIn(4) ? 408 : static_cast<int>(random_.Between(500, 599)));
      break;
    case Weather::kBusy:
      result = Answered(random_.OneIn(4) ? 425 : 429);
      break;
    case Weather::kRefusing:
      return Answered(random_.OneIn(2) ? 400 : 413);
    case Weather::kRedirecting:
      return Answered(static_cast<int>(random_.Between(301, 308)));
  }
  switch (random_.Between(0, 5)) {
    case 0:
      result.retry_after_ms = std::numeric_limits<std::int64_t>::max();
      break;
    case 1:
      result.retry_after_ms = 0;
      break;
    case 2:
      result.retry_after_ms = random_.Spread(1, 10 * kYear);
      break;
    default:
      break;
  }
  return result;
}

}  // namespace candor::sim
