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
#include <string_view>

#include "core/result.h"
#include "native/reporter/facts_draft.h"

namespace candor {

inline constexpr std::size_t kMaxFactFiles = 256;
inline constexpr std::size_t kMaxFactFileBytes = std::size_t{1} << 20;

// The "values" of a document that may hold nothing else; an empty object when there are none.
// Errors: those of ParseFacts.
Result<JsonValue> ParseFactValues(std::string_view document);
// The text of a file that may be used. Errors: kUnavailable.
Result<std::string> ReadFactFile(const std::string& path);

class FactsFolder {
 public:
  // "" for none. With `may_be_missing` a folder that is not there has said nothing.
  explicit FactsFolder(std::string path, bool may_be_missing = false)
      : path_(std::move(path)), may_be_missing_(may_be_missing) {}

  // Lays what the files say over `facts`. The problems of files that are not used; symbolic links,
  // and files that others than this user and root own or may change, are such.
  Problems AddTo(FactsDraft& facts);

 private:
  const std::string path_;
  const bool may_be_missing_;
  std::map<std::string, JsonValue> values_;  // By file name, as last read well.
};

}  // namespace candor
