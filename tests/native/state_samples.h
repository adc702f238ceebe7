// States and reports with every field filled in, folders to keep them in, and what compares them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "native/state/sqlite_store.h"

namespace candor {

// A folder of its own below the temporary folder, removed with all that is in it.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::string& path() const { return path_; }
  std::string File(const std::string& name) const { return path_ + '/' + name; }

 private:
  std::string path_;
};

ConsentRecord SampleConsent(Verdict verdict);
// The body of a "consent" entry.
std::string ConsentText(const ConsentRecord& record);
// A state with nothing left at its default, but no pending report.
State SampleState();
// A sealed report of these bytes with nothing left at its default.
SealedReport SampleReport(const std::string& id, const std::string& bytes);
// SampleState with the report pending: "installation", "consent" and "sealed" in the journal.
StateChange SampleChange(const SealedReport& report);

// All of it, to be compared.
std::string Text(const State& state);
std::string Text(const SealedReport& report);

// The store, or a failed expectation and nullptr.
std::unique_ptr<StateStore> OpenStore(const std::string& folder);

}  // namespace candor
