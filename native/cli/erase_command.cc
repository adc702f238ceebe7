#include "native/cli/erase_command.h"

#include <utility>

#include "core/operation.h"
#include "core/text.h"
#include "native/cli/answer.h"
#include "native/cli/question.h"
#include "native/cli/report_commands.h"

namespace candor {
namespace {

bool WasUnreachable(const Problems& problems) {
  return problems.list().front().code == ErrorCode::kUnavailable;
}

void TellWhatCanBeDone() {
  Tell(
      "It can be asked for again at any time: the secret stays here. Who runs the service can also "
      "delete an installation's reports by its id, which `candor status` shows.");
}

}  // namespace

int EraseCommand(const SessionOptions& options, const EraseOptions& erase) {
  if (const Problems problems = CheckActor(erase.who); !problems.empty()) {
    return Refuse(problems, options.json);
  }
  const Result<std::unique_ptr<Session>> session = Session::Open(options);
  if (!session.ok()) return Refuse(session.problems(), options.json);
  const std::string& endpoint = session.value()->config().endpoint.value;
  if (!erase.yes && !CanAsk()) {
    return Refuse(
        OneProblem(ErrorCode::kBadRequest, "--yes", "is needed where nobody can be asked"),
        options.json);
  }
  if (!erase.yes &&
      !AskYes("The installation's id and the secret that proves it is yours go to the service of " +
              endpoint +
              ".\nIt deletes every report that carries the secret's hash, for good. "
              "Erase them?")) {
    Tell("Nothing was sent.");
    return kExitFailed;
  }
  const Result<std::int64_t> erased = session.value()->reporter().Erase({erase.who, "command"});
  if (!erased.ok()) {
    const int status = Refuse(erased.problems(), options.json);
    if (!options.json && WasUnreachable(erased.problems())) TellWhatCanBeDone();
    return status;
  }
  if (options.json) {
    return Give(JsonObject([&](JsonWriter& writer) {
      writer.Key("erased");
      writer.Integer(erased.value());
    }));
  }
  return Give("The service deleted " + Decimal(erased.value()) +
              (erased.value() == 1 ? " report" : " reports") +
              ". Later ones are not stopped by "
              "this; `candor consent deny` does that.\n");
}

}  // namespace candor
