#include "native/cli/report_commands.h"

#include <pwd.h>
#include <unistd.h>

#include "core/json_members.h"
#include "core/operation.h"
#include "core/text.h"
#include "core/time_text.h"
#include "native/base/clock.h"
#include "native/cli/answer.h"
#include "native/cli/kept_back.h"
#include "native/cli/progress.h"
#include "native/reporter/bundle.h"
#include "native/reporter/status_text.h"

namespace candor {
namespace {

// What a person can do about a refusal that rests on the decision.
void TellTheWay(Session& session, const Problems& problems, bool json) {
  if (json || problems.list().front().code != ErrorCode::kConflict) return;
  const Result<ReporterStatus> status = session.reporter().Status();
  if (!status.ok() || status.value().decision.reasons.empty()) return;
  const std::string& rule = status.value().decision.reasons.back().rule;
  if (rule == "consent" || rule == "initialize-telemetry") {
    Tell(
        "Look at the report with `candor preview -o FILE`, then say yes to it with "
        "`candor consent grant --report FILE`.");
  } else if (rule == "mode") {
    Tell("Reports are only sent in the mode \"online\".");
  }
}

std::string JsonOf(const SealedReport& report) {
  StringSink sink;
  JsonWriter writer(sink);
  WriteReport(report, writer);
  writer.Finish();
  return std::move(sink).text();
}

std::string Row(std::string_view name, const std::string& value) {
  std::string row(name);
  row.resize(9, ' ');
  return row + value + "\n";
}

std::string TextOf(const SealedReport& report) {
  return Row("report", report.id) + Row("fate", std::string(Name(report.fate))) +
         (report.status == 0 ? "" : Row("status", Decimal(report.status))) +
         Row("SHA-256", report.digest) + Row("bytes", Decimal(report.size));
}

std::string SendText(const SendOutcome& outcome, const Session& session) {
  const SealedReport& report = outcome.report;
  std::string text = TextOf(report) + Row("to", session.config().endpoint.value);
  if (!report.receipt.empty()) text += Row("receipt", Quotable(report.receipt, 300));
  return text;
}

// "The components were asked at 2026-11-21T12:00:00Z, 42 minutes ago.", "" for facts of no time.
std::string AgeText(const std::optional<UnixMillis>& collected_at) {
  if (!collected_at) return "";
  const std::int64_t minutes = (SystemClock().Wall() - *collected_at) / 60'000;
  std::string text = "The components were asked at " + TimeText(*collected_at);
  if (minutes == 1) text += ", a minute ago";
  if (minutes > 1) text += ", " + Decimal(minutes) + " minutes ago";
  return text + ".";
}

std::string WhyNotAccepted(const SendOutcome& outcome) {
  const SealedReport& report = outcome.report;
  const std::string status = "status " + Decimal(report.status);
  if (report.fate == Fate::kRejected) {
    return "candor: the service refused the report for good (" + status + ").";
  }
  if (IsSettled(report.fate)) {
    return "candor: the report was taken back meanwhile.";
  }
  const std::string why =
      outcome.message.empty() ? "the service answered with " + status : outcome.message;
  return "candor: not accepted: " + Quotable(why, 500) +
         (report.fate == Fate::kAttempted ? ". It may have arrived" : ". It has not arrived") +
         "; it stays sealed, and is sent again as it is.";
}

}  // namespace

std::string LoginName() {
  const struct passwd* const user = ::getpwuid(::getuid());
  if (user != nullptr && user->pw_name[0] != '\0') return user->pw_name;
  return "uid " + Decimal(static_cast<std::int64_t>(::getuid()));
}

Problems CheckActor(const std::string& who) {
  Problems problems;
  CheckText(JsonValue::String(who), kMaxConsentTextBytes, "--as", problems);
  return problems;
}

int StatusCommand(const SessionOptions& options) {
  const Result<std::unique_ptr<Session>> session = Session::Open(options);
  if (!session.ok()) return Refuse(session.problems(), options.json);
  const Result<ReporterStatus> status = session.value()->reporter().Status();
  if (!status.ok()) return Refuse(status.problems(), options.json);
  const Config& config = session.value()->config();
  return Give(options.json ? StatusJson(status.value(), config)
                           : StatusText(status.value(), config));
}

int PreviewCommand(const SessionOptions& options, const PreviewOptions& preview) {
  const Result<std::unique_ptr<Session>> opened = Session::Open(options);
  if (!opened.ok()) return Refuse(opened.problems(), options.json);
  Session& session = *opened.value();
  if (const Problems problems = session.ReadFacts(); !problems.empty()) {
    return Refuse(problems, options.json);
  }
  const bool as_now = preview.withheld.empty() && !preview.if_granted;
  Result<Candidate> candidate =
      as_now ? session.reporter().Preview() : PreviewYes(session, preview.withheld);
  if (!candidate.ok()) return Refuse(session.Placed(candidate.problems()), options.json);
  const Candidate& made = candidate.value();
  if (!preview.bundle.empty()) {
    const int status = Give(BundleOf(session.setup(), made, !as_now), preview.bundle);
    if (status != kExitGood) return status;
  }
  if (const int status = Give(made.bytes, preview.output); status != kExitGood) return status;
  const bool to_file = !preview.output.empty() && preview.output != "-";
  if (to_file && options.json) {
    return Give(JsonObject([&](JsonWriter& writer) {
      writer.Key("file");
      writer.String(Quotable(preview.output, 4096));
      writer.Key("digest");
      writer.String(made.digest);
      writer.Key("bytes");
      writer.Integer(static_cast<std::int64_t>(made.bytes.size()));
      writer.Key("collectedAt");
      if (session.collected_at()) {
        writer.Integer(*session.collected_at());
      } else {
        writer.Null();
      }
    }));
  }
  if (to_file || ::isatty(STDERR_FILENO) == 1) {
    Tell("SHA-256 " + made.digest + ", " + Decimal(static_cast<std::int64_t>(made.bytes.size())) +
         " bytes");
    if (const std::string age = AgeText(session.collected_at()); !age.empty()) Tell(age);
  }
  return kExitGood;
}

int SealCommand(const SessionOptions& options) {
  const Result<std::unique_ptr<Session>> opened = Session::Open(options);
  if (!opened.ok()) return Refuse(opened.problems(), options.json);
  Session& session = *opened.value();
  if (const Problems problems = session.ReadFacts(); !problems.empty()) {
    return Refuse(problems, options.json);
  }
  const Result<SealedReport> sealed = session.reporter().Seal(ReportKind::kManual);
  if (!sealed.ok()) {
    const int status = Refuse(session.Placed(sealed.problems()), options.json);
    TellTheWay(session, sealed.problems(), options.json);
    return status;
  }
  return Give(options.json ? JsonOf(sealed.value()) : TextOf(sealed.value()));
}

int SendCommand(const SessionOptions& options) {
  const Result<std::unique_ptr<Session>> opened = Session::Open(options);
  if (!opened.ok()) return Refuse(opened.problems(), options.json);
  Session& session = *opened.value();
  if (const Problems problems = session.ReadFacts(); !problems.empty()) {
    return Refuse(problems, options.json);
  }
  const Result<SendOutcome> sent = [&session] {
    const Progress progress("Sending to " + session.config().endpoint.value);
    return session.reporter().SendNow();
  }();
  if (!sent.ok()) {
    const int status = Refuse(session.Placed(sent.problems()), options.json);
    TellTheWay(session, sent.problems(), options.json);
    return status;
  }
  const SendOutcome& outcome = sent.value();
  const int status = Give(options.json ? JsonObject([&](JsonWriter& writer) {
    writer.Key("accepted");
    writer.Boolean(outcome.accepted);
    writer.Key("message");
    writer.String(Quotable(outcome.message, 4096));
    writer.Key("report");
    WriteReport(outcome.report, writer);
  })
                                       : SendText(outcome, session));
  if (outcome.accepted) return status;
  if (!options.json) Tell(WhyNotAccepted(outcome));
  return kExitFailed;
}

int WithdrawCommand(const SessionOptions& options, const std::string& who) {
  if (const Problems problems = CheckActor(who); !problems.empty()) {
    return Refuse(problems, options.json);
  }
  const Result<std::unique_ptr<Session>> opened = Session::Open(options);
  if (!opened.ok()) return Refuse(opened.problems(), options.json);
  Session& session = *opened.value();
  const Result<ReporterStatus> before = session.reporter().Status();
  if (!before.ok()) return Refuse(before.problems(), options.json);
  if (const Problems problems = session.reporter().Withdraw({who, "command"}); !problems.empty()) {
    return Refuse(problems, options.json);
  }
  const Result<ReporterStatus> after = session.reporter().Status();
  if (!after.ok() || !after.value().last) return kExitGood;
  const SealedReport& report = *after.value().last;
  return Give(options.json ? JsonOf(report) : TextOf(report));
}

}  // namespace candor
