#include "native/cli/consent_commands.h"

#include <algorithm>
#include <utility>

#include "core/operation.h"
#include "core/scope.h"
#include "core/sha256.h"
#include "core/text.h"
#include "native/base/read_file.h"
#include "native/cli/answer.h"
#include "native/cli/consent_text.h"
#include "native/cli/kept_back.h"
#include "native/cli/question.h"
#include "native/cli/report_commands.h"

namespace candor {
namespace {

constexpr std::size_t kMaxReportBytes = std::size_t{1} << 30;

Result<std::unique_ptr<Session>> OpenAs(const SessionOptions& options, const std::string& who) {
  if (Problems problems = CheckActor(who); !problems.empty()) return problems;
  return Session::Open(options);
}

int AnswerDecision(Session& session, bool json) {
  const Result<ReporterStatus> status = session.reporter().Status();
  if (!status.ok()) return Refuse(status.problems(), json);
  return Give(json ? DecisionJson(status.value()) : DecisionText(status.value()));
}

// A yes where nothing may ever be sent would only wait to surprise somebody. `seals`: a report with
// it, which a reporter that is switched off does not keep.
Problems RefuseUselessYes(Session& session, bool seals) {
  const Result<ReporterStatus> status = session.reporter().Status();
  if (!status.ok()) return status.problems();
  const Decision& decision = status.value().decision;
  if (decision.reasons.empty()) return {};
  const Reason& last = decision.reasons.back();
  if (last.rule == "do-not-track" || last.rule == "mode" ||
      (seals && last.rule == "reporter-activate" && decision.action == Action::kOff)) {
    return OneProblem(ErrorCode::kConflict, "", last.text);
  }
  return {};
}

// The digest of what somebody looked at; "" when they have to be asked.
Result<std::string> LookedAt(const GrantOptions& grant) {
  if (!grant.report_file.empty()) {
    const Result<std::string> bytes = ReadFile(grant.report_file, kMaxReportBytes);
    if (!bytes.ok()) return bytes.problems();
    return Sha256Hex(bytes.value());
  }
  std::string digest = grant.digest;
  for (char& c : digest) {
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  }
  if (digest.empty() ||
      (digest.size() == 64 && digest.find_first_not_of("0123456789abcdef") == std::string::npos)) {
    return digest;
  }
  return Error{ErrorCode::kOutOfRange, "--digest",
               "must be the 64 hexadecimal digits of a SHA-256"};
}

Problems OnlyOneWayToSayYes(const GrantOptions& grant) {
  const int ways =
      (grant.report_file.empty() ? 0 : 1) + (grant.digest.empty() ? 0 : 1) + (grant.yes ? 1 : 0);
  if (ways == 1 || (ways == 0 && CanAsk())) return {};
  return OneProblem(ErrorCode::kBadRequest, "",
                    "say what was looked at with --report FILE or --digest HEX, or say --yes to "
                    "agree without a preview");
}

int GrantUnseen(Session& session, const Actor& actor, const std::vector<std::string>& more,
                bool json) {
  Problems problems = session.OpenCounters();
  if (problems.empty()) problems = RefuseUselessYes(session, false);
  if (!problems.empty()) return Refuse(problems, json);
  Result<std::vector<std::string>> ids = KeptBack(session, more);
  if (!ids.ok()) return Refuse(ids.problems(), json);
  problems = session.reporter().Grant(actor, std::move(ids).value(), nullptr);
  return problems.empty() ? AnswerDecision(session, json) : Refuse(problems, json);
}

int GrantShown(Session& session, const SessionOptions& options, const GrantOptions& grant,
               const std::string& looked_at) {
  Problems problems = RefuseUselessYes(session, true);
  if (problems.empty()) problems = session.ReadFacts();
  if (!problems.empty()) return Refuse(problems, options.json);
  Result<std::vector<std::string>> ids = KeptBack(session, grant.withheld);
  if (!ids.ok()) return Refuse(ids.problems(), options.json);
  const Result<Candidate> shown = session.reporter().PreviewGrant(ids.value());
  if (!shown.ok()) return Refuse(session.Placed(shown.problems()), options.json);
  const std::string& digest = shown.value().digest;
  if (!looked_at.empty() && looked_at != digest) {
    return Refuse(OneProblem(ErrorCode::kConflict, "",
                             "what was looked at is not what this yes would send any more; look at "
                             "it again with `candor preview --if-granted`: its SHA-256 is now " +
                                 digest),
                  options.json);
  }
  if (looked_at.empty() && !AskAbout(shown.value(), session.config().endpoint.value)) {
    Tell("Nothing was changed.");
    return kExitFailed;
  }
  problems =
      session.reporter().Grant({grant.who, "command"}, std::move(ids).value(), &shown.value());
  return problems.empty() ? AnswerDecision(session, options.json) : Refuse(problems, options.json);
}

// More is held back, and nothing else changes: what came after the yes stays out.
Result<std::vector<std::string>> NarrowerThan(Session& session, const ReporterStatus& status,
                                              const WithholdOptions& withhold) {
  if (withhold.none) return std::vector<std::string>();
  std::vector<std::string> more = withhold.ids;
  more.insert(more.end(), status.new_fields.begin(), status.new_fields.end());
  return KeptBack(session, more);
}

}  // namespace

int ConsentShowCommand(const SessionOptions& options) {
  const Result<std::unique_ptr<Session>> opened = Session::Open(options);
  if (!opened.ok()) return Refuse(opened.problems(), options.json);
  const Result<ReporterStatus> status = opened.value()->reporter().Status();
  if (!status.ok()) return Refuse(status.problems(), options.json);
  const Catalogue& offered = opened.value()->offered();
  return Give(options.json ? ConsentJson(status.value(), offered)
                           : ConsentText(status.value(), offered));
}

int ConsentGrantCommand(const SessionOptions& options, const GrantOptions& grant) {
  if (const Problems problems = OnlyOneWayToSayYes(grant); !problems.empty()) {
    return Refuse(problems, options.json);
  }
  const Result<std::string> looked_at = LookedAt(grant);
  if (!looked_at.ok()) return Refuse(looked_at.problems(), options.json);
  const Result<std::unique_ptr<Session>> opened = OpenAs(options, grant.who);
  if (!opened.ok()) return Refuse(opened.problems(), options.json);
  Session& session = *opened.value();
  if (grant.yes) return GrantUnseen(session, {grant.who, "command"}, grant.withheld, options.json);
  return GrantShown(session, options, grant, looked_at.value());
}

int ConsentDenyCommand(const SessionOptions& options, const std::string& who) {
  const Result<std::unique_ptr<Session>> opened = OpenAs(options, who);
  if (!opened.ok()) return Refuse(opened.problems(), options.json);
  Session& session = *opened.value();
  const Problems problems = session.reporter().Deny({who, "command"});
  return problems.empty() ? AnswerDecision(session, options.json) : Refuse(problems, options.json);
}

int ConsentWithholdCommand(const SessionOptions& options, const WithholdOptions& withhold) {
  if (withhold.none != withhold.ids.empty()) {
    return Refuse(OneProblem(ErrorCode::kBadRequest, "", "give ids to hold back, or --none"),
                  options.json);
  }
  const Result<std::unique_ptr<Session>> opened = OpenAs(options, withhold.who);
  if (!opened.ok()) return Refuse(opened.problems(), options.json);
  Session& session = *opened.value();
  Problems problems = session.OpenCounters();
  if (!problems.empty()) return Refuse(problems, options.json);
  const Result<ReporterStatus> status = session.reporter().Status();
  if (!status.ok()) return Refuse(status.problems(), options.json);
  const std::optional<ConsentRecord>& consent = status.value().state.consent;
  if (!consent || consent->verdict != Verdict::kGranted) {
    return Refuse(OneProblem(ErrorCode::kConflict, "",
                             "nobody has agreed, so there is nothing to hold back from; see "
                             "`candor consent grant --withhold ID`"),
                  options.json);
  }
  Result<std::vector<std::string>> ids = NarrowerThan(session, status.value(), withhold);
  if (!ids.ok()) return Refuse(ids.problems(), options.json);
  problems = session.reporter().Grant({withhold.who, "command"}, std::move(ids).value(), nullptr);
  return problems.empty() ? AnswerDecision(session, options.json) : Refuse(problems, options.json);
}

int ToggleCommand(const SessionOptions& options, const std::string& who, bool on) {
  if (!on) return ConsentDenyCommand(options, who);
  GrantOptions grant;
  grant.who = who;
  grant.yes = true;
  return ConsentGrantCommand(options, grant);
}

}  // namespace candor
