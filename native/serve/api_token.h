// What a client of the local API brings over TCP: 256 random bits in hexadecimal, in the file
// api-token of the state folder, which only this user and root can read.
#pragma once

#include <string>

#include "core/result.h"
#include "native/base/random.h"

namespace candor {

std::string ApiTokenPath(const std::string& state_folder);

// The token; made when there is none. Errors: those of PrepareFolder; kUnavailable, also when
// others may have read the file; kCorrupt when it holds none.
Result<std::string> LoadApiToken(const std::string& state_folder, Random& random);

}  // namespace candor
