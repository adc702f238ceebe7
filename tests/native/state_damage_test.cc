#include "tests/native/state_damage.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <random>
#include <string>

#include "tests/native/state_samples.h"

namespace candor {
namespace {

constexpr std::size_t kCases = 600;  // Of each kind; tests/soak/state_soak takes all.

unsigned Seed() {
  const char* given = std::getenv("CANDOR_SEED");
  return given != nullptr ? static_cast<unsigned>(std::strtoul(given, nullptr, 10))
                          : static_cast<unsigned>(std::time(nullptr));
}

// Spread evenly over the image, from a random start.
void TryMany(const FolderImage& image, std::size_t places, bool was_denied,
             FolderImage (*damage)(FolderImage, std::size_t)) {
  ASSERT_FALSE(image.files.empty());
  const unsigned seed = Seed();
  std::printf("CANDOR_SEED=%u\n", seed);
  std::mt19937 random(seed);
  const TemporaryFolder folder;
  const std::size_t cases = std::min(kCases, places);
  DamageTotals totals;
  for (std::size_t i = 0; i < cases; ++i) {
    const std::size_t at = (i * places + random() % places) / cases;
    const std::string problem = TryDamaged(folder.path(), damage(image, at), was_denied, totals);
    ASSERT_EQ(problem, "") << "at " << at << ", CANDOR_SEED=" << seed;
  }
  // Not all of it is in use, but a good part is, and what is damaged must be seen.
  EXPECT_GT(totals.set_aside, cases / 20);
}

TEST(DamagedStateTest, NoFlippedBitOfAKilledProcessMakesANoAYes) {
  const FolderImage image = DeniedImage(Ending::kKilled);
  TryMany(image, image.Bits(), true, FlipBit);
}

TEST(DamagedStateTest, NoFlippedBitMakesANoAYes) {
  const FolderImage image = DeniedImage(Ending::kClosed);
  TryMany(image, image.Bits(), true, FlipBit);
}

TEST(DamagedStateTest, NoFlippedBitPassesForTheReport) {
  const FolderImage image = GrantedImage(Ending::kClosed);
  TryMany(image, image.Bits(), false, FlipBit);
}

TEST(DamagedStateTest, NoCutFileMakesANoAYes) {
  const FolderImage image = DeniedImage(Ending::kKilled);
  TryMany(image, image.Bytes(), true, CutAt);
}

TEST(DamagedStateTest, NoCutFilePassesForTheReport) {
  const FolderImage image = GrantedImage(Ending::kClosed);
  TryMany(image, image.Bytes(), false, CutAt);
}

// The page with SQLite's header and the list of tables, without which it reads nothing.
TEST(DamagedStateTest, ADestroyedFirstPageLosesNothing) {
  for (const std::size_t byte : {0u, 18u, 40u, 105u, 3400u, 3900u}) {
    const TemporaryFolder folder;
    FolderImage image = GrantedImage(Ending::kClosed);
    for (FolderImage::File& file : image.files) {
      if (file.name == "state.db") file.bytes.replace(byte, 90, std::string(90, '\xA5'));
    }
    WriteImage(folder.path(), image);
    const auto store = OpenStore(folder.path());
    ASSERT_NE(store, nullptr);
    EXPECT_NE(store->set_aside(), "") << byte;
    const Snapshot snapshot = store->Read().value();
    EXPECT_EQ(snapshot.state.installation, SampleState().installation) << byte;
    EXPECT_TRUE(snapshot.state.consent.has_value()) << byte;
    EXPECT_TRUE(snapshot.pending.has_value()) << byte;
    EXPECT_EQ(store->ListReports(10).value().size(), 2u) << byte;
    EXPECT_EQ(store->ReadJournal(0, 10).value().size(), 5u) << byte;
  }
}

}  // namespace
}  // namespace candor
