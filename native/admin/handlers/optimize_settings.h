// What of Optimize's settings is not the consent: whether sharing is on, and who changed something
// last. Nothing here acts on it; it is kept for the programs that set it. A file in the state
// folder.
#pragma once

#include <optional>
#include <string>

#include "core/result.h"
#include "core/time_text.h"

namespace candor {

struct OptimizeSettings {
  bool sharing = true;  // As Optimize's own default.
  std::string who;      // "" before anybody set it.
  UnixMillis when_ms = 0;
};

// Defaults where there is no file, or it is not one of ours.
OptimizeSettings ReadOptimizeFile(const std::string& state_folder);
// Errors: kUnavailable. Safe from any thread.
std::optional<Error> WriteOptimizeFile(const std::string& state_folder,
                                       const OptimizeSettings& settings);

// "2026-11-21T04:05:06.789+0000"
std::string OptimizeTime(UnixMillis time);

}  // namespace candor
