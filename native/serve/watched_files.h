// Notices that configuration or fact files may have changed, without looking at them until then.
#pragma once

#include <string>
#include <vector>

namespace candor {

class WatchedFiles {
 public:
  // Watches the folders that the files are in, as editors and Kubernetes replace files there, and
  // `folder` itself unless it is "". What cannot be watched is not noticed.
  WatchedFiles(const std::vector<std::string>& files, const std::string& folder);
  ~WatchedFiles();
  WatchedFiles(const WatchedFiles&) = delete;
  WatchedFiles& operator=(const WatchedFiles&) = delete;

  int descriptor() const { return descriptor_; }  // Readable after a change; -1 for none.
  // Waits until nothing has changed for a moment, so that a change in several steps is one.
  void Drain() const;

 private:
  int descriptor_;
};

}  // namespace candor
