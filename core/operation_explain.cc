// explain: what the reporter would do now, and why.
#include "core/decision.h"
#include "core/json_writer.h"
#include "core/operation_inputs.h"
#include "core/time_text.h"

namespace candor {

Outcome ExplainOperation(const OperationInputs& inputs, Sink& out) {
  const auto document = inputs.First("state");
  const auto now_text = inputs.Text("now");
  if (!document.has_value() || !now_text.has_value())
    return Misused("a state and a time are needed");
  Problems problems;
  std::int64_t now = 0;
  if (!ParseTime(*now_text, &now)) {
    problems.Add({ErrorCode::kOutOfRange,
                  "",
                  "must be a time, as 2026-11-21T04:05:06Z or in Unix milliseconds",
                  {},
                  "now"});
  }
  Result<Config> config = ConfigOf(inputs);
  Collect(config, "", problems);
  Result<ReporterState> state = ParseState(document->bytes);
  Collect(state, document->name, problems);
  if (!problems.empty()) return Refused(inputs, problems);
  Result<ChosenCatalogue> chosen = CatalogueOf(inputs, "catalogue", config.value().catalogue.value,
                                               config.value().profile.value);
  if (!chosen.ok()) return Refused(inputs, chosen.problems());

  const Decision decision = Decide(config.value(), chosen.value().catalogue, state.value(), now);
  if (!inputs.Option("json")) {
    out.Write(std::string(Name(decision.action)) + "\n");
    for (const Reason& reason : decision.reasons) {
      out.Write("  " + reason.rule + ": " + reason.text + "\n");
    }
    out.Write("next: " + (decision.next.has_value() ? TimeText(*decision.next) : "never") + "\n");
    return Good();
  }
  JsonWriter writer(out);
  writer.BeginObject();
  writer.Key("action");
  writer.String(Name(decision.action));
  writer.Key("asks");
  writer.Boolean(decision.asks);
  writer.Key("next");
  if (decision.next.has_value()) {
    writer.Integer(*decision.next);
  } else {
    writer.Null();
  }
  writer.Key("reasons");
  writer.BeginArray();
  for (const Reason& reason : decision.reasons) {
    writer.BeginObject();
    writer.Key("rule");
    writer.String(reason.rule);
    writer.Key("text");
    writer.String(reason.text);
    writer.EndObject();
  }
  writer.EndArray();
  writer.EndObject();
  writer.Finish();
  return Good();
}

}  // namespace candor
