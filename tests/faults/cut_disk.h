// A disk whose power can be cut: a real ext4 that is shut down without writing its log. What was
// synced is there when it is mounted again, and nothing else. Takes root; ends the program with a
// message where something fails.
#pragma once

#include <string>

namespace candor {

class CutDisk {
 public:
  // An ext4 on a block device, and a folder.
  CutDisk(std::string device, std::string mountpoint);

  void Mount();
  void Cut();
  // All that was written, by whomever.
  void Sync();
  // Waits until nothing on it is open, at most 20 s.
  void Unmount();
  const std::string& mountpoint() const { return mountpoint_; }

 private:
  std::string device_, mountpoint_;
};

}  // namespace candor
