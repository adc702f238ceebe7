// Every IPv4 address against the address hashes of a stolen collector, whose day's key went with
// its process. What a thief has are the folder and the log, so what can be tried are hashes without
// a key, and the collector's own under keys that could be guessed: none, and the one that lies in
// the folder. As a control plain SHA-256 of the same addresses, which must be found, all of them.
//
// Usage: address_search [BITS [SEED]]      32: all addresses; 24: 203.0.0.0/8, and so on.
#include <signal.h>
#include <sodium.h>

#include <algorithm>
#include <atomic>
#include <bitset>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iterator>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "core/sha256.h"
#include "native/base/secrets.h"
#include "tests/load/address_guess.h"
#include "tests/load/load_reports.h"
#include "tests/load/loaded_collector.h"
#include "tests/load/stored_reports.h"
#include "tests/native/local_client.h"

namespace candor {
namespace {

using Hash = AddressGuess::Hash;
constexpr int kSenders = 200;
constexpr std::uint64_t kFirst = 203ULL << 24;

std::string BytesOf(std::uint32_t address) {
  std::string bytes;
  for (const int shift : {24, 16, 8, 0}) bytes += static_cast<char>(address >> shift & 255);
  return bytes;
}

std::string Dotted(std::uint32_t address) {
  char text[32];
  std::snprintf(text, sizeof text, "%u.%u.%u.%u", address >> 24, address >> 16 & 255,
                address >> 8 & 255, address & 255);
  return text;
}

Hash PlainHash(std::uint32_t address) {
  Sha256 hash;
  hash.Update(BytesOf(address));
  const Sha256::Digest digest = hash.Finish();
  return AddressGuess::FromBytes({reinterpret_cast<const char*>(digest.data()), 16});
}

// Hashes to be found; most others are seen to be none by their first bits.
class Wanted {
 public:
  explicit Wanted(std::vector<Hash> hashes) : hashes_(std::move(hashes)) {
    std::sort(hashes_.begin(), hashes_.end());
    hashes_.erase(std::unique(hashes_.begin(), hashes_.end()), hashes_.end());
    for (const Hash& hash : hashes_) first_.set(hash[0] >> 16);
  }
  bool Has(const Hash& hash) const {
    return first_.test(hash[0] >> 16) && std::binary_search(hashes_.begin(), hashes_.end(), hash);
  }
  std::size_t size() const { return hashes_.size(); }

 private:
  std::vector<Hash> hashes_;
  std::bitset<65536> first_;
};

// A day of a collector, until it ends.
std::vector<Hash> StolenFrom(const Folder& folder, const std::vector<std::uint32_t>& senders) {
  CollectorProcess collector(folder, LoadOptions());
  const LoadReports texts;
  const std::string at = "127.0.0.1:" + std::to_string(PortOf(collector));
  LocalClient client(at);
  for (std::uint32_t i = 0; i < senders.size(); ++i) {
    const std::string from = "X-Forwarded-For: " + Dotted(senders[i]) + "\r\n";
    const ClientAnswer answer = client.Ask(RequestText("POST", "/v1/reports", texts.Body(i), from));
    if (answer.status != 202) throw std::runtime_error("answered " + std::to_string(answer.status));
  }
  if (collector.End(SIGTERM) != 0) throw std::runtime_error(collector.Log());
  std::vector<Hash> hashes;
  VisitSqliteColumn(
      folder.Path("store/reports.db"), "SELECT DISTINCT address FROM reports",
      [&](std::string_view hash) { hashes.push_back(AddressGuess::FromBytes(hash)); });
  return hashes;
}

// The seed of the receipts' key, the only secret in the folder.
std::string KeyIn(const Folder& folder) {
  std::ifstream file(folder.Path("store/receipts.key"));
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  std::string key(32, '\0');
  if (sodium_hex2bin(reinterpret_cast<unsigned char*>(key.data()), key.size(), text.data(),
                     std::min<std::size_t>(64, text.size()), nullptr, nullptr, nullptr) != 0) {
    throw std::runtime_error("the receipts' key is not what it was");
  }
  return key;
}

// That a guess under a key is the collector's own way.
void CheckGuess(const std::string& key) {
  const std::string mapped = std::string(10, '\0') + "\xff\xff" + BytesOf(0xCB007107);
  const Hash right = AddressGuess::FromBytes(KeyedHash(key, "address", mapped));
  if (AddressGuess::Keyed(key).Try(0xCB007107) != right) throw std::logic_error("a wrong guess");
}

struct Found {
  std::atomic<std::uint64_t> stored = 0, control = 0;
};

void Search(std::vector<AddressGuess> guesses, std::uint64_t from, std::uint64_t to,
            const Wanted& stored, const Wanted& control, Found& found) {
  for (std::uint64_t address = from; address < to; ++address) {
    for (AddressGuess& guess : guesses) {
      const Hash hash = guess.Try(static_cast<std::uint32_t>(address));
      if (stored.Has(hash)) ++found.stored;
      if (control.Has(hash)) ++found.control;
    }
  }
}

int Run(int bits, std::uint64_t seed) {
  const std::uint64_t count = std::uint64_t{1} << bits;
  const std::uint64_t first = bits == 32 ? 0 : kFirst;
  std::mt19937_64 random(seed);
  std::vector<std::uint32_t> senders;
  std::vector<Hash> plain;
  for (int i = 0; i < kSenders; ++i) {
    senders.push_back(static_cast<std::uint32_t>(first + random() % count));
    plain.push_back(PlainHash(senders.back()));
  }
  const Folder folder{MemoryFolder()};
  const Wanted stored(StolenFrom(folder, senders)), control(plain);
  const std::string key = KeyIn(folder);
  CheckGuess(key);
  const std::vector<AddressGuess> guesses = {AddressGuess::Plain(false), AddressGuess::Plain(true),
                                             AddressGuess::Keyed(""), AddressGuess::Keyed(key)};
  Found found;
  const auto start = std::chrono::steady_clock::now();
  const std::uint64_t threads = std::max(1U, std::thread::hardware_concurrency());
  std::vector<std::jthread> all;
  for (std::uint64_t t = 0; t < threads; ++t) {
    all.emplace_back([&, t] {
      Search(guesses, first + count * t / threads, first + count * (t + 1) / threads, stored,
             control, found);
    });
  }
  all.clear();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  std::printf(
      "%llu addresses, each by %zu guesses, in %.0f s: %llu of %zu stored hashes found; control, "
      "plain "
      "SHA-256: %llu of %zu found; seed %llu\n",
      static_cast<unsigned long long>(count), guesses.size(), took.count(),
      static_cast<unsigned long long>(found.stored.load()), stored.size(),
      static_cast<unsigned long long>(found.control.load()), control.size(),
      static_cast<unsigned long long>(seed));
  return found.stored == 0 && stored.size() == control.size() && found.control == control.size()
             ? 0
             : 1;
}

}  // namespace
}  // namespace candor

int main(int count, char** words) try {
  return candor::Run(count > 1 ? std::atoi(words[1]) : 24,
                     count > 2 ? std::strtoull(words[2], nullptr, 10) : 1);
} catch (const std::exception& error) {
  std::printf("%s\n", error.what());
  return 1;
}
