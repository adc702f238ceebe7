// Licence data is for superusers: what it is, and where it stands, is said here and nowhere else.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/catalogue.h"
#include "native/admin/admin_request.h"
#include "native/host/host_core.h"
#include "native/reporter/fact_source.h"
#include "native/state/state.h"

namespace candor {

// Facts without licence data, for a preview that anybody may see: the key itself, and what stands
// at the places where a catalogue has the parts of one.
class FactsWithoutLicense : public FactSource {
 public:
  // Both borrowed.
  FactsWithoutLicense(FactSource& all, const Catalogue& catalogue);

  std::string Facts() override;
  CounterTotals Totals() override { return all_.Totals(); }
  bool SyncTotals() override { return all_.SyncTotals(); }

  // The pointers under which Facts took something out; [] before it was called.
  const std::vector<std::string>& hidden() const { return hidden_; }

 private:
  FactSource& all_;
  const Catalogue& catalogue_;
  std::vector<std::string> hidden_;
};

// Whether the bytes of a report made by the catalogue of this name may tell something of a licence:
// something stands at its place that is not what stands there for no licence at all. Also for bytes
// that cannot be read, and for a catalogue that is not known here any more.
bool HoldsLicense(std::string_view report, std::string_view catalogue_name,
                  const Catalogue& catalogue);

// The texts of the licence in force that a viewer must not see, for what others wrote: a service's
// receipt may repeat what it got.
class LicenseTexts {
 public:
  // None for who may see them. Borrows `core`; the facts are read when they are first needed.
  LicenseTexts(const Caller& caller, HostCore& core)
      : core_(caller.role == Role::kSuperuser ? nullptr : &core) {}

  // Of a report's record, what others wrote is left out where it holds one of them.
  void TakeOut(SealedReport& record) const;
  // Whether one of them is in a JSON text.
  bool AreIn(std::string_view json) const;

 private:
  const std::vector<std::string>& Texts() const;
  bool Tell(std::string_view text) const;

  HostCore* core_;
  mutable std::optional<std::vector<std::string>> texts_;
};

}  // namespace candor
