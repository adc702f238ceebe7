// What the host has said about itself and its environment. Safe from any thread.
#pragma once

#include <mutex>
#include <string>
#include <string_view>

#include "core/json_value.h"
#include "native/reporter/facts_draft.h"

namespace candor {

class FactsBook {
 public:
  // "" takes the value away.
  void SetText(std::string_view pointer, std::string_view text);
  void Set(std::string_view pointer, JsonValue value);
  void AddText(std::string_view pointer, std::string_view text);
  // Keeps what may be reported of the key and nothing else: no signature, and nothing at all of a
  // key that is not understood. false then.
  bool SetLicenseKey(std::string_view key);
  void RemoveLicenseKey();
  // In place of all that was said. A licence key in it is kept as SetLicenseKey keeps it.
  void Replace(FactsDraft draft);
  // The facts document.
  FactsDraft Copy() const;

  // For fork: held over it, so that the child finds it free.
  std::mutex& mutex() { return mutex_; }

 private:
  mutable std::mutex mutex_;
  FactsDraft draft_;
};

// The vendor in what an application server says of itself: its first run of letters and white
// space, trimmed; "WildFly" when that is in it (reference: the engine's own rule).
// "Apache Tomcat/9.0.36" is "Apache Tomcat".
std::string ApplicationServerVendor(std::string_view server_info);

}  // namespace candor
