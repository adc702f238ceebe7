#include "native/state/conninfo.h"

#include <libpq-fe.h>

#include <memory>
#include <string_view>

#include "core/text.h"

namespace candor {
namespace {

constexpr std::size_t kMaxConninfoBytes = 4096;

}  // namespace

std::string WhyNoConninfo(const std::string& conninfo) {
  if (conninfo.starts_with("jdbc:")) {
    return "is a URL for Java; leave out \"jdbc:\", user and password";
  }
  if (conninfo.size() > kMaxConninfoBytes) {
    return "is longer than " + Decimal(kMaxConninfoBytes) + " bytes";
  }
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
      PQconninfoParse(conninfo.c_str(), nullptr), PQconninfoFree);
  if (options == nullptr) {
    return "must be a connection string of PostgreSQL, such as \"host=db user=reader dbname=app\" "
           "or \"postgresql://reader@db/app\"";
  }
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    const std::string_view key = option->keyword;
    if ((key != "password" && key != "sslpassword") || option->val == nullptr ||
        option->val[0] == '\0') {
      continue;
    }
    return "must not hold a password, which everybody on this machine could read; keep it in a "
           "file that only its user can read: passfile=FILE (by default ~/.pgpass), or "
           "service=NAME";
  }
  return "";
}

}  // namespace candor
