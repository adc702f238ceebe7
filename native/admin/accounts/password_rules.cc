#include "native/admin/accounts/password_rules.h"

#include <algorithm>

#include "core/text.h"

namespace candor {
namespace {

bool IsNameCharacter(char c) { return c >= ' ' && c <= '~' && c != ':' && c != '/'; }

}  // namespace

void CheckAccountName(std::string_view name, Problems& problems) {
  const bool good = !name.empty() && name.size() <= kMostNameBytes && name.front() != ' ' &&
                    name.back() != ' ' && std::all_of(name.begin(), name.end(), IsNameCharacter);
  if (good) return;
  problems.Add({ErrorCode::kOutOfRange, "/name",
                "must be 1 to 64 letters, digits, spaces and marks of ASCII, without \":\" and "
                "\"/\", and without a space at either end"});
}

std::string FoldedName(std::string_view name) {
  std::string folded(name);
  for (char& c : folded) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return folded;
}

void CheckPassword(std::string_view password, std::string_view name, const std::string& where,
                   Problems& problems) {
  const auto refuse = [&](ErrorCode code, std::string why) {
    problems.Add({code, where, std::move(why)});
  };
  if (password.size() < kLeastPasswordBytes || password.size() > kMostPasswordBytes) {
    refuse(ErrorCode::kOutOfRange, "must be 8 to 1024 bytes long");
  } else if (FindInvalidUtf8(password) != std::string_view::npos ||
             password.find('\0') != std::string_view::npos) {
    refuse(ErrorCode::kNotUtf8, "must be UTF-8 without NUL");
  } else if (FoldedName(password) == FoldedName(name)) {
    refuse(ErrorCode::kOutOfRange, "must not be the name");
  } else if (IsCommonPassword(password)) {
    refuse(ErrorCode::kOutOfRange,
           "is among the passwords that are tried first; several words in a row are better");
  }
}

}  // namespace candor
