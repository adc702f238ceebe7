// Who may ask the local API what, before anything is done. Internal to native/serve.
#pragma once

#include <optional>

#include "native/serve/local_api.h"

namespace candor {

// Host, Origin and token. `needs_token`: of a request over the network.
std::optional<HttpAnswer> RefuseStranger(const HttpRequest& request, const LocalAccess& access,
                                         bool needs_token);

}  // namespace candor
