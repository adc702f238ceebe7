#include "native/serve/own_metrics.h"

#include <algorithm>
#include <string_view>

#include "core/text.h"
#include "native/base/log.h"

namespace candor {
namespace {

constexpr std::array kActions = {Action::kOff, Action::kCollect, Action::kAsk, Action::kWait,
                                 Action::kSend};
constexpr std::array kHealths = {Health::kNotAsked, Health::kHealthy, Health::kUnhealthy,
                                 Health::kDown};

std::string Seconds(std::int64_t ms) {
  std::string digits = Decimal(ms < 0 ? -ms : ms);
  if (digits.size() < 4) digits.insert(0, 4 - digits.size(), '0');
  digits.insert(digits.size() - 3, ".");
  return (ms < 0 ? "-" : "") + digits;
}

class Text {
 public:
  void Family(std::string_view name, std::string_view type, std::string_view help) {
    name_ = name;
    text_.append("# HELP ").append(name).append(" ").append(help).append("\n");
    text_.append("# TYPE ").append(name).append(" ").append(type).append("\n");
  }
  // `labels` as {a="b"}, "" for none.
  void Row(std::string_view value, std::string_view labels = "") {
    text_.append(name_).append(labels).append(" ").append(value).append("\n");
  }
  void Gauge(std::string_view name, std::string_view help, const std::string& value) {
    Family(name, "gauge", help);
    Row(value);
  }
  void Counter(std::string_view name, std::string_view help,
               const std::atomic<std::uint64_t>& value) {
    Family(name, "counter", help);
    Row(std::to_string(value.load()));
  }
  std::string Take() && { return std::move(text_); }

 private:
  std::string_view name_;
  std::string text_;
};

void AddState(const OwnNumbers& numbers, Text& text) {
  text.Gauge("candor_state_readable", "Whether the state can be read.",
             numbers.state_readable ? "1" : "0");
  if (numbers.action) {
    text.Family("candor_decision", "gauge", "What is decided: 1 for the one that holds.");
    for (const Action action : kActions) {
      text.Row(action == *numbers.action ? "1" : "0",
               "{action=\"" + std::string(Name(action)) + "\"}");
    }
  }
  if (!numbers.state_readable) return;
  if (numbers.last_accepted_at) {
    text.Gauge("candor_last_accepted_timestamp_seconds", "When a report was last accepted.",
               Seconds(*numbers.last_accepted_at));
  }
  if (numbers.next_due_at) {
    text.Gauge("candor_next_due_timestamp_seconds", "When something is due next.",
               Seconds(*numbers.next_due_at));
  }
  text.Gauge("candor_failed_rounds", "Rounds of attempts without an answer, since the last one.",
             Decimal(numbers.failed_rounds));
  text.Gauge("candor_pending_report_bytes", "Size of the report that waits; 0 for none.",
             Decimal(numbers.pending_bytes));
  text.Gauge("candor_pending_report_attempts", "Attempts to send the report that waits.",
             Decimal(numbers.pending_attempts));
}

void AddCounters(const OwnNumbers& numbers, Text& text) {
  if (!numbers.counter_names) return;
  text.Gauge("candor_counter_names", "Names that are counted.", Decimal(*numbers.counter_names));
  text.Gauge("candor_counters_in_memory", "1 where counts are lost when the service ends.",
             numbers.counters_in_memory ? "1" : "0");
}

void AddComponents(const OwnNumbers& numbers, Text& text) {
  if (numbers.collection == nullptr) return;
  const auto& all = numbers.collection->components;
  text.Family("candor_components", "gauge", "Configured components by their health.");
  for (const Health health : kHealths) {
    const auto n = std::count_if(all.begin(), all.end(), [health](const ComponentReading& one) {
      return one.health == health;
    });
    std::string name(Name(health));
    std::replace(name.begin(), name.end(), ' ', '_');
    text.Row(Decimal(n), "{health=\"" + name + "\"}");
  }
  const auto troubled = std::count_if(
      all.begin(), all.end(), [](const ComponentReading& one) { return !one.problems.empty(); });
  text.Gauge("candor_components_unread", "Components of which something could not be read.",
             Decimal(troubled));
  text.Gauge("candor_collection_timestamp_seconds", "When the components were last asked.",
             Seconds(numbers.collection->collected_at));
  text.Gauge("candor_collection_duration_seconds", "How long the last round of asking took.",
             Seconds(numbers.collection_ms));
}

void AddEvents(const OwnEvents& events, Text& text) {
  text.Family("candor_reloads_total", "counter", "Changed configurations by what became of them.");
  text.Row(std::to_string(events.reloads.load()), "{result=\"in_force\"}");
  text.Row(std::to_string(events.refused_reloads.load()), "{result=\"refused\"}");
  text.Counter("candor_reports_accepted_total", "Reports that the service accepted.",
               events.accepted);
  text.Counter("candor_reports_rejected_total", "Reports that the service refused for good.",
               events.rejected);
  text.Counter("candor_sending_failures_total", "How often sending began to fail.",
               events.sending_failures);
  text.Counter("candor_store_failures_total", "How often the state could not be used.",
               events.store_failures);
  text.Family("candor_api_answers_total", "counter",
              "Answers of the local API, this one not among them.");
  for (std::size_t hundreds = 2; hundreds < events.answers.size(); ++hundreds) {
    text.Row(std::to_string(events.answers[hundreds].load()),
             "{class=\"" + std::to_string(hundreds) + "xx\"}");
  }
}

}  // namespace

void OwnEvents::See(std::string_view log_id) noexcept {
  const std::array<std::pair<LogEvent, std::atomic<std::uint64_t>*>, 4> counted = {
      {{LogEvent::kAccepted, &accepted},
       {LogEvent::kRejected, &rejected},
       {LogEvent::kSendingFailed, &sending_failures},
       {LogEvent::kStoreFailed, &store_failures}}};
  for (const auto& [event, counter] : counted) {
    if (IdOf(event) == log_id) ++*counter;
  }
}

std::string OwnMetricsText(const OwnNumbers& numbers, const OwnEvents& events) {
  Text text;
  text.Family("candor_build_info", "gauge", "The version of this program.");
  text.Row("1", "{version=\"" CANDOR_VERSION "\"}");
  text.Gauge("candor_start_time_seconds", "When the service began.", Seconds(numbers.started_at));
  AddState(numbers, text);
  AddCounters(numbers, text);
  AddComponents(numbers, text);
  AddEvents(events, text);
  return std::move(text).Take();
}

}  // namespace candor
