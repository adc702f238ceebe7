// MD5 (RFC 1321). Not for security: the Console names an automation cluster by the MD5 of its
// release name, and reports must name it alike.
#pragma once

#include <string>
#include <string_view>

namespace candor {

// Lower-case hexadecimal, 32 characters.
std::string Md5Hex(std::string_view bytes);

}  // namespace candor
