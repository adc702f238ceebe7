#include "native/admin/handlers/preview_handler.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "core/json_members.h"
#include "core/text.h"
#include "native/admin/handlers/license_rule.h"
#include "native/admin/handlers/refusals.h"
#include "native/admin/handlers/status_handler.h"
#include "native/base/clock.h"
#include "native/http/problem.h"
#include "native/reporter/bundle.h"

namespace candor {
namespace {

constexpr std::array<std::string_view, 2> kAs = {"grant", "now"};

struct Question {
  bool as_grant = false;
  std::vector<std::string> withheld;  // As it came.
};

Result<Question> ReadQuestion(const AdminRequest& request) {
  const Result<JsonValue> body = BodyOf(request);
  if (!body.ok()) return body.problems();
  Problems problems;
  JsonMembers members(body.value(), "", problems);
  Question question;
  question.as_grant = members.Choice("as", kAs, Need::kRequired) == 0;
  question.withheld =
      members.Texts("withheld", kMaxWithheldIds, kMaxConsentTextBytes, Need::kOptional);
  members.Finish();
  if (problems.empty() && !question.as_grant && !question.withheld.empty()) {
    problems.Add({ErrorCode::kConflict, "/withheld",
                  "must be [] for \"now\": that is what stands; ask for \"grant\" to withhold"});
  }
  if (!problems.empty()) return problems;
  return question;
}

Result<Candidate> Look(AdminTarget& target, const Caller& caller, const Question& question,
                       std::vector<std::string>* hidden) {
  if (target.HasNoState()) {
    const ReporterStatus status = target.StatusWithoutState();
    return Error{ErrorCode::kConflict, "", status.decision.reasons.back().text};
  }
  FactsWithoutLicense less(target.core(), target.setup().catalogue);
  Result<Candidate> made =
      target.WithReporter(SeesLicense(caller) ? nullptr : &less, [&](Reporter& reporter) {
        return question.as_grant ? reporter.PreviewGrant(question.withheld) : reporter.Preview();
      });
  *hidden = less.hidden();
  return made;
}

// Ids that cannot be withheld stand at "/<index>" of the list.
Problems Placed(const Problems& problems, const Question& question) {
  Problems placed;
  for (Error error : problems.list()) {
    std::int64_t index = 0;
    const bool is_index = error.where.size() > 1 && error.where.size() < 6 &&
                          ParseDecimal(error.where.substr(1), &index) &&
                          index < std::ssize(question.withheld);
    if (is_index) error.where.insert(0, "/withheld");
    placed.Add(std::move(error));
  }
  return placed;
}

}  // namespace

std::string OwnerOf(const Caller& caller) {
  return caller.session.empty() ? "user " + caller.user : "session " + caller.session;
}

Result<Candidate> LookNow(AdminTarget& target, const Caller& caller,
                          std::vector<std::string>* hidden) {
  return Look(target, caller, {}, hidden);
}

HttpAnswer MakePreview(AdminTarget& target, FrozenReports& frozen, const AdminRequest& request) {
  Result<Question> read = ReadQuestion(request);
  if (!read.ok()) return RefusedBy(read.problems());
  Question question = std::move(read).value();
  std::vector<std::string> hidden;
  Result<Candidate> made = Look(target, request.caller, question, &hidden);
  if (!made.ok()) {
    const Error& first = made.error();
    if (first.code == ErrorCode::kConflict && first.where.empty()) {
      return RefusedAs("off", first.message);
    }
    const Problems problems = Placed(made.problems(), question);
    if (first.code == ErrorCode::kUnavailable || first.code == ErrorCode::kCorrupt) {
      return RefusedBy(problems);
    }
    return ProblemAnswer(422, "no report can be made", problems);
  }
  std::sort(question.withheld.begin(), question.withheld.end());
  FrozenReport report{std::move(made).value(), question.as_grant, question.withheld, hidden};
  std::string bundle = BundleOf(target.setup(), report.candidate, question.as_grant, hidden);
  frozen.Keep(OwnerOf(request.caller), std::move(report), SystemClock().BootMillis());
  return JsonAnswer(std::move(bundle));
}

HttpAnswer ReadPreview(AdminTarget& target, FrozenReports& frozen, const AdminRequest& request) {
  const std::shared_ptr<const FrozenReport> report =
      frozen.Find(OwnerOf(request.caller), request.parts.front(), SystemClock().BootMillis());
  if (report == nullptr) {
    return ProblemAnswer(404,
                         "no report of this digest was shown to you within the last hour, "
                         "or newer ones took its place; look again");
  }
  const Candidate& candidate = report->candidate;
  // Somebody may have lost a role since.
  if (!SeesLicense(request.caller) &&
      HoldsLicense(candidate.bytes, candidate.catalogue, target.setup().catalogue)) {
    return ForSuperusers();
  }
  return Attachment(candidate.bytes, ReportName(candidate.digest));
}

}  // namespace candor
