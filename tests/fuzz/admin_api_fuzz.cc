// Any bytes as requests of the admin API: guard, routes and the page, without a socket. Nobody is
// asked who may not be, every answer has its headers, and refusals are documents.
#include <algorithm>
#include <array>

#include "core/json_reader.h"
#include "native/admin/admin_api.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/http_text.h"
#include "tests/native/simple_doorkeeper.h"

namespace candor {
namespace {

constexpr std::string_view kHost = "127.0.0.1:8044";

constexpr PageFile kPage[] = {
    {"/", "text/html; charset=utf-8", "\"1\"", "<p>page page page</p>", "small", false, false},
    {"/assets/a-b.js", "text/javascript", "\"2\"", "1", {}, true, false},
};

std::size_t Count(const HttpAnswer& answer, std::string_view name) {
  return static_cast<std::size_t>(
      std::count_if(answer.headers.begin(), answer.headers.end(),
                    [name](const auto& header) { return EqualNames(header.first, name); }));
}

void CheckAnswer(const HttpAnswer& answer) {
  Require(answer.status >= 200 && answer.status <= 599, "an answer has a status");
  for (const char* const name :
       {"Content-Security-Policy", "Referrer-Policy", "Cross-Origin-Opener-Policy",
        "Cross-Origin-Resource-Policy", "X-Frame-Options"}) {
    Require(Count(answer, name) == 1, "and each of its headers once");
  }
  for (const auto& [name, value] : answer.headers) {
    Require((name + value).find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos,
            "a header is a line");
  }
  if (answer.status < 400) return;
  const Result<JsonValue> document = ReadJson(answer.body);
  Require(document.ok() && document.value().is_object(), "a refusal is a document");
}

std::string_view Lower(std::string& text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return text;
}

// By other means than the guard's.
void CheckLetIn(const HttpRequest& request) {
  std::size_t hosts = 0;
  for (const auto& [name, value] : request.headers) {
    std::string copy(Trimmed(value));
    if (EqualNames(name, "Host")) {
      ++hosts;
      const std::string_view host = Lower(copy);
      Require(host == kHost || host == "localhost:8044" || host == "[::1]:8044", "Host is ours");
    }
    if (EqualNames(name, "Origin")) {
      Require(Lower(copy).find(":8044") != std::string::npos, "Origin is ours");
    }
    if (EqualNames(name, "Sec-Fetch-Site")) {
      Require(copy == "same-origin" || copy == "none" || request.target == "/",
              "only links lead here from elsewhere");
    }
  }
  Require(hosts == 1, "there is one Host");
  Require(request.target.find("//") == std::string::npos ||
              request.target.find('?') < request.target.find("//"),
          "a path has one spelling");
}

// Says who was asked with which role.
class Watching : public AdminHandlers {
 public:
  HttpAnswer Answer(RouteId route, const AdminRequest& request) override {
    for (const Route& row : Routes()) {
      if (row.id != route || row.owner != RouteOwner::kHandlers) continue;
      if (row.method != (request.http.method == "HEAD" ? "GET" : request.http.method)) continue;
      Require(request.caller.role >= row.role, "the caller may");
      Require(!row.changes() || request.caller.via == "basic" ||
                  CountHeaders(request.http, "X-Candor-Token") == 1,
              "a change brings its token");
      Require(!row.needs_if_match || CountHeaders(request.http, "If-Match") == 1,
              "and what it was made from");
      for (const std::string& part : request.parts) {
        Require(!part.empty() && part.find('\0') == std::string::npos, "a part is a text");
      }
      return Echo(route, request);
    }
    Require(false, "a handler is asked for its own routes");
    return {};
  }
};

void Check(const HttpRequest& request) {
  SimpleDoorkeeper doorkeeper;
  Watching handlers;
  AdminEvents events;
  ListenAddress address;
  address.port = 8044;
  AdminApi api(Guard({address}, {}, false), doorkeeper, handlers, events, kPage);
  HttpPeer peer;
  peer.address = "127.0.0.1";
  const HttpNext next = api.Begin(request, peer);
  Require(next.answer.has_value() != (next.then != nullptr), "one of the two");
  if (next.answer) return CheckAnswer(*next.answer);
  CheckLetIn(request);
  CheckAnswer(next.then(request));
}

}  // namespace
}  // namespace candor

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  candor::Check(candor::RequestIn(candor::AsText(data, size)));
  return 0;
}
