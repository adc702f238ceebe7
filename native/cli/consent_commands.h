// candor consent show, grant, deny and withhold, and candor toggle. Each returns the exit status of
// the program.
#pragma once

#include <string>
#include <vector>

#include "native/cli/session.h"

namespace candor {

int ConsentShowCommand(const SessionOptions& options);

struct GrantOptions {
  std::string who;
  std::vector<std::string> withheld;  // Beside what is held back already.
  // What was looked at: one of these, or else a person at a terminal is shown it and asked.
  std::string report_file, digest;
  bool yes = false;  // A yes without a preview.
};
int ConsentGrantCommand(const SessionOptions& options, const GrantOptions& grant);
int ConsentDenyCommand(const SessionOptions& options, const std::string& who);

struct WithholdOptions {
  std::string who;
  std::vector<std::string> ids;  // More to hold back.
  bool none = false;             // Nothing is held back any longer.
};
int ConsentWithholdCommand(const SessionOptions& options, const WithholdOptions& withhold);

// The engine's toggle: a yes without a preview, or a no.
int ToggleCommand(const SessionOptions& options, const std::string& who, bool on);

}  // namespace candor
