// Who stole the folder, the log and the metrics learns nobody's address.
#include <gtest/gtest.h>
#include <sodium.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "core/sha256.h"
#include "tests/native/address_encodings.h"
#include "tests/native/collector_process.h"
#include "tests/native/collector_rig.h"
#include "tests/native/run_program.h"

namespace candor {
namespace {

std::string ReadAll(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Everything that stays behind: "name: bytes" of each file.
std::vector<std::pair<std::string, std::string>> Loot(const Folder& folder) {
  std::vector<std::pair<std::string, std::string>> loot;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.Path("."))) {
    if (entry.is_regular_file()) loot.emplace_back(entry.path().string(), ReadAll(entry.path()));
  }
  return loot;
}

std::set<std::string> StoredHashes(const Folder& folder) {
  std::set<std::string> hashes;
  sqlite3* db = nullptr;
  sqlite3_stmt* rows = nullptr;
  EXPECT_EQ(sqlite3_open(folder.Path("store/reports.db").c_str(), &db), SQLITE_OK);
  EXPECT_EQ(sqlite3_prepare_v2(db, "SELECT address FROM reports", -1, &rows, nullptr), SQLITE_OK);
  while (sqlite3_step(rows) == SQLITE_ROW) {
    hashes.emplace(static_cast<const char*>(sqlite3_column_blob(rows, 0)),
                   static_cast<std::size_t>(sqlite3_column_bytes(rows, 0)));
  }
  sqlite3_finalize(rows);
  sqlite3_close(db);
  return hashes;
}

// Addresses that no other bytes look like by chance.
constexpr std::uint32_t kFirst = 0xCB'71'8E'9B;  // 203.113.142.155
constexpr std::uint32_t kStep = 0x00'01'35'7B;

class AddressHygieneTest : public testing::Test {
 protected:
  static constexpr int kSenders = 50;
  // Through the proxy that names them, in several ways to write them; some are refused.
  AddressHygieneTest() {
    CollectorProcess collector(folder_, {"--proxy", "127.0.0.1"});
    const std::string at = collector.Address();
    for (int i = 0; i < kSenders; ++i) {
      const std::uint32_t address = Address(i);
      std::string from = Printed("%u.%u.%u.%u", address);
      if (i % 3 == 1) from = "::ffff:" + from;
      const std::string report = EngineReport(InstallationId(i));
      const auto post = [&](const std::string& body, const std::string& headers) {
        return AskOnce(at, RequestText("POST", "/v1/reports", body, headers)).status;
      };
      const std::string forwarded = "X-Forwarded-For: " + from + "\r\n";
      EXPECT_EQ(post(report, forwarded), 202);
      EXPECT_EQ(post(report, forwarded), 200);
      EXPECT_EQ(post("{\"installation\": 1}", forwarded), 400);
      EXPECT_EQ(post(report, forwarded + "Content-Digest: sha-256=:AAAA:\r\n"), 400);
      EXPECT_EQ(post(report, forwarded + "Transfer-Encoding: chunked\r\n"), 400);
    }
    metrics_ = AskOnce(at, RequestText("GET", "/metrics")).body;
    // As it stands in the moment of the theft, and then as it is closed.
    EXPECT_EQ(RunLine("cp -r " + folder_.Path("store") + " " + folder_.Path("stolen")).status, 0);
    EXPECT_EQ(collector.End(SIGTERM), 0);
  }
  static std::uint32_t Address(int n) { return kFirst + static_cast<std::uint32_t>(n) * kStep; }
  const Folder folder_{MemoryFolder()};
  std::string metrics_;
};

TEST_F(AddressHygieneTest, NoAddressStaysBehindInAnyOfTwelveEncodings) {
  auto loot = Loot(folder_);
  loot.emplace_back("metrics", metrics_);
  ASSERT_GE(loot.size(), 5U);
  std::size_t bytes = 0;
  for (const auto& [name, text] : loot) bytes += text.size();
  ASSERT_GT(bytes, 50'000U);
  for (const auto& [name, text] : loot) {
    std::array<int, 12> found{};
    for (int i = 0; i < kSenders; ++i) {
      const std::vector<std::string> encodings = Encodings(Address(i));
      ASSERT_EQ(encodings.size(), found.size());
      for (std::size_t e = 0; e < found.size(); ++e) {
        found[e] += text.find(encodings[e]) != std::string::npos ? 1 : 0;
      }
    }
    for (std::size_t e = 0; e < found.size(); ++e) {
      // Four bytes stand in a digest by chance once in a thousand runs, and not twice.
      const bool binary = e == 8 || e == 9;
      EXPECT_LE(found[e], binary ? 1 : 0) << name << " holds senders in encoding " << e;
    }
  }
}

TEST_F(AddressHygieneTest, TheSearchFindsAddressesWhereThereAreSome) {
  for (const std::string& written : Encodings(Address(7))) {
    const std::string file = "before " + written + " after";
    const std::vector<std::string> encodings = Encodings(Address(7));
    EXPECT_TRUE(std::any_of(encodings.begin(), encodings.end(), [&](const std::string& one) {
      return file.find(one) != std::string::npos;
    }));
  }
}

// All addresses of a slice around the senders, under every key that a thief may think of: plain
// hashes, and HMACs under what is in the folder.
TEST_F(AddressHygieneTest, TryingAllAddressesFindsNobodyButWouldWithPlainHashes) {
  const std::set<std::string> stored = StoredHashes(folder_);
  ASSERT_EQ(stored.size(), static_cast<std::size_t>(kSenders));
  std::set<std::string> plain;
  for (int i = 0; i < kSenders; ++i) {
    Sha256 hash;
    hash.Update(BytesOf(Address(i), false));
    const Sha256::Digest digest = hash.Finish();
    plain.emplace(reinterpret_cast<const char*>(digest.data()), 16);
  }
  const std::string found_key = ReadAll(folder_.Path("store/receipts.key")).substr(0, 64);
  std::string seed(32, '\0');
  ASSERT_EQ(sodium_hex2bin(reinterpret_cast<unsigned char*>(seed.data()), seed.size(),
                           found_key.data(), found_key.size(), nullptr, nullptr, nullptr),
            0);
  std::size_t tried = 0, found = 0, control = 0;
  const auto look = [&](const unsigned char* hash) {
    const std::string cut(reinterpret_cast<const char*>(hash), 16);
    found += stored.count(cut);
    control += plain.count(cut);
  };
  const std::uint32_t last = Address(kSenders - 1);
  for (std::uint32_t address = kFirst; address <= last; address += 3) {
    // Every sender is tried, and a third of all others.
    const bool sender = (address - kFirst) % kStep < 3;
    const std::uint32_t exact = sender ? address - (address - kFirst) % kStep : address;
    for (const bool turned : {false, true}) {
      const std::string bytes = BytesOf(exact, turned);
      Sha256 hash;
      hash.Update(bytes);
      look(hash.Finish().data());
      ++tried;
    }
    if (!sender) continue;
    const std::string mapped = std::string(10, '\0') + "\xff\xff" + BytesOf(exact, false);
    for (const std::string& text : {mapped, "a" + mapped, Printed("%u.%u.%u.%u", exact)}) {
      Sha256 hash;
      hash.Update(text);
      look(hash.Finish().data());
      for (const std::string& key : {seed, std::string(32, '\0')}) {
        std::array<unsigned char, crypto_auth_hmacsha256_BYTES> mac;
        crypto_auth_hmacsha256(mac.data(), reinterpret_cast<const unsigned char*>(text.data()),
                               text.size(), reinterpret_cast<const unsigned char*>(key.data()));
        look(mac.data());
      }
    }
  }
  EXPECT_GT(tried, 2'000'000U);
  EXPECT_EQ(found, 0U);
  EXPECT_GE(control, static_cast<std::size_t>(kSenders)) << "a plain hash hides nobody";
}

// The same search with the key in hand: it is the key that hides, and nothing in the way.
TEST_F(AddressHygieneTest, WithTheDaysKeyTheSearchWouldFindThem) {
  class KnownRandom : public Random {
   public:
    std::uint64_t Next() override { return 42; }
  };
  SetClock clock;
  KnownRandom known;
  AddressHasher hasher(clock, known), thief(clock, known);
  std::set<std::string> stored;
  for (int i = 0; i < kSenders; ++i)
    stored.insert(hasher.Hash(Printed("%u.%u.%u.%u", Address(i))).whole);
  int found = 0;
  for (int i = 0; i < kSenders; ++i) {
    for (std::uint32_t near = 0; near < 20; ++near) {
      found += static_cast<int>(
          stored.count(thief.Hash(Printed("%u.%u.%u.%u", Address(i) - 10 + near)).whole));
    }
  }
  EXPECT_EQ(found, kSenders);
  clock.wall_ms += 24LL * 3'600'000;
  AddressHasher later(clock, SystemRandom());
  for (int i = 0; i < kSenders; ++i) {
    EXPECT_EQ(stored.count(later.Hash(Printed("%u.%u.%u.%u", Address(i))).whole), 0U);
  }
}

}  // namespace
}  // namespace candor
