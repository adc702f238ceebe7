// What the components say, now and lately.
#pragma once

#include "native/admin/admin_request.h"
#include "native/admin/admin_target.h"

namespace candor {

// 404 where none are asked, 503 before the first round.
HttpAnswer ReadComponents(AdminTarget& target);
// "?component=ID or RELEASE/ID&since=MS"; without, a list of all.
HttpAnswer ReadMetrics(AdminTarget& target, const AdminRequest& request);

}  // namespace candor
