// The operations that `candor` and `candor-core` share: one implementation of what a sub-command
// prints, so that the native program and the WebAssembly module cannot differ.
//
// An operation takes named inputs (bytes) and gives an exit status, the bytes of standard output
// and the text of standard error. Both fronts only parse arguments and read files.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/config.h"
#include "core/sink.h"

namespace candor {

struct Input {
  std::string_view name;   // "config:app.json", "facts", "option:json", ...; see operation.cc.
  std::string_view bytes;  // Borrowed for the call.
};

enum ExitStatus : std::uint32_t {
  kExitGood = 0,
  kExitFailed = 1,   // Wrong use, unreadable file, bug.
  kExitRefused = 2,  // The input has problems; they are on standard error.
};

struct Outcome {
  ExitStatus status = kExitFailed;
  std::string errors;  // Standard error: problems as text, or as JSON with "option:json".
};

// Runs one operation; what it prints goes into `out`, and nothing goes there when it is refused.
// `sources` are configuration documents that are read already, before those among the inputs: the
// native importers know places in YAML and XML that JSON text could not carry.
Outcome Perform(std::string_view operation, std::span<const Input> inputs, Sink& out,
                std::span<const ConfigSource> sources = {});

}  // namespace candor
