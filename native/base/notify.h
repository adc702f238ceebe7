// Telling systemd what the service does (sd_notify(3)); nothing where NOTIFY_SOCKET is not set.
#pragma once

#include <string>

namespace candor {

// "READY=1", "STOPPING=1", "STATUS=..."; several with line feeds between.
void NotifySystemd(const std::string& state);
// With the time that Type=notify-reload asks for.
void NotifyReloading();

}  // namespace candor
