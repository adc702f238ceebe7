// The C ABI over candor/admin.h.
#include <deque>
#include <new>
#include <string>
#include <utility>

#include "native/host/c_texts.h"
#include "native/include/candor/admin.h"
#include "native/include/candor/candor.h"

struct candor_admin {
  candor_admin(candor::Telemetry& telemetry, candor::HostAdminOptions options)
      : admin(telemetry, std::move(options)) {}
  candor::HostAdmin admin;
};

// Texts end in NUL here, and live as long as the check.
struct candor_admin_request {
  const candor::AdminCredentials& credentials;
  mutable std::deque<std::string> texts;

  const char* Keep(std::string_view text) const { return texts.emplace_back(text).c_str(); }
};

struct candor_admin_identity {
  candor::AdminIdentity identity;
};

namespace {

using candor::Copy, candor::Lines, candor::Text;

candor::HostAdminOptions OptionsOf(const candor_admin_options& options) {
  candor::HostAdminOptions made;
  made.listen = Lines(options.listen);
  made.certificate_file = Text(options.certificate_file);
  made.key_file = Text(options.key_file);
  made.hosts = Lines(options.hosts);
  made.superusers = Lines(options.superusers);
  if (options.superuser_groups != nullptr) made.superuser_groups = Lines(options.superuser_groups);
  if (options.check == nullptr) return made;
  made.check = [check = options.check,
                context = options.check_context](const candor::AdminCredentials& credentials) {
    const candor_admin_request request{credentials, {}};
    candor_admin_identity identity;
    check(context, &request, &identity);
    return identity.identity;
  };
  return made;
}

// A text that there is no memory for is an empty one.
template <typename Get>
const char* Kept(const candor_admin_request* request, Get&& get) noexcept {
  try {
    return request == nullptr ? "" : request->Keep(get(request->credentials));
  } catch (...) {
    return "";
  }
}

}  // namespace

extern "C" {

const char* candor_admin_header(const candor_admin_request* request, const char* name) {
  return Kept(request, [name](const auto& from) { return from.Header(Text(name)); });
}

const char* candor_admin_method(const candor_admin_request* request) {
  return Kept(request, [](const auto& from) { return from.method; });
}

const char* candor_admin_target(const candor_admin_request* request) {
  return Kept(request, [](const auto& from) { return from.target; });
}

const char* candor_admin_peer(const candor_admin_request* request) {
  return Kept(request, [](const auto& from) { return from.peer; });
}

void candor_admin_name(candor_admin_identity* identity, const char* user) {
  try {
    if (identity != nullptr) identity->identity.user = Text(user);
  } catch (...) {
    identity->identity.user.clear();
  }
}

void candor_admin_group(candor_admin_identity* identity, const char* group) {
  try {
    if (identity != nullptr) identity->identity.groups.emplace_back(Text(group));
  } catch (...) {
    // In one group less.
  }
}

candor_admin* candor_admin_start(candor_telemetry* telemetry, const candor_admin_options* options,
                                 char** why) {
  if (why != nullptr) *why = nullptr;
  if (telemetry == nullptr || options == nullptr) {
    if (why != nullptr) *why = Copy("telemetry and options are needed");
    return nullptr;
  }
  candor_admin* made = nullptr;
  try {
    made = new candor_admin(telemetry->telemetry, OptionsOf(*options));
    std::string reason;
    if (made->admin.Start(&reason)) return made;
    if (why != nullptr) *why = Copy(reason);
  } catch (...) {
    // Out of memory.
  }
  delete made;
  return nullptr;
}

void candor_admin_stop(candor_admin* admin) { delete admin; }

char* candor_admin_url(candor_admin* admin) {
  return admin == nullptr ? nullptr : Copy(admin->admin.Url());
}

char* candor_admin_setup_link(candor_admin* admin) {
  return admin == nullptr ? nullptr : Copy(admin->admin.SetupLink());
}

}  // extern "C"
