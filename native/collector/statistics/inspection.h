// Which reports look as if they came from nobody honest, and why.
//
// What is held stays in the store and out of statistics until somebody releases or drops it. The
// rules are such that what honest installations do breaks none: a cluster whose nodes report for
// themselves under one id, restarts, repeats, clocks that are wrong, and a provider with ten
// thousand installations behind one address.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "native/collector/store/collector_store.h"

namespace candor {

enum class Complaint : std::uint8_t {
  kNone,
  kTooManyInADay,      // Of one installation: who else sends in its name adds to its counts.
  kManyAddresses,      // Of one installation within a day: many sites have its id.
  kManyInstallations,  // From one address within a day: ids are being made up.
  kWindowOverlap,      // The time that its usage counts tell of was told already.
};
std::string_view Name(Complaint complaint);  // "too-many-in-a-day"; "" for kNone.

// Days are UTC's, as those of statistics and of the keys that addresses are hashed with.
//
// Forty nodes report once a day, and when each of ten restarts stops them: 440.
inline constexpr std::size_t kMostReportsADay = 500;
// The same nodes with an address each, which three of the restarts change: 160.
inline constexpr std::size_t kMostAddressesADay = 200;
inline constexpr std::uint32_t kMostInstallationsADay = 50'000;
// Of a window, in hundredths. Clocks that are set, and a restart, repeat a part of one.
inline constexpr std::int64_t kMostOverlap = 90;

class Inspector {
 public:
  Inspector();
  // First all reports, in the order of CollectorStore::Scan.
  void Note(const StoredReport& report);
  // Then those of one installation and catalogue, in the order of arrival. One for each.
  std::vector<Complaint> Inspect(std::span<const StoredReport> reports) const;

 private:
  std::size_t CellOf(const StoredReport& report) const;

  // How many installations came from an address on a day, where the two hash to. Two that share a
  // cell are both far below what is complained about, or one of them is to blame.
  std::vector<std::uint32_t> installations_;
  // Whom Note saw last, and where from.
  std::string catalogue_, installation_;
  std::vector<std::size_t> cells_;
};

// All reports that came within [from, to), in the order of Scan, until `visit` returns false: each
// with what is to be said of it, also in the light of kLookBackMs before; of one that was released,
// nothing. Reads them twice. Errors: those of Scan.
using VisitInspected = std::function<bool(StoredReport& report, Complaint complaint)>;
std::optional<Error> ScanInspected(CollectorStore& store, UnixMillis from, UnixMillis to,
                                   const VisitInspected& visit);

inline constexpr std::int64_t kLookBackMs = std::int64_t{7} * 24 * 60 * 60 * 1000;

}  // namespace candor
