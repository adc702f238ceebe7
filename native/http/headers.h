// Fields of a request (RFC 9110): found, compared, and whether they tell one body.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "native/http/message.h"

namespace candor {

// The only field of this name (case ignored), without the white space around it; nothing when there
// is none, or there are several.
std::optional<std::string_view> OnlyHeader(const HttpRequest& request, std::string_view name);
std::size_t CountHeaders(const HttpRequest& request, std::string_view name);

// A target without its query.
std::string_view PathOf(std::string_view target);

// Of ASCII, case ignored.
bool EqualNames(std::string_view a, std::string_view b);
// Takes as long for every text of the right length.
bool EqualSecrets(std::string_view a, std::string_view b);
// Without spaces and tabs around it.
std::string_view Trimmed(std::string_view text);

// The body's length, how it is told, and its type, which has to be application/json. `takes_body`:
// the method reads one. The connection ends with the refusal.
std::optional<HttpAnswer> RefuseBody(const HttpRequest& request, bool takes_body,
                                     std::size_t most_bytes);

}  // namespace candor
