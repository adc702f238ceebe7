// candor erase: has the service delete the reports of this installation.
#pragma once

#include <string>

#include "native/cli/session.h"

namespace candor {

struct EraseOptions {
  bool yes = false;  // Without asking.
  std::string who;
};
// The exit status of the program.
int EraseCommand(const SessionOptions& options, const EraseOptions& erase);

}  // namespace candor
