#include "native/admin/accounts/known_places.h"

#include "native/admin/accounts/password_rules.h"
#include "native/base/secrets.h"

namespace candor {
namespace {

std::string PlaceOf(const AdminTables& tables, const std::string& folded, const std::string& peer) {
  return UrlText(KeyedHash(tables.key, "place", folded + '\n' + peer));
}

}  // namespace

std::optional<Error> IsKnownPlace(const AdminTables& tables, const std::string& name,
                                  const std::string& peer, bool& known) {
  const std::string folded = FoldedName(name), place = PlaceOf(tables, folded, peer);
  Statement read(tables.database, "SELECT 1 FROM places WHERE folded = ? AND place = ?",
                 "read the accounts");
  read.Bind(folded).Bind(place);
  const bool found = read.Row();
  if (auto error = read.error()) return error;
  known = found;
  return std::nullopt;
}

std::optional<Error> NotePlace(const AdminTables& tables, const std::string& name,
                               const std::string& peer, UnixMillis now) {
  const std::string folded = FoldedName(name), place = PlaceOf(tables, folded, peer);
  if (auto error = Statement(tables.database,
                             "INSERT INTO places VALUES(?, ?, ?)"
                             " ON CONFLICT DO UPDATE SET last_ms = excluded.last_ms",
                             "note a sign-in")
                       .Bind(folded)
                       .Bind(place)
                       .Bind(now)
                       .Run()) {
    return error;
  }
  return Statement(tables.database,
                   "DELETE FROM places WHERE folded = ?1 AND place IN (SELECT place FROM places"
                   " WHERE folded = ?1 ORDER BY last_ms DESC LIMIT -1 OFFSET ?2)",
                   "note a sign-in")
      .Bind(folded)
      .Bind(kMostPlacesOfAccount)
      .Run();
}

std::optional<Error> ForgetPlaces(const AdminTables& tables, const std::string& name) {
  const std::string folded = FoldedName(name);
  return Statement(tables.database, "DELETE FROM places WHERE folded = ?", "remove an account")
      .Bind(folded)
      .Run();
}

}  // namespace candor
