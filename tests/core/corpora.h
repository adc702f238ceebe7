// Conformance data of third parties, found through the environment variable CANDOR_CORPORA.
#pragma once

#include <string>
#include <vector>

namespace candor {

inline constexpr char kNoCorpora[] = "CANDOR_CORPORA is not set: no conformance data to test with";

// The folder of a corpus, or "" when CANDOR_CORPORA is not set. A corpus that is missing from the
// folder it names is a failure of the caller's expectations, not a reason to skip.
std::string CorporaFolder(const std::string& corpus);

// Paths of the regular files directly in `folder`, sorted.
std::vector<std::string> FilesIn(const std::string& folder);

// The whole file; throws when it cannot be read.
std::string ReadFile(const std::string& path);

}  // namespace candor
