// Bytes as they came, read against the catalogues that this collector knows.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/catalogue.h"
#include "core/received_report.h"
#include "core/result.h"
#include "native/collector/store/arrival.h"

namespace candor {

enum class UnknownFields : std::uint8_t {
  // A report with members at places that its catalogue does not name is refused. Members among open
  // keys that look like none of those are set apart, as below.
  kRefuse,
  // It is kept as it came; what is not named stands in Arrival::unknown, and in no statistics.
  kKeep,
};

// As reports are kept by: a UUID in lower case, whichever case it came in.
std::string InstallationName(std::string name);

class ArrivalReader {
 public:
  ArrivalReader(std::vector<Catalogue> catalogues, UnknownFields unknown);

  // An arrival without key and address, read by the catalogue that names most of what is there.
  // Errors: those of ReadJson and ReceivedReport; kOverLimit, for sums beyond 2^53-1 and more
  // values than statistics take. REQUIRES: at least one catalogue.
  Result<Arrival> Read(std::string bytes) const;
  // `digest`: DigestOf(bytes), which is known already.
  Result<Arrival> Read(std::string bytes, std::string digest) const;

 private:
  struct Known {
    explicit Known(Catalogue of)
        : catalogue(std::make_unique<const Catalogue>(std::move(of))), reader(*catalogue) {}
    std::unique_ptr<const Catalogue> catalogue;
    ReceivedReportReader reader;
  };

  const UnknownFields unknown_;
  std::vector<Known> known_;
};

}  // namespace candor
