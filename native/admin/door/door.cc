#include "native/admin/door/door.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "core/sha256.h"
#include "core/text.h"
#include "native/admin/door/door_answers.h"
#include "native/base/secrets.h"
#include "native/http/headers.h"
#include "native/http/proxy_peer.h"

namespace candor {
namespace {

constexpr std::string_view kBasicId = "basic:";

bool IsScheme(std::string_view authorization, std::string_view scheme) {
  return authorization.size() > scheme.size() && authorization[scheme.size()] == ' ' &&
         EqualNames(authorization.substr(0, scheme.size()), scheme);
}

Caller CallerFrom(const std::string& peer) {
  Caller caller;
  caller.peer = peer;
  return caller;
}

Result<ProxyOptions> Checked(ProxyOptions options) {
  Problems problems;
  for (std::string& peer : options.peers) {
    const std::optional<std::string> address = ProxyPeer(peer);
    if (address) {
      peer = *address;
    } else {
      problems.Add({ErrorCode::kOutOfRange, "--admin-proxy",
                    Quotable(peer) + " must be an address such as 10.0.0.7, or \"unix\""});
    }
  }
  if (!problems.empty()) return problems;
  return options;
}

}  // namespace

std::string_view AdminCredentials::Header(std::string_view name) const {
  std::string_view only;
  for (const auto& [key, value] : headers) {
    if (!EqualNames(key, name)) continue;
    if (only.data() != nullptr) return {};
    only = value;
  }
  return Trimmed(only);
}

Result<std::unique_ptr<Door>> Door::Open(DoorOptions options, Clock& clock, Random& random) {
  Result<ProxyOptions> proxy = Checked(std::move(options.proxy));
  if (!proxy.ok()) return std::move(proxy).problems();
  options.proxy = std::move(proxy).value();
  Result<std::unique_ptr<AdminDatabase>> database =
      AdminDatabase::Open(options.state_folder, random);
  if (!database.ok()) return std::move(database).problems();
  return std::unique_ptr<Door>(
      new Door(std::move(options), std::move(database).value(), clock, random));
}

Door::Door(DoorOptions options, std::unique_ptr<AdminDatabase> database, Clock& clock,
           Random& random)
    : options_(std::move(options)),
      trust_(options_.proxy),
      database_(std::move(database)),
      clock_(clock),
      hasher_(options_.hash_cost),
      accounts_(*database_, hasher_, clock),
      sessions_(*database_, clock, random),
      desk_(*database_, accounts_, clock, random) {
  if (!options_.check && !trust_.is_used()) setup_.emplace(accounts_, clock, random);
}

std::optional<std::string> Door::SetupToken() {
  return setup_ ? setup_->token() : std::optional<std::string>();
}

void Door::OnEnd(std::function<void(const std::string&)> session,
                 std::function<void(const std::string&)> user) {
  session_ended_ = std::move(session);
  user_ended_ = std::move(user);
}

Doorkeeper::Identified Door::Identify(const HttpRequest& request, const HttpPeer& peer) {
  if (options_.check) return IdentifyByHost(request, peer.address);
  const std::string from = trust_.ClientOf(request, peer);
  const ProxyTrust::Named named = trust_.UserOf(request, peer);
  if (!named.refusal.empty()) {
    return {CallerFrom(from), ProblemAnswer(400, named.refusal, {}, true)};
  }
  if (!named.user.empty()) return IdentifyByProxy(named, from);
  if (CountHeaders(request, "Authorization") > 0) {
    return IdentifyByPassword(OnlyHeader(request, "Authorization").value_or(""), from);
  }
  return IdentifyByCookie(SessionCookieOf(request), from);
}

Doorkeeper::Identified Door::IdentifyByProxy(const ProxyTrust::Named& named,
                                             const std::string& from) {
  Caller caller = CallerFrom(from);
  caller.user = named.user;
  caller.via = "proxy";
  caller.role = named.role;
  caller.session = "proxy:" + Sha256Hex(named.user);
  desk_.TellSeen(caller.user, caller.role, from, caller.via);
  return {std::move(caller)};
}

Doorkeeper::Identified Door::IdentifyByHost(const HttpRequest& request, const std::string& from) {
  AdminIdentity identity;
  try {
    identity = options_.check({request.method, request.target, request.headers, from});
  } catch (...) {
    identity = {};
  }
  Caller caller = CallerFrom(from);
  if (identity.user.empty() || !IsUserText(identity.user)) return {std::move(caller)};
  caller.user = identity.user;
  caller.via = "host";
  caller.session = "host:" + Sha256Hex(identity.user);
  caller.role = trust_.RoleOf(identity.user, "", identity.groups);
  if (caller.role == Role::kViewer && !identity.viewer) caller.role = Role::kNone;
  desk_.TellSeen(caller.user, caller.role, from, caller.via);
  return {std::move(caller)};
}

Doorkeeper::Identified Door::IdentifyByPassword(std::string_view authorization,
                                                const std::string& from) {
  Caller caller = CallerFrom(from);
  constexpr std::string_view kScheme = "Basic";
  if (!IsScheme(authorization, kScheme)) return {std::move(caller)};
  std::optional<std::string> both = FromBase64(Trimmed(authorization.substr(kScheme.size())));
  if (!both) return {std::move(caller)};
  const Wiped wiped(*both);
  const std::size_t colon = both->find(':');
  if (colon == std::string::npos) return {std::move(caller)};
  const std::string_view text = *both;
  const SignInAnswer answer =
      desk_.CheckRequest(text.substr(0, colon), text.substr(colon + 1), from);
  if (answer.kind == SignInAnswer::Kind::kWrong) return {std::move(caller)};
  if (answer.kind != SignInAnswer::Kind::kRight) return {std::move(caller), LaterAnswer(answer)};
  caller.role = answer.account.role;
  caller.user = answer.account.name;
  caller.via = "basic";
  caller.session = std::string(kBasicId) + Decimal(answer.account.generation);
  return {std::move(caller)};
}

Doorkeeper::Identified Door::IdentifyByCookie(std::string_view token, const std::string& from) {
  Caller caller = CallerFrom(from);
  if (token.empty()) return {std::move(caller)};
  Result<SessionLook> found = sessions_.Find(token);
  if (!found.ok()) return {std::move(caller), UnavailableAnswer()};
  const SessionLook& look = found.value();
  if (look.state == SessionState::kExpired) caller.reason = "expired";
  if (look.state == SessionState::kRevoked) caller.reason = "revoked";
  if (look.state != SessionState::kLive) return {std::move(caller)};
  caller.role = look.role;
  caller.user = look.user;
  caller.via = "account";
  caller.session = look.id;
  return {std::move(caller)};
}

std::optional<HttpAnswer> Door::RefuseToken(const HttpRequest& request, const Caller& caller) {
  if (caller.via == "basic") return std::nullopt;
  // A host's programs bring what no page of another origin can.
  if (caller.via == "host" && CountHeaders(request, "Cookie") == 0) return std::nullopt;
  const auto given = OnlyHeader(request, kRequestTokenHeader);
  const Result<std::string> token = sessions_.RequestToken(caller.session);
  if (!token.ok()) return UnavailableAnswer();
  if (given && EqualBytes(*given, token.value())) return std::nullopt;
  return ProblemAnswer(403, "X-Candor-Token must hold what GET /api/v1/session gives as \"csrf\"");
}

bool Door::StillIn(const Caller& caller) {
  if (caller.via == "account") {
    const Result<SessionLook> look = sessions_.Look(caller.session);
    return look.ok() && look.value().state == SessionState::kLive &&
           look.value().user == caller.user && look.value().role == caller.role;
  }
  if (caller.via == "basic") {
    std::int64_t generation = 0;
    return ParseDecimal(std::string_view(caller.session).substr(kBasicId.size()), &generation) &&
           desk_.IsCurrent(caller.user, generation);
  }
  return true;
}

}  // namespace candor
