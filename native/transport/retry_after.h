// How long a service asks to be left alone (RFC 9110 section 10.2.3). Nothing here allocates.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/time_text.h"

namespace candor {

// A date in the one form that senders may write: "Sun, 06 Nov 1994 08:49:37 GMT". Nothing for any
// other text, for days that do not exist and for a weekday that is not the date's.
std::optional<UnixMillis> ParseHttpDate(std::string_view text);

// The values of an answer's fields that say how long to wait.
class RetryAfter {
 public:
  // The first field of each name counts.
  void ReadDate(std::string_view value);
  void ReadRetryAfter(std::string_view value);

  // Milliseconds, never negative; as large as int64 can be where more was asked for. A date is
  // measured from the answer's own Date, as the service's clock need not be ours: without one it
  // says nothing. Nothing, too, where the field is missing or is neither digits nor a date.
  std::optional<std::int64_t> Millis() const;

 private:
  bool has_date_ = false, has_retry_after_ = false;
  std::optional<UnixMillis> date_, until_;
  std::optional<std::int64_t> delta_ms_;
};

}  // namespace candor
