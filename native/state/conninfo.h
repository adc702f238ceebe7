// Connection strings of PostgreSQL, as they are given on command lines and in environments.
#pragma once

#include <string>

namespace candor {

// What is wrong with a connection string or URI of libpq, "" for nothing. One with a password in it
// is refused. What is returned quotes nothing of it.
std::string WhyNoConninfo(const std::string& conninfo);

}  // namespace candor
