// What was offered lately, by its digest: so that somebody who looked at it can be told what came
// and what went since. Thread-safe.
#pragma once

#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "core/catalogue.h"
#include "core/catalogue_diff.h"
#include "core/consent.h"

namespace candor {

// What stands of a digest of fields in an entity tag.
inline constexpr std::size_t kShortDigest = 16;

class FieldSets {
 public:
  // `digest`: ScopeDigest of `offered`, which the configuration offers from now on.
  void Remember(const std::string& digest, const Catalogue& offered);
  // What asks for consent again, and what is gone, in the words of the catalogues, since somebody
  // saw the fields of this short digest; when that is not known any more, since `consent` was
  // given; without one, all there is.
  std::vector<Change> Since(std::string_view short_digest,
                            const std::optional<ConsentRecord>& consent, const Catalogue& offered);

 private:
  static constexpr std::size_t kMost = 8;
  struct Seen {
    std::string digest;
    Catalogue offered;
  };
  std::mutex mutex_;
  std::list<Seen> seen_;  // Newest first.
};

}  // namespace candor
