#include "native/counters/name_table.h"

#include <algorithm>
#include <cstring>

namespace candor {
namespace {

constexpr std::size_t kKnown = 2 * kMaxCounterNames;

bool IsAcceptable(std::string_view name) noexcept {
  return !name.empty() && name.size() <= kMaxCounterNameBytes &&
         std::all_of(name.begin(), name.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

// Never 0, which stands for nothing.
std::uint64_t NonZero(std::uint64_t hash) noexcept { return hash == 0 ? 1 : hash; }

// Another hash than the fingerprint: a damaged entry must not pass for the name that claimed it.
std::uint64_t CheckOf(const SipKey& salt, std::string_view name) noexcept {
  return NonZero(SipHash({~salt.first, salt.second}, name));
}

}  // namespace

struct NameTable::Wanted {
  Wanted(const SipKey& salt, std::string_view text) noexcept
      : fingerprint(NonZero(SipHash(salt, text))), check(CheckOf(salt, text)) {
    std::memcpy(words.data(), text.data(), text.size());
  }

  bool Matches(const NameEntry& entry) const noexcept {
    if (entry.check.load(std::memory_order_acquire) != check) return false;
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (entry.words[i].load(std::memory_order_relaxed) != words[i]) return false;
      if (words[i] == 0) break;
    }
    return true;
  }

  // Whoever else writes here writes the same.
  void Write(NameEntry& entry) const noexcept {
    for (std::size_t i = 0; i < words.size(); ++i) {
      entry.words[i].store(words[i], std::memory_order_relaxed);
    }
    entry.check.store(check, std::memory_order_release);
  }

  std::uint64_t fingerprint;
  std::uint64_t check;
  NameWords words = {};
};

std::uint32_t NameTable::Intern(std::string_view name) noexcept {
  if (!IsAcceptable(name)) return Counters::kNoCounter;
  const Wanted wanted(layout_.header.salt, name);
  if (const auto known = FindKnown(wanted)) return *known;
  for (std::uint32_t i = 0; i < kMaxCounterNames; ++i) {
    std::uint64_t claim = layout_.claims[i].load(std::memory_order_acquire);
    if (claim == 0 && layout_.claims[i].compare_exchange_strong(claim, wanted.fingerprint,
                                                                std::memory_order_acq_rel)) {
      claim = wanted.fingerprint;
    }
    if (claim != wanted.fingerprint) continue;
    NameEntry& entry = layout_.names[i];
    if (!wanted.Matches(entry)) {
      NameWords words;
      // Another name stands here whole: the word that claims it was damaged.
      if (!ReadName(layout_.header.salt, entry, words).empty()) continue;
      wanted.Write(entry);
    }
    Remember(wanted.fingerprint, i);
    return i;
  }
  full_.store(true, std::memory_order_relaxed);
  return Counters::kNoCounter;
}

std::optional<std::uint32_t> NameTable::FindKnown(const Wanted& wanted) const noexcept {
  for (std::size_t at = wanted.fingerprint % kKnown;; at = (at + 1) % kKnown) {
    const std::uint32_t found = known_[at].load(std::memory_order_relaxed);
    if (found == 0) return std::nullopt;
    if (wanted.Matches(layout_.names[found - 1])) return found - 1;
  }
}

void NameTable::Remember(std::uint64_t fingerprint, std::uint32_t index) noexcept {
  for (std::size_t at = fingerprint % kKnown;; at = (at + 1) % kKnown) {
    std::uint32_t found = 0;
    if (known_[at].compare_exchange_strong(found, index + 1, std::memory_order_relaxed)) return;
    if (found == index + 1) return;
  }
}

std::string_view ReadName(const SipKey& salt, const NameEntry& entry, NameWords& words) noexcept {
  const std::uint64_t check = entry.check.load(std::memory_order_acquire);
  if (check == 0) return {};
  std::size_t used = 0;
  do {
    words[used] = entry.words[used].load(std::memory_order_relaxed);
  } while (words[used] != 0 && ++used < words.size());
  const auto* const text = reinterpret_cast<const char*>(words.data());
  const std::string_view name(text, strnlen(text, used * 8));
  return IsAcceptable(name) && CheckOf(salt, name) == check ? name : std::string_view();
}

}  // namespace candor
