#include "native/admin/handlers/field_sets.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "core/scope.h"

namespace candor {
namespace {

bool Matters(const Change& change) {
  return AsksAgain(change.kind) || change.kind == ChangeKind::kRemoved;
}

// What the catalogue calls what a scope id names; "" for what it does not know.
std::string TitleOf(const Catalogue& catalogue, std::string_view id) {
  const std::size_t mark = std::min(id.find('#'), id.size());
  for (const Field& field : catalogue.fields) {
    if (field.pointer != id.substr(0, mark)) continue;
    if (mark == id.size()) return field.title;
    const std::string_view key = id.substr(mark + 1, id.find_first_of("@:", mark + 1) - mark - 1);
    for (const PointRule& point : field.points) {
      if (point.key == key) return point.title;
    }
  }
  return {};
}

void PutTitle(const Catalogue& older, const Catalogue& offered, Change& change) {
  const bool removed = change.kind == ChangeKind::kRemoved;
  const std::string title = TitleOf(removed ? older : offered, change.id);
  if (!title.empty()) change.text.insert(0, title + ": ");
}

}  // namespace

void FieldSets::Remember(const std::string& digest, const Catalogue& offered) {
  const std::lock_guard lock(mutex_);
  seen_.remove_if([&](const Seen& seen) { return seen.digest == digest; });
  seen_.push_front({digest, offered});
  if (seen_.size() > kMost) seen_.pop_back();
}

std::vector<Change> FieldSets::Since(std::string_view short_digest,
                                     const std::optional<ConsentRecord>& consent,
                                     const Catalogue& offered) {
  std::optional<Catalogue> older;
  std::vector<Change> changes;
  {
    const std::lock_guard lock(mutex_);
    for (const Seen& seen : seen_) {
      if (std::string_view(seen.digest).substr(0, kShortDigest) == short_digest) {
        older = seen.offered;
        break;
      }
    }
  }
  if (!older) {
    // What was covered and is gone has no words left.
    older = RestrictTo(offered, consent ? consent->scope : std::vector<ScopeEntry>());
    if (consent) {
      for (std::string& id : DriftSince(*consent, offered).gone) {
        std::string text = id + " is not collected any more";
        changes.push_back({ChangeKind::kRemoved, std::move(id), std::move(text)});
      }
    }
  }
  for (Change& change : DiffCatalogues(*older, offered)) {
    if (!Matters(change)) continue;
    PutTitle(*older, offered, change);
    changes.push_back(std::move(change));
  }
  return changes;
}

}  // namespace candor
