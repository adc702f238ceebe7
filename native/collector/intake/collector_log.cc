#include "native/collector/intake/collector_log.h"

#include "core/text.h"
#include "native/base/log_line.h"

namespace candor {
namespace {

// Of a reason: a database may quote what it was given, later or on lines of its own.
constexpr std::size_t kMostReasonBytes = 200;

std::string IdOf(CollectorEvent event) {
  return "COLLECTOR-00" + Decimal(static_cast<std::int64_t>(event));
}

bool IsWarning(CollectorEvent event) {
  return event == CollectorEvent::kStoreFailed || event == CollectorEvent::kShed ||
         event == CollectorEvent::kRefused;
}

}  // namespace

void CollectorLog::Write(CollectorEvent event, std::string_view message) noexcept {
  try {
    const std::string id = IdOf(event);
    const LogLine line = {clock_.Wall(), IsWarning(event) ? "WARN" : "INFO", "candor.collector", id,
                          message};
    WriteToStandardError(json_ ? AsJson(line) : AsText(line));
  } catch (...) {
    // No memory for a line; reports go on without it.
  }
}

void CollectorLog::StoreWorks() {
  if (!store_fails_.load(std::memory_order_relaxed) || !store_fails_.exchange(false)) return;
  Write(CollectorEvent::kStoreWorks, "reports can be stored again");
}

void CollectorLog::StoreFails(const Error& error) {
  if (store_fails_.exchange(true)) return;
  const std::string_view reason = error.message;
  Write(CollectorEvent::kStoreFailed,
        "reports cannot be stored: " +
            Quotable(reason.substr(0, reason.find('\n')), kMostReasonBytes));
}

}  // namespace candor
