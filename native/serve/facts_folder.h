// Facts that programs in any language drop into a folder as files.
//
// Every regular file whose name ends in .json and does not begin with a dot is a facts document
// (core/facts.h) with its "values", or parts of them. They are laid over each other by name, later
// names win. Write beside and rename: a file that is not whole, not JSON, too long or not to be
// trusted is not used; as long as it stands there, what it said before counts. A file that is gone
// has said nothing.
#pragma once

#include <map>
#include <string>

#include "core/result.h"
#include "native/reporter/facts_draft.h"

namespace candor {

inline constexpr std::size_t kMaxFactFiles = 256;
inline constexpr std::size_t kMaxFactFileBytes = std::size_t{1} << 20;

class FactsFolder {
 public:
  // "" for none.
  explicit FactsFolder(std::string path) : path_(std::move(path)) {}

  // Lays what the files say over `facts`. The problems of files that are not used; symbolic links,
  // and files that others than this user and root own or may change, are such.
  Problems AddTo(FactsDraft& facts);

 private:
  const std::string path_;
  std::map<std::string, JsonValue> values_;  // By file name, as last read well.
};

}  // namespace candor
