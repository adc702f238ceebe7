#include "native/admin/admin_api.h"

#include <memory>
#include <utility>

#include "core/text.h"
#include "native/admin/openapi.h"
#include "native/http/headers.h"
#include "native/http/problem.h"
#include "native/http/security_headers.h"

namespace candor {

// What is known of a request once its head was looked at.
struct AdminApi::Call {
  const Route* route;
  std::vector<std::string> parts;
  Caller caller;
};

namespace {

std::string_view QueryOf(std::string_view target) {
  const std::size_t mark = target.find('?');
  return mark == std::string_view::npos ? "" : target.substr(mark + 1);
}

HttpAnswer UnknownPath(std::string_view path) {
  std::vector<std::string_view> paths;
  for (const Route& route : Routes()) paths.push_back(route.path);
  std::string detail = "there is no " + Quotable(path, 200);
  const std::string_view nearest = Nearest(path, paths);
  if (!nearest.empty()) detail.append("; did you mean ").append(nearest).append("?");
  return ProblemAnswer(404, std::move(detail), {}, true);
}

HttpAnswer WrongMethod(const std::string& allow) {
  HttpAnswer answer = ProblemAnswer(405, "this takes " + allow, {}, true);
  answer.headers.emplace_back("Allow", allow);
  return answer;
}

// As the engine words it, and the page reads it.
HttpAnswer EngineForbids() {
  HttpAnswer answer;
  answer.status = 403;
  answer.body = JsonObject([](JsonWriter& writer) {
    writer.Key("type");
    writer.String("AuthorizationException");
    writer.Key("message");
    writer.String("ENGINE-03029 Required admin authenticated group or user.");
  });
  return answer;
}

HttpAnswer NobodySignedIn(const HttpRequest& head, const Caller& caller) {
  const std::string reason = caller.reason.empty() ? "none" : caller.reason;
  HttpAnswer answer =
      ProblemAnswer(401,
                    reason == "none" ? "sign in, or bring name and password as Authorization: Basic"
                                     : "the session has ended; sign in again",
                    [&reason](JsonWriter& writer) {
                      writer.Key("reason");
                      writer.String(reason);
                    });
  // Browsers would ask with a window of their own, in front of the page's.
  const bool browser = CountHeaders(head, "Sec-Fetch-Site") + CountHeaders(head, "Origin") +
                           CountHeaders(head, "Cookie") >
                       0;
  answer.headers.emplace_back("WWW-Authenticate",
                              browser ? "Session realm=\"candor\"" : "Basic realm=\"candor\"");
  answer.headers.emplace_back("Connection", "close");
  return answer;
}

std::optional<HttpAnswer> RefuseRole(const HttpRequest& head, const Route& route,
                                     const Caller& caller) {
  if (caller.role >= route.role) return std::nullopt;
  // Whom a proxy or a host names is somebody, also without a role.
  if (caller.role == Role::kNone && caller.user.empty()) return NobodySignedIn(head, caller);
  HttpAnswer answer = route.form == RefusalForm::kEngine ? EngineForbids()
                      : route.role == Role::kSuperuser
                          ? ProblemAnswer(403, "this is for superusers")
                          : ProblemAnswer(403, "this user may not look at telemetry");
  answer.headers.emplace_back("Connection", "close");
  return answer;
}

// The page's own files may run.
constexpr std::string_view kPagePolicy =
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; "
    "style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'none'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types candor lit-html";

HttpAnswer Secured(HttpAnswer answer, const Route* route) {
  const bool page = route != nullptr && answer.status < 400 &&
                    (route->id == RouteId::kPage || route->id == RouteId::kPageFile);
  AddSecurityHeaders(answer, page ? kPagePolicy : kDataPolicy);
  return answer;
}

}  // namespace

AdminApi::AdminApi(Guard guard, Doorkeeper& doorkeeper, AdminHandlers& handlers,
                   AdminEvents& events, std::span<const PageFile> page)
    : guard_(std::move(guard)),
      doorkeeper_(doorkeeper),
      handlers_(handlers),
      events_(events),
      page_(page) {}

HttpNext AdminApi::Begin(const HttpRequest& head, const HttpPeer& peer) {
  HttpNext next = Admit(head, peer);
  if (next.answer) next.answer = Secured(*std::move(next.answer), nullptr);
  return next;
}

HttpNext AdminApi::Admit(const HttpRequest& head, const HttpPeer& peer) {
  if (auto refusal = guard_.Refuse(head, peer)) return {std::move(refusal)};
  const std::string_view path = PathOf(head.target);
  RouteMatch match = FindRoute(head.method, path);
  if (match.allow.empty()) return {UnknownPath(path)};
  if (match.route == nullptr) return {WrongMethod(match.allow)};
  const Route& route = *match.route;
  auto call = std::make_shared<Call>(Call{&route, std::move(match.parts), {}});
  // The page's own files are the same for everybody.
  const bool asks_who = route.owner != RouteOwner::kServer || route.role != Role::kNone;
  if (asks_who) {
    Doorkeeper::Identified identified = doorkeeper_.Identify(head, peer);
    if (identified.refusal) return {std::move(identified.refusal)};
    call->caller = std::move(identified.caller);
  }
  if (auto refusal = RefuseRole(head, route, call->caller)) return {std::move(refusal)};
  if (route.needs_token) {
    if (auto refusal = doorkeeper_.RefuseToken(head, call->caller)) return {std::move(refusal)};
  }
  if (auto refusal = RefuseShape(head, route)) return {std::move(refusal)};
  return {.then = [this, call](const HttpRequest& request) {
    return Secured(Answer(*call, request), call->route);
  }};
}

HttpAnswer AdminApi::Answer(const Call& call, const HttpRequest& request) {
  const Route& route = *call.route;
  // A body may take half a minute to come, and sessions may end in the meantime.
  if (route.role != Role::kNone && !request.body.empty() && !doorkeeper_.StillIn(call.caller)) {
    Caller gone;
    gone.reason = "revoked";
    return NobodySignedIn(request, gone);
  }
  const AdminRequest asked{request, call.caller, std::string(PathOf(request.target)),
                           std::string(QueryOf(request.target)), call.parts};
  switch (route.owner) {
    case RouteOwner::kServer:
      return AnswerItself(call, asked);
    case RouteOwner::kDoorkeeper:
      return doorkeeper_.Answer(route.id, asked);
    case RouteOwner::kHandlers:
      break;
  }
  return handlers_.Answer(route.id, asked);
}

HttpAnswer AdminApi::AnswerItself(const Call& call, const AdminRequest& request) {
  switch (call.route->id) {
    case RouteId::kHealth:
      return {200, "text/plain; charset=utf-8", "ok\n", {}};
    case RouteId::kOpenApi:
      return {200, "application/json", std::string(OpenApiJson()), {}};
    case RouteId::kEvents:
      return Follow(request);
    default:
      return AnswerPage(page_, request.http, request.path);
  }
}

HttpAnswer AdminApi::Follow(const AdminRequest& request) {
  HttpAnswer answer;
  answer.content_type = "text/event-stream";
  if (request.http.method == "HEAD") return answer;
  // Asked on the events' own thread, which may outlive this object and not the doorkeeper.
  answer.stream = events_.Open(request.caller, [&doorkeeper = doorkeeper_](const Caller& caller) {
    return doorkeeper.StillIn(caller);
  });
  if (answer.stream == nullptr) {
    return TryAgain(503, "too many pages follow the events", 30);
  }
  // So that the other side knows at once that it is heard.
  answer.body = "retry: 2000\n\n";
  return answer;
}

}  // namespace candor
