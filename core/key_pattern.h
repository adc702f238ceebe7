// What an open key may look like, see KeyPattern in core/catalogue.h.
#pragma once

#include <string_view>

#include "core/catalogue.h"

namespace candor {

// Reads "[first][rest]{0,N}". A class holds letters, digits (not in `first`), `_ $ . : / -` and
// ranges of letters or digits; `-` for itself stands last. N is at most 1023. False when `text` has
// another form.
bool ParseKeyPattern(std::string_view text, KeyPattern* out);

// Whether every key that matches `narrow` matches `wide`, too.
bool Includes(const KeyPattern& wide, const KeyPattern& narrow);

}  // namespace candor
