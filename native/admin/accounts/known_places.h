// Where accounts were signed in to before: their users keep tries of their own there, whoever else
// guesses. Addresses are kept as keyed hashes. Within a transaction of AdminDatabase.
#pragma once

#include <optional>
#include <string>

#include "core/time_text.h"
#include "native/admin/accounts/admin_database.h"

namespace candor {

inline constexpr std::int64_t kMostPlacesOfAccount = 8;

// `peer`: as SignInLimits::PeerKey has it. `known` is left alone where there is an error.
std::optional<Error> IsKnownPlace(const AdminTables& tables, const std::string& name,
                                  const std::string& peer, bool& known);
// The one that was used longest ago goes when there are too many.
std::optional<Error> NotePlace(const AdminTables& tables, const std::string& name,
                               const std::string& peer, UnixMillis now);
// With its account.
std::optional<Error> ForgetPlaces(const AdminTables& tables, const std::string& name);

}  // namespace candor
