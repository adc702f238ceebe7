#include "native/state/whole_state.h"

#include <algorithm>
#include <utility>

namespace candor {

const SealedReport* PendingOf(const WholeState& whole) {
  if (whole.state.pending.empty()) return nullptr;
  const auto found =
      std::find_if(whole.reports.begin(), whole.reports.end(),
                   [&](const SealedReport& report) { return report.id == whole.state.pending; });
  return found == whole.reports.end() ? nullptr : &*found;
}

SealedReport* PendingOf(WholeState& whole) {
  return const_cast<SealedReport*>(PendingOf(std::as_const(whole)));
}

std::optional<Error> CheckWhole(const WholeState& whole, const std::string& source) {
  const auto damaged = [&source](const char* what) {
    return Error{
        ErrorCode::kCorrupt,
        "",
        std::string(what) + ": nothing was moved; `candor status` there repairs what can be",
        {},
        source};
  };
  const std::size_t linked = CountLinked(whole.journal);
  JournalHead head;
  if (!whole.journal.empty()) head = {whole.journal.back().seq, whole.journal.back().hash};
  if (linked != whole.journal.size() || head != whole.head) {
    return damaged("the journal's chain is broken");
  }
  const SealedReport* pending = PendingOf(whole);
  if (!whole.state.pending.empty() && (pending == nullptr || pending->bytes.empty())) {
    return damaged("the pending report is missing");
  }
  return std::nullopt;
}

}  // namespace candor
