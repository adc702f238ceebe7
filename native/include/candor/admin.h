// The admin API and page of a host program, for the telemetry that it embeds.
//
//   candor::HostAdmin admin(telemetry, {
//       .listen = {"127.0.0.1:8071"},
//       .check = [&](const candor::AdminCredentials& request) -> candor::AdminIdentity {
//         const Session* session = sessions.Find(request.Header("Cookie"));
//         if (session == nullptr) return {};
//         return {.user = session->user, .groups = session->groups};
//       }});
//   std::string why;
//   if (!admin.Start(&why)) log(why);
//
// Off this machine there must be TLS. Every call is safe from any thread, but for stopping from
// within the check; none throws. It has threads of its own, which sleep while nobody asks.
//
// After a fork only the parent answers. In the child nothing starts or stops; its copy of the
// listening sockets is closed by exec, or with the child.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace candor {

class Telemetry;

// What a request brings with it, borrowed for the call.
struct AdminCredentials {
  std::string_view method, target;
  const std::vector<std::pair<std::string, std::string>>& headers;
  std::string_view peer;  // An address, or "unix".

  // The value of the only header of this name, case ignored; "" when there is none or several.
  std::string_view Header(std::string_view name) const;
};

struct AdminIdentity {
  // "" for nobody, and so is what is no UTF-8, has control characters, or is over 256 bytes.
  std::string user;
  std::vector<std::string> groups = {};
  // May look. Who decides is said by HostAdminOptions alone.
  bool viewer = true;
};

// Who asks. Called for every request, from several threads at once; it should be quick. An
// exception means nobody.
using AdminCheck = std::function<AdminIdentity(const AdminCredentials&)>;

struct HostAdminOptions {
  // "127.0.0.1:PORT", "[::1]:PORT", another address with TLS, or "unix:/PATH"; port 0 for any.
  std::vector<std::string> listen;
  std::string certificate_file, key_file;  // PEM, both or neither.
  std::vector<std::string> hosts;          // Further names by which browsers call it.
  // Who decides, by the names and groups that the check gives.
  std::vector<std::string> superusers;
  std::vector<std::string> superuser_groups = {"camunda-admin"};
  // Without one: local accounts in the state folder, as `candor user` keeps them.
  AdminCheck check;
};

class HostAdmin {
 public:
  // `telemetry` is borrowed and must live longer.
  HostAdmin(Telemetry& telemetry, HostAdminOptions options) noexcept;
  // As Stop.
  ~HostAdmin();
  HostAdmin(const HostAdmin&) = delete;
  HostAdmin& operator=(const HostAdmin&) = delete;

  // Whether it listens, also when it did before; otherwise `why` says every reason. A child of the
  // process that started it: false.
  bool Start(std::string* why = nullptr) noexcept;
  void Stop() noexcept;

  // "https://127.0.0.1:8071"; "" while it does not listen.
  std::string Url() noexcept;
  // With which the first local account is made, once; "" when there is one, or a check.
  std::string SetupLink() noexcept;

 private:
  class Running;
  Telemetry& telemetry_;
  std::shared_ptr<const HostAdminOptions> options_;
  struct Slot;
  std::unique_ptr<Slot> slot_;
};

}  // namespace candor
