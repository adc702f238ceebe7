// The admin server's doorkeeper: local accounts with sessions, programs with a password in every
// request, users of a trusted proxy, or whoever a host application says it is.
//
// Safe from any thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "native/admin/accounts/accounts.h"
#include "native/admin/accounts/admin_database.h"
#include "native/admin/accounts/password_hash.h"
#include "native/admin/accounts/sessions.h"
#include "native/admin/accounts/setup_link.h"
#include "native/admin/accounts/sign_in_desk.h"
#include "native/admin/admin_handlers.h"
#include "native/admin/door/proxy_trust.h"
#include "native/base/clock.h"
#include "native/base/random.h"
#include "native/include/candor/admin.h"

namespace candor {

struct DoorOptions {
  std::string state_folder;
  std::string version;  // Told to the page.
  // Also says who of the host's users is what, by name and group.
  ProxyOptions proxy;
  // Where there is one, it alone says who asks.
  AdminCheck check;
  HashCost hash_cost;
};

inline constexpr std::string_view kSessionCookie = "__Host-candor";
inline constexpr std::string_view kRequestTokenHeader = "X-Candor-Token";

class Door : public Doorkeeper {
 public:
  // Errors: those of AdminDatabase::Open; kOutOfRange (a proxy that is no address).
  static Result<std::unique_ptr<Door>> Open(DoorOptions options, Clock& clock, Random& random);

  // For a link ".../#setup=TOKEN"; nothing when there is an account, or others say who asks.
  std::optional<std::string> SetupToken();
  // Called with the id of every session that ends here, and the name of every user whose sessions
  // all do. Before the first request.
  void OnEnd(std::function<void(const std::string& session)> session,
             std::function<void(const std::string& user)> user);

  Identified Identify(const HttpRequest& request, const HttpPeer& peer) override;
  std::optional<HttpAnswer> RefuseToken(const HttpRequest& request, const Caller& caller) override;
  bool StillIn(const Caller& caller) override;
  HttpAnswer Answer(RouteId route, const AdminRequest& request) override;

 private:
  Door(DoorOptions options, std::unique_ptr<AdminDatabase> database, Clock& clock, Random& random);

  Identified IdentifyByProxy(const ProxyTrust::Named& named, const std::string& from);
  Identified IdentifyByHost(const HttpRequest& request, const std::string& from);
  Identified IdentifyByPassword(std::string_view authorization, const std::string& from);
  Identified IdentifyByCookie(std::string_view token, const std::string& from);

  HttpAnswer SessionAnswer(const Caller& caller, int status);
  HttpAnswer BeginSession(const Account& account, const AdminRequest& request, int status);
  HttpAnswer SignIn(const AdminRequest& request);
  HttpAnswer SignOut(const AdminRequest& request);
  HttpAnswer SetUp(const AdminRequest& request);
  HttpAnswer ChangePassword(const AdminRequest& request);
  HttpAnswer ListAccounts();
  HttpAnswer AddAccount(const AdminRequest& request);
  HttpAnswer RemoveAccount(const AdminRequest& request);
  HttpAnswer ReadAudit();

  const DoorOptions options_;
  const ProxyTrust trust_;
  const std::unique_ptr<AdminDatabase> database_;
  Clock& clock_;
  PasswordHasher hasher_;
  Accounts accounts_;
  Sessions sessions_;
  SignInDesk desk_;
  std::optional<SetupLink> setup_;
  std::function<void(const std::string&)> session_ended_, user_ended_;
};

}  // namespace candor
