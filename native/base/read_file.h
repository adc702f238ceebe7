// Reading a file whole.
#pragma once

#include <cstddef>
#include <string>

#include "core/result.h"

namespace candor {

// The bytes of the file, or of standard input for "-". Errors, with the path as their source:
// kBadRequest with the system's reason when it cannot be read, kOverLimit when it is longer than
// `most_bytes`.
Result<std::string> ReadFile(const std::string& path, std::size_t most_bytes);

}  // namespace candor
