// The admin API's handlers on a real reporter's state, asked without a socket.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/json_value.h"
#include "native/admin/handlers/target_handlers.h"
#include "native/host/host_core.h"
#include "tests/native/folder.h"

namespace candor {

inline const std::string kAdminFacts =
    R"({"values": {"product": {"name": "Camunda BPM Runtime", "version": "7.19.0", )"
    R"("edition": "community"}}})";
// A key whose customer and text must reach no viewer.
inline constexpr char kCustomer[] = "Zanzibar Trading Company";
inline constexpr char kLicenseKey[] =
    "c2lnbmF0dXJlc2lnbmF0dXJl;customer=Zanzibar Trading Company;expiryDate=2030-09-30;"
    "camundaBPM=true;secretFeature=quince";

// `mode` online and an endpoint that nobody is at, unless `more` says otherwise.
std::string AdminConfig(const std::string& catalogue, const std::string& more = "");

class HandlersRig {
 public:
  // `database`: PostgreSQL's, "" for the folder.
  explicit HandlersRig(const std::string& config, const std::string& database = "");

  // Takes another configuration, as a change of its file does.
  void Configure(const std::string& config);
  void SetFacts(const std::string& facts);
  void Count(std::string_view name, std::uint64_t n = 1);

  // REQUIRES: there is such a route, and it is the handlers'.
  HttpAnswer Ask(const std::string& method, const std::string& target, const std::string& body,
                 const HttpHeaders& headers, const Caller& caller);
  HttpAnswer Get(const std::string& target) { return Ask("GET", target, "", {}, ada); }
  HttpAnswer GetAsViewer(const std::string& target) { return Ask("GET", target, "", {}, eve); }
  HttpAnswer Preview(const std::string& body, const Caller& caller) {
    return Ask("POST", "/api/v1/preview", body, {}, caller);
  }
  HttpAnswer Decide(const std::string& body, const std::string& tag, const Caller& caller) {
    return Ask("PUT", "/api/v1/consent", body, {{"If-Match", tag}}, caller);
  }
  // The ETag of GET /api/v1/consent.
  std::string Tag();

  AdminTarget& target() { return *target_; }
  TargetHandlers& handlers() { return handlers_; }
  HostCore& core() { return *core_; }
  const std::shared_ptr<HostCore>& shared_core() const { return core_; }
  const Folder& folder() const { return folder_; }
  std::string StateFolder() const { return folder_.Path("state"); }
  Snapshot Read();
  // Sends what waits, or what would be sent now, to the configured endpoint.
  Result<SendOutcome> SendNow();

  const Caller ada{Role::kSuperuser, "ada", "account", "session-1", "127.0.0.1", ""};
  const Caller bob{Role::kSuperuser, "bob", "account", "session-2", "127.0.0.1", ""};
  const Caller eve{Role::kViewer, "eve", "account", "session-3", "127.0.0.1", ""};

 private:
  const Folder folder_;
  const std::string database_;
  std::string facts_ = kAdminFacts;
  std::shared_ptr<HostCore> core_;
  std::shared_ptr<AdminTarget> target_;
  TargetHandlers handlers_;
};

// Of an answer.
std::string Header(const HttpAnswer& answer, std::string_view name);
JsonValue Document(const HttpAnswer& answer);
// The text or number at a path of keys, "" when there is none.
std::string TextAt(const JsonValue& document, std::initializer_list<std::string_view> keys);
// The digest of a bundle.
std::string DigestIn(const HttpAnswer& bundle);
std::string GrantOf(const std::string& digest, const std::string& withheld = "[]");

}  // namespace candor
