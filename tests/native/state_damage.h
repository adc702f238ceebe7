// One state folder, damaged in every way, and what must hold whatever was damaged.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace candor {

// A folder's files as bytes, to be written out again and again.
struct FolderImage {
  struct File {
    std::string name, bytes;
  };
  std::vector<File> files;
  std::string holds;  // All that a store reads from it while nothing is damaged.
  std::size_t Bits() const;
  std::size_t Bytes() const;
};
FolderImage ReadImage(const std::string& folder);
void WriteImage(const std::string& folder, const FolderImage& image);

// A yes and then a no, with a settled and a pending report. As a process that was killed leaves it
// (the last changes in the log alone), or as one that ended in peace.
enum class Ending { kKilled, kClosed };
FolderImage DeniedImage(Ending ending);
// A yes with a pending report.
FolderImage GrantedImage(Ending ending);

FolderImage FlipBit(FolderImage image, std::size_t bit);
// The file that holds this byte of all, cut there.
FolderImage CutAt(FolderImage image, std::size_t byte);

struct DamageTotals {
  std::size_t cases = 0, whole = 0, set_aside = 0, refused = 0;
  std::size_t kept_installation = 0, kept_consent = 0;
};
// Opens, reads and changes the folder, and opens it again. "" when all holds, or what does not:
// bytes that are not their digest, a yes out of a no, a chain that is broken, another answer.
std::string TryDamaged(const std::string& folder, const FolderImage& image, bool was_denied,
                       DamageTotals& totals);

}  // namespace candor
