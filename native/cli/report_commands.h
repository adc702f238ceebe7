// candor status, preview, seal, send and withdraw. Each returns the exit status of the program.
#pragma once

#include <string>
#include <vector>

#include "native/cli/session.h"

namespace candor {

// "ada", from the user database; "uid 1000" where it does not know.
std::string LoginName();
// Errors: those of CheckText, at "--as".
Problems CheckActor(const std::string& who);

int StatusCommand(const SessionOptions& options);

struct PreviewOptions {
  std::string output;                 // A file; "" for standard output.
  std::string bundle;                 // A file for all inputs; "" for none.
  std::vector<std::string> withheld;  // Held back beside what is held back already.
  bool if_granted = false;            // As after a new yes, also where an older one covers less.
};
int PreviewCommand(const SessionOptions& options, const PreviewOptions& preview);

int SealCommand(const SessionOptions& options);
int SendCommand(const SessionOptions& options);
int WithdrawCommand(const SessionOptions& options, const std::string& who);

}  // namespace candor
