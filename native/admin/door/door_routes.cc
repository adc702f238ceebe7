// What the doorkeeper answers: sessions, set-up, passwords, accounts and the audit.
#include <array>
#include <span>
#include <utility>

#include "core/json_members.h"
#include "core/json_reader.h"
#include "core/json_writer.h"
#include "native/admin/accounts/account_json.h"
#include "native/admin/accounts/audit.h"
#include "native/admin/door/door.h"
#include "native/admin/door/door_answers.h"
#include "native/http/problem.h"

namespace candor {
namespace {

constexpr std::size_t kMostAuditEntries = 1'000;
constexpr JsonLimits kBodyLimits{.max_bytes = std::size_t{64} << 10, .max_depth = 4};

// An object of exactly these texts. 400 when it is no JSON, 422 when it is another object.
template <std::size_t kCount>
std::optional<HttpAnswer> ReadTexts(const std::string& body,
                                    const std::array<std::string_view, kCount>& keys,
                                    std::array<std::string, kCount>& texts) {
  const Result<JsonValue> document = ReadJson(body, kBodyLimits);
  if (!document.ok()) return ProblemAnswer(400, "the body is no JSON", document.problems());
  Problems problems;
  JsonMembers members(document.value(), "", problems);
  for (std::size_t i = 0; i < kCount; ++i) {
    const JsonValue* text = members.Get(keys[i], JsonKind::kString, Need::kRequired);
    if (text != nullptr) texts[i] = text->text();
  }
  members.Finish();
  if (problems.empty()) return std::nullopt;
  return ProblemAnswer(422, "not what is needed here", problems);
}

HttpAnswer Json(std::string body, int status = 200) {
  HttpAnswer answer;
  answer.status = status;
  answer.body = std::move(body);
  return answer;
}

HttpAnswer Nothing() {
  HttpAnswer answer;
  answer.status = 204;
  answer.content_type.clear();
  return answer;
}

void TextOrNull(JsonWriter& writer, std::string_view key, std::string_view text) {
  writer.Key(key);
  if (text.empty()) {
    writer.Null();
  } else {
    writer.String(text);
  }
}

Problems Moved(const Problems& problems, const std::string& where) {
  Problems moved;
  for (Error error : problems.list()) {
    if (error.where == "/password") error.where = where;
    moved.Add(std::move(error));
  }
  return moved;
}

HttpAnswer NotHere() {
  return ProblemAnswer(409,
                       "whoever is signed in here has no password here: it is changed where "
                       "they sign in");
}

Doer ActorOf(const Caller& caller) { return {caller.user, caller.peer}; }

}  // namespace

HttpAnswer Door::Answer(RouteId route, const AdminRequest& request) {
  switch (route) {
    case RouteId::kReadSession:
      return SessionAnswer(request.caller, 200);
    case RouteId::kSignIn:
      return SignIn(request);
    case RouteId::kSignOut:
      return SignOut(request);
    case RouteId::kSetUp:
      return SetUp(request);
    case RouteId::kChangePassword:
      return ChangePassword(request);
    case RouteId::kListAccounts:
      return ListAccounts();
    case RouteId::kAddAccount:
      return AddAccount(request);
    case RouteId::kRemoveAccount:
      return RemoveAccount(request);
    case RouteId::kReadAudit:
      return ReadAudit();
    default:
      return ProblemAnswer(404, "there is no such path");
  }
}

HttpAnswer Door::SessionAnswer(const Caller& caller, int status) {
  std::string csrf;
  std::optional<UnixMillis> ends_ms;
  if (!caller.session.empty() && caller.via != "basic") {
    const Result<std::string> token = sessions_.RequestToken(caller.session);
    if (!token.ok()) return UnavailableAnswer();
    csrf = token.value();
  }
  if (caller.via == "account") {
    const Result<SessionLook> look = sessions_.Look(caller.session);
    if (!look.ok()) return UnavailableAnswer();
    ends_ms = look.value().ends_ms;
  }
  const bool needs_setup = SetupToken().has_value();
  return Json(JsonObject([&](JsonWriter& writer) {
                TextOrNull(writer, "user", caller.user);
                TextOrNull(writer, "role", Name(caller.role));
                TextOrNull(writer, "via", caller.via);
                TextOrNull(writer, "csrf", csrf);
                writer.Key("needsSetup");
                writer.Boolean(needs_setup);
                writer.Key("idleMs");
                writer.Integer(kSessionIdleMs);
                writer.Key("expiresMs");
                if (ends_ms) {
                  writer.Integer(*ends_ms);
                } else {
                  writer.Null();
                }
                TextOrNull(writer, "version", options_.version);
                TextOrNull(writer, "reason", caller.reason);
              }),
              status);
}

HttpAnswer Door::BeginSession(const Account& account, const AdminRequest& request, int status) {
  const Result<Sessions::Begun> begun = sessions_.Begin(
      account, std::string(SessionCookieOf(request.http)), {account.name, request.caller.peer});
  if (!begun.ok()) {
    return begun.error().code == ErrorCode::kConflict ? ProblemAnswer(401, begun.error().message)
                                                      : UnavailableAnswer();
  }
  if (session_ended_ && request.caller.via == "account") session_ended_(request.caller.session);
  Caller caller;
  caller.role = account.role;
  caller.user = account.name;
  caller.via = "account";
  caller.session = begun.value().look.id;
  HttpAnswer answer = SessionAnswer(caller, status);
  answer.headers.emplace_back("Set-Cookie", SessionCookie(begun.value().token));
  return answer;
}

HttpAnswer Door::SignIn(const AdminRequest& request) {
  if (options_.check) return ProblemAnswer(409, "the application signs in, not this page");
  if (request.caller.via == "proxy") return ProblemAnswer(409, "the proxy signed somebody in");
  std::array<std::string, 2> texts;
  if (auto refusal = ReadTexts<2>(request.http.body, {"name", "password"}, texts)) return *refusal;
  const SignInAnswer answer = desk_.Check(texts[0], texts[1], request.caller.peer);
  if (answer.kind == SignInAnswer::Kind::kWrong) {
    return ProblemAnswer(401, "the name or the password is wrong");
  }
  if (answer.kind != SignInAnswer::Kind::kRight) return LaterAnswer(answer);
  return BeginSession(answer.account, request, 200);
}

HttpAnswer Door::SignOut(const AdminRequest& request) {
  HttpAnswer answer = Nothing();
  if (request.caller.via != "account") return answer;
  if (sessions_.End(request.caller.session, ActorOf(request.caller))) return UnavailableAnswer();
  if (session_ended_) session_ended_(request.caller.session);
  answer.headers.emplace_back("Set-Cookie", SessionCookie(""));
  return answer;
}

HttpAnswer Door::SetUp(const AdminRequest& request) {
  std::array<std::string, 3> texts;
  if (auto refusal = ReadTexts<3>(request.http.body, {"token", "name", "password"}, texts)) {
    return *refusal;
  }
  Problems problems;
  const NewAccount wanted{texts[1], Role::kSuperuser, texts[2]};
  const SetupLink::Outcome outcome =
      setup_ ? setup_->Use(texts[0], wanted, {texts[1], request.caller.peer}, problems)
             : SetupLink::Outcome::kWrongToken;
  if (outcome == SetupLink::Outcome::kWrongToken) {
    return ProblemAnswer(403, "the link is of another start, too old, or was used already");
  }
  if (outcome == SetupLink::Outcome::kRefused) return RefusedAnswer(problems);
  const Result<std::optional<Account>> made = accounts_.Find(texts[1]);
  if (!made.ok() || !made.value()) return UnavailableAnswer();
  return BeginSession(*made.value(), request, 201);
}

HttpAnswer Door::ChangePassword(const AdminRequest& request) {
  const Caller& caller = request.caller;
  if (caller.via != "account" && caller.via != "basic") return NotHere();
  std::array<std::string, 2> texts;
  if (auto refusal = ReadTexts<2>(request.http.body, {"old", "new"}, texts)) return *refusal;
  const SignInAnswer old = desk_.Check(caller.user, texts[0], caller.peer);
  if (old.kind == SignInAnswer::Kind::kWrong) {
    Problems problems;
    problems.Add({ErrorCode::kOutOfRange, "/old", "is not the password"});
    return ProblemAnswer(422, "the password stays as it was", problems);
  }
  if (old.kind != SignInAnswer::Kind::kRight) return LaterAnswer(old);
  const std::string kept = caller.via == "account" ? caller.session : std::string();
  if (auto problems = accounts_.SetPassword(caller.user, texts[1], ActorOf(caller), kept)) {
    return RefusedAnswer(Moved(*problems, "/new"));
  }
  // Whoever is still signed in listens again.
  if (user_ended_) user_ended_(caller.user);
  return Nothing();
}

HttpAnswer Door::ListAccounts() {
  const Result<std::vector<Account>> accounts = accounts_.List();
  if (!accounts.ok()) return UnavailableAnswer();
  return Json(AccountsJson(accounts.value()));
}

HttpAnswer Door::AddAccount(const AdminRequest& request) {
  std::array<std::string, 3> texts;
  if (auto refusal = ReadTexts<3>(request.http.body, {"name", "role", "password"}, texts)) {
    return *refusal;
  }
  const NewAccount wanted{texts[0], RoleNamed(texts[1]).value_or(Role::kNone), texts[2]};
  if (auto problems = accounts_.Add(wanted, ActorOf(request.caller))) {
    return RefusedAnswer(*problems);
  }
  const Result<std::optional<Account>> made = accounts_.Find(wanted.name);
  if (!made.ok() || !made.value()) return UnavailableAnswer();
  StringSink body;
  JsonWriter writer(body);
  WriteAccount(writer, *made.value());
  writer.Finish();
  return Json(std::move(body).text(), 201);
}

HttpAnswer Door::RemoveAccount(const AdminRequest& request) {
  const std::string& name = request.parts.front();
  const Result<std::optional<Account>> account = accounts_.Find(name);
  if (!account.ok()) return UnavailableAnswer();
  if (auto problems = accounts_.Remove(name, ActorOf(request.caller))) {
    return RefusedAnswer(*problems);
  }
  if (user_ended_ && account.value()) user_ended_(account.value()->name);
  return Nothing();
}

HttpAnswer Door::ReadAudit() {
  const Result<std::vector<AuditEntry>> entries = ListAudit(*database_, kMostAuditEntries);
  if (!entries.ok()) return UnavailableAnswer();
  return Json(AuditJson(entries.value()));
}

}  // namespace candor
