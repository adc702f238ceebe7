// Breaks inputs in the ways in which people, programs and disks do.
#pragma once

#include <string>
#include <vector>

#include "core/json_value.h"
#include "tests/parity/random.h"

namespace candor::parity {

// One change somewhere in the tree: a member dropped, doubled, renamed or of another type, an
// unknown one added, a number out of range, a naughty text, deep nesting.
void SpoilDocument(Random& random, const std::vector<std::string>& naughty, JsonValue& document);

// One change of the bytes: cut, flipped, doubled, bad UTF-8, NUL, byte order mark, CRLF, a comment,
// white space.
void SpoilText(Random& random, std::string& text);

}  // namespace candor::parity
