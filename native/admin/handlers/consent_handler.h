// Consent, read and decided. Whoever decides says what they saw (If-Match): the decision and the
// fields that stood there then. When somebody else was faster, or the fields are others by now,
// nothing is decided and they are told what happened.
#pragma once

#include "native/admin/admin_request.h"
#include "native/admin/admin_target.h"
#include "native/admin/handlers/field_sets.h"
#include "native/admin/handlers/frozen_reports.h"

namespace candor {

// What a PUT works with. All borrowed.
struct Deciding {
  AdminTarget& target;
  FrozenReports& frozen;
  FieldSets& fields;
};

HttpAnswer ReadConsent(AdminTarget& target);
HttpAnswer DecideConsent(const Deciding& deciding, const AdminRequest& request);

// Why no yes can be given; "" where one can. `seals`: a report goes with it. By configuration.
std::string WhyNoYes(const Decision& decision, bool seals);
// Who the caller is, in the journal.
Actor ActorOf(const Caller& caller);

}  // namespace candor
