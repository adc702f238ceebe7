#include "native/reporter/reporter_log.h"

#include <utility>

#include "core/problems.h"
#include "core/text.h"
#include "core/time_text.h"

namespace candor {
namespace {

constexpr std::size_t kMaxMessageBytes = 2048;

LogEvent EventOf(Action action) {
  switch (action) {
    case Action::kAsk:
      return LogEvent::kAsking;
    case Action::kWait:
    case Action::kSend:
      return LogEvent::kWaiting;
    case Action::kOff:
    case Action::kCollect:
      break;
  }
  return LogEvent::kOff;
}

std::string First(const Problems& problems) {
  return problems.empty() ? "" : Quotable(problems.list().front().message, 500);
}

}  // namespace

void ReporterLog::Write(LogEvent event, std::string message) {
  sink_.Write({clock_.Wall(), LevelOf(event), event, Quotable(message, kMaxMessageBytes)});
}

void ReporterLog::Decided(const Decision& decision) {
  // Between waiting and sending nothing changes that the other events do not tell.
  const Action action = decision.action == Action::kSend ? Action::kWait : decision.action;
  const std::string rule =
      action == Action::kWait || decision.reasons.empty() ? "" : decision.reasons.back().rule;
  if (action_ == action && rule_ == rule) return;
  action_ = action;
  rule_ = rule;
  std::string message = decision.reasons.empty() ? "" : decision.reasons.back().text;
  if (action == Action::kWait && decision.next) message += " Next at " + TimeText(*decision.next);
  Write(EventOf(action), std::move(message));
}

void ReporterLog::StoreFailed(const Problems& problems) {
  ++store_failures_;
  if (std::exchange(store_failed_, true)) return;
  Write(LogEvent::kStoreFailed, First(problems));
}

void ReporterLog::StoreWorks() {
  if (std::exchange(store_failed_, false)) {
    Write(LogEvent::kStoreWorks, "The state can be read and written again.");
  }
}

void ReporterLog::FactsInvalid(const Problems& problems) {
  std::string all = ProblemsAsText(problems);
  if (all == facts_invalid_) return;
  Write(LogEvent::kInvalidFacts, "No report can be made of what is known: " +
                                     Decimal(static_cast<std::int64_t>(problems.count())) +
                                     " problems, the first: " + First(problems));
  for (const Error& error : problems.list()) {
    Write(LogEvent::kInvalidFactsWhich, error.where + ": " + error.message);
  }
  facts_invalid_ = std::move(all);
}

void ReporterLog::AttemptEnded(const SealedReport& report, bool accepted, bool rejected) {
  const std::string status = " (status " + Decimal(report.status) + ")";
  if (rejected) {
    sending_failed_ = false;
    return Write(LogEvent::kRejected,
                 "Report " + report.id + " was refused for good" + status + "; see its history.");
  }
  if (accepted) {
    if (std::exchange(sending_failed_, false)) {
      Write(LogEvent::kSendingWorks, "Reports can be sent again.");
    }
    Write(LogEvent::kAccepted, "Report " + report.id + " was accepted.");
    if (report.status != 202) {
      Write(LogEvent::kUnexpectedStatus,
            "Report " + report.id + " was accepted with another status than 202" + status + ".");
    }
    return;
  }
  if (std::exchange(sending_failed_, true)) return;
  Write(LogEvent::kSendingFailed,
        "Report " + report.id + " could not be sent: " +
            (report.last_error.empty() ? "the service answered" + status : report.last_error) +
            "; it is tried again until it arrives.");
}

}  // namespace candor
