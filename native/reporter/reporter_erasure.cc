// What an installation needs to have its reports deleted by the service, and asking for it.
#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "core/erasure.h"
#include "core/json_reader.h"
#include "core/json_writer.h"
#include "core/text.h"
#include "native/reporter/engine_places.h"
#include "native/reporter/facts_draft.h"
#include "native/reporter/life.h"
#include "native/reporter/reporter_moment.h"

namespace candor {
namespace {

// 256 random bits in hexadecimal.
std::string NewErasureSecret(Random& random) {
  std::array<std::uint8_t, 32> bytes{};
  for (std::size_t i = 0; i < bytes.size(); i += 8) {
    const std::uint64_t some = random.Next();
    for (std::size_t k = 0; k < 8; ++k) bytes[i + k] = static_cast<std::uint8_t>(some >> (8 * k));
  }
  return Hex(bytes);
}

// As reports of this installation name it, see PutInstallation.
std::string ReportedInstallation(const Config& config, const std::string& facts,
                                 const State& state) {
  if (!config.installation_id.value.empty()) return config.installation_id.value;
  FactsDraft draft;
  const JsonValue* const told =
      draft.Read(facts).empty() ? draft.Find(places::kInstallation) : nullptr;
  return told != nullptr && told->is_string() ? told->text() : state.installation;
}

bool MayBeThere(const SealedReport& report) {
  return report.attempts > 0 || report.fate == Fate::kAccepted || !report.receipt.empty();
}

std::string RequestBody(const std::string& installation, const std::string& secret) {
  return JsonObject([&](JsonWriter& writer) {
    writer.Key("installation");
    writer.String(installation);
    writer.Key("secret");
    writer.String(secret);
  });
}

// {"erased": n}
std::optional<std::int64_t> ErasedOf(const PostResult& answer) {
  if (answer.status != 200) return std::nullopt;
  const Result<JsonValue> body = ReadJson(answer.receipt);
  const JsonValue* const erased = body.ok() ? body.value().Find("erased") : nullptr;
  std::int64_t reports = 0;
  if (erased == nullptr || !erased->AsInteger(&reports) || reports < 0) return std::nullopt;
  return reports;
}

std::string WhyNot(const PostResult& answer) {
  if (answer.outcome != PostResult::Outcome::kAnswered) return answer.error;
  return "the service answered with status " + Decimal(answer.status) +
         (answer.status == 200 ? " and without the number of reports" : "");
}

}  // namespace

Problems Reporter::EnsureErasable(Moment& moment) {
  for (int race = 0; race < kMaxRaces; ++race) {
    if (!parts_.config.erasable.value || !moment.state().erasure_secret.empty()) return {};
    const Problems problems = Apply(
        moment, ErasableChange(moment.state(), NewErasureSecret(parts_.random), moment.now()));
    if (!IsConflict(problems)) return problems;
    Result<Moment> again = Look();
    if (!again.ok()) return std::move(again).problems();
    moment = std::move(again).value();
  }
  return TooManyRaces();
}

Result<std::int64_t> Reporter::Erase(const Actor& actor) {
  Result<Moment> looked = Look();
  if (!looked.ok()) return std::move(looked).problems();
  Moment moment = std::move(looked).value();
  const State& state = moment.state();
  if (state.erasure_secret.empty()) {
    return Only(ErrorCode::kNotFound,
                "no report of this installation says who may have it erased: that takes "
                "\"erasable\": true in the configuration before it is sent");
  }
  const Result<std::vector<SealedReport>> reports =
      parts_.store.ListReports(std::numeric_limits<std::int32_t>::max());
  if (!reports.ok()) return reports.problems();
  if (std::none_of(reports.value().begin(), reports.value().end(), MayBeThere)) {
    return Only(ErrorCode::kNotFound, "no report ever left, so there is nothing to erase");
  }
  const Result<Transport*> transport = parts_.transport();
  if (!transport.ok()) return transport.problems();
  const std::string body = RequestBody(
      ReportedInstallation(parts_.config, parts_.source.Facts(), state), state.erasure_secret);
  const PostResult answer = transport.value()->Ask({kErasurePath, body});
  const std::optional<std::int64_t> erased = ErasedOf(answer);
  if (!erased) return Only(ErrorCode::kUnavailable, WhyNot(answer));
  for (int race = 0; race < kMaxRaces; ++race) {
    const Problems problems =
        Apply(moment, ErasedChange(moment.state(), *erased, actor.who, moment.now()));
    if (problems.empty()) return *erased;
    if (!IsConflict(problems)) return problems;
    Result<Moment> again = Look();
    if (!again.ok()) return std::move(again).problems();
    moment = std::move(again).value();
  }
  return TooManyRaces();
}

}  // namespace candor
