// Where reports are kept: every report once, whatever its sender had to repeat.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/time_text.h"
#include "native/collector/store/arrival.h"

namespace candor {

// One that is kept, as its operator may see it.
struct LatestReport {
  std::string catalogue, installation;
  std::string digest;  // 32 bytes.
  UnixMillis at = 0;
  Arrival::Way way = Arrival::Way::kPost;
};

// A report as it is kept, without its bytes.
struct StoredReport {
  std::int64_t id = 0;  // The later one's is larger; none is used twice.
  std::string catalogue, installation;
  UnixMillis arrived_ms = 0;
  Arrival::Way way = Arrival::Way::kPost;
  std::string address;
  bool released = false;
  std::string values;
};

class CollectorStore {
 public:
  virtual ~CollectorStore() = default;
  // All of them are durable when it returns, or none is. `now` becomes the time of those that are
  // new. What is the same report:
  // - the same installation and key;
  // - the same bytes, where one of the two came as a file: who carries a file sends it once, by
  //   whatever way (a key that comes with them belongs to that report from then on);
  // - the same bytes without a key within kRepeatMs.
  // Errors: kUnavailable, kCorrupt.
  virtual Result<std::vector<Kept>> Keep(std::span<const Arrival> arrivals, UnixMillis now) = 0;

  // Deletes up to `most` reports of a catalogue that came before a time, the oldest first; and all
  // of an installation. How many that were. Under their keys they are not taken again: a repeat is
  // answered as before. Errors: kUnavailable, kCorrupt.
  virtual Result<std::int64_t> Expire(const std::string& catalogue, UnixMillis before,
                                      std::int64_t most) = 0;
  virtual Result<std::int64_t> Forget(const std::string& installation) = 0;

  // Likewise those reports of an installation that carry this hash, and a single one.
  virtual Result<std::int64_t> Erase(const std::string& installation,
                                     const std::string& erasure) = 0;
  virtual Result<std::int64_t> Drop(std::int64_t report) = 0;

  // Notes that a report counts whatever inspection says of it. Whether there is one: 1 or 0.
  // Errors: kUnavailable, kCorrupt.
  virtual Result<std::int64_t> Release(std::int64_t report) = 0;

  // Those that came last, the last first. Errors: kUnavailable, kCorrupt.
  virtual Result<std::vector<LatestReport>> Latest(std::int64_t most) = 0;

  // All reports that came within [from, to), as they stand at one moment, by catalogue,
  // installation, arrival and id, until `visit` returns false; it may move out of what it is
  // given. Whatever arrives meanwhile does not wait for it. Errors: kUnavailable, kCorrupt.
  using Visit = std::function<bool(StoredReport& report)>;
  virtual std::optional<Error> Scan(UnixMillis from, UnixMillis to, const Visit& visit) = 0;
};

// Senders without keys repeat at once, and report again a day later; one whose counts stand still
// then sends the same bytes.
inline constexpr std::int64_t kRepeatMs = std::int64_t{60} * 60 * 1000;

}  // namespace candor
