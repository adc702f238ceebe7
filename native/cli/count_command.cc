#include "native/cli/count_command.h"

#include <cstdlib>

#include "core/json_reader.h"
#include "core/json_writer.h"
#include "core/operation.h"
#include "core/text.h"
#include "native/cli/answer.h"
#include "native/transport/socket_post.h"

namespace candor {
namespace {

constexpr std::int64_t kTimeoutMs = 5'000;

std::string DefaultSocket() {
  const char* const socket = std::getenv("CANDOR_SOCKET");
  return socket == nullptr || socket[0] == '\0' ? "/run/candor/candor.sock" : socket;
}

std::string TextOf(const JsonValue& object, std::string_view key) {
  const JsonValue* const value = object.Find(key);
  return value == nullptr ? "" : value->text();
}

// What the service has against it.
Problems ProblemsOf(const SocketAnswer& answer) {
  const Result<JsonValue> document = ReadJson(answer.body);
  Problems problems;
  if (document.ok()) {
    if (const JsonValue* const errors = document.value().Find("errors")) {
      for (const JsonValue& error : errors->items()) {
        problems.Add({ErrorCode::kConflict, TextOf(error, "pointer"), TextOf(error, "detail")});
      }
    }
    if (problems.empty()) {
      problems.Add({ErrorCode::kConflict, "", TextOf(document.value(), "detail")});
    }
  } else {
    problems.Add({ErrorCode::kUnavailable, "",
                  "the service answered with status " + Decimal(answer.status)});
  }
  return problems;
}

}  // namespace

CountCommand::CountCommand(CLI::App& app, std::function<int()>& run) : socket_(DefaultSocket()) {
  CLI::App* command =
      app.add_subcommand("count", "Add to a count of a running `candor serve`, from a script");
  command->add_option("NAME", name_, "As in the report, e.g. commands/DeployCmd")->required();
  command->add_option("N", n_, "How many")->capture_default_str();
  command->add_option(
      "--socket", socket_,
      "Where `candor serve --listen unix:/PATH` listens (default: $CANDOR_SOCKET, or "
      "/run/candor/candor.sock)");
  command->footer("Example: candor count commands/DeployCmd 3");
  command->callback([this, &run] { run = [this] { return Run(); }; });
}

int CountCommand::Run() {
  if (FindInvalidUtf8(name_) != std::string::npos) {
    return Refuse(OneProblem(ErrorCode::kNotUtf8, "NAME", "is not UTF-8"), false);
  }
  const std::string body = WriteJson(JsonValue::Object({{name_, JsonValue::Integer(n_), {}}}));
  const SocketAnswer answer = PostToSocket(socket_, "/v1/counts", body, kTimeoutMs);
  if (answer.status == 204) return kExitGood;
  if (answer.status == 0) {
    return Refuse(OneProblem(ErrorCode::kUnavailable, "--socket " + socket_,
                             "nobody counts there: " + answer.error),
                  false);
  }
  return Refuse(ProblemsOf(answer), false);
}

}  // namespace candor
