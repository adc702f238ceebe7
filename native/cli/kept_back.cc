#include "native/cli/kept_back.h"

#include <algorithm>
#include <utility>

#include "core/scope.h"

namespace candor {

Result<std::vector<std::string>> KeptBack(Session& session, const std::vector<std::string>& more) {
  const Result<ReporterStatus> status = session.reporter().Status();
  if (!status.ok()) return status.problems();
  std::vector<std::string> ids = more;
  const std::optional<ConsentRecord>& consent = status.value().state.consent;
  if (consent && consent->verdict == Verdict::kGranted) {
    for (const std::string& id : consent->withheld) {
      const Result<Catalogue> narrowed = Withhold(session.offered(), {id});
      // What is not offered any more needs no holding back.
      if (narrowed.ok() || narrowed.error().code != ErrorCode::kNotFound) ids.push_back(id);
    }
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

Result<Candidate> PreviewYes(Session& session, const std::vector<std::string>& more) {
  Result<std::vector<std::string>> ids = KeptBack(session, more);
  if (!ids.ok()) return std::move(ids).problems();
  return session.reporter().PreviewGrant(std::move(ids).value());
}

}  // namespace candor
