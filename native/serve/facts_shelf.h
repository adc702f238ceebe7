// Facts that programs state through the local API: the files NAME.json of one folder, as
// FactsFolder reads them, so that they outlive the service. Not thread-safe; one process writes.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

namespace candor {

inline constexpr std::size_t kMaxShelfBytes = std::size_t{16} << 20;  // Of all together.

class FactsShelf {
 public:
  // Makes nothing yet.
  explicit FactsShelf(std::string folder) : folder_(std::move(folder)) {}

  // [a-z0-9][a-z0-9._-]{0,63}
  static bool IsName(std::string_view name);

  // Keeps `document`, {"values": {...}}, byte for byte and durably. Whether the name is new.
  // Errors: those of ParseFactValues; kOverLimit when it is longer than 1 MiB; kUnavailable, also
  // when there are too many or all together are too long. REQUIRES: IsName(name).
  Result<bool> Put(const std::string& name, std::string_view document) const;
  // Errors: kNotFound, kUnavailable. REQUIRES: IsName(name).
  Problems Remove(const std::string& name) const;
  // The document. Errors: kNotFound, kUnavailable. REQUIRES: IsName(name).
  Result<std::string> Get(const std::string& name) const;
  // {"facts": {"NAME": {...}}}, by name; files that are not to be used are left out.
  std::string ListJson() const;

  const std::string& folder() const { return folder_; }

 private:
  std::string PathOf(const std::string& name) const { return folder_ + "/" + name + ".json"; }

  const std::string folder_;
};

}  // namespace candor
