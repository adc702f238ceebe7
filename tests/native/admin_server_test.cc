// The admin server over real sockets: routes, the page, the guard, TLS, limits and events.
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "core/json_reader.h"
#include "tests/native/admin_server_rig.h"
#include "tests/native/certificates.h"
#include "tests/native/run_program.h"

namespace candor {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

bool Has(const ClientAnswer& answer, const std::string& line) {
  return answer.head.find("\r\n" + line + "\r\n") != std::string::npos;
}

class AdminServerTest : public AdminServerRig {
 protected:
  std::string Write(const std::string& name, const std::string& text) {
    const std::string path = folder_.Path(name);
    std::ofstream(path) << text;
    return path;
  }
};

TEST_F(AdminServerTest, AsksTheHandlerOfTheRoute) {
  Start();
  EXPECT_EQ(Ask("GET", "/healthz").body, "ok\n");
  const ClientAnswer answer = Ask("GET", "/api/v1/reports/a%2Fb/bytes", As("viewer"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_NE(answer.body.find("\"parts\": \"a/b,\""), std::string::npos) << answer.body;
  EXPECT_EQ(Ask("GET", "/api/v1/statu", As("viewer")).status, 404);
  const ClientAnswer wrong = Ask("PATCH", "/api/v1/consent", As("viewer"));
  EXPECT_EQ(wrong.status, 405);
  EXPECT_TRUE(Has(wrong, "Allow: GET, HEAD, PUT")) << wrong.head;
}

TEST_F(AdminServerTest, SaysWhyNobodyIsSignedIn) {
  Start();
  for (const auto& [name, reason] :
       {std::pair{"nobody", "none"}, {"expired", "expired"}, {"revoked", "revoked"}}) {
    const ClientAnswer answer = Ask("GET", "/api/v1/status", As(name));
    EXPECT_EQ(answer.status, 401);
    EXPECT_NE(answer.body.find("\"reason\": \"" + std::string(reason) + "\""), std::string::npos);
    EXPECT_EQ(answer.head.find("Basic"), std::string::npos) << "a browser would ask by itself";
  }
  EXPECT_TRUE(Has(Ask("GET", "/api/v1/status"), "WWW-Authenticate: Basic realm=\"candor\""));
}

TEST_F(AdminServerTest, ForbidsRatherThanAskWhoIsNamedAndHasNoRole) {
  Start();
  const ClientAnswer answer = Ask("GET", "/api/v1/status", As("stranger"));
  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(answer.head.find("WWW-Authenticate"), std::string::npos);
  EXPECT_EQ(Ask("GET", "/api/v1/audit", As("stranger")).status, 403);
  EXPECT_NE(Ask("GET", "/telemetry/configuration", As("stranger")).body.find("Authorization"),
            std::string::npos);
  EXPECT_EQ(handlers_.asked, 0);
}

TEST_F(AdminServerTest, RefusesAsTheEngineDoesOnItsRoutes) {
  Start();
  const ClientAnswer answer =
      Ask("POST", "/telemetry/configuration", WithToken("viewer"), "{\"enableTelemetry\":true}");
  EXPECT_EQ(answer.status, 403);
  EXPECT_NE(answer.body.find("\"type\": \"AuthorizationException\""), std::string::npos);
  EXPECT_EQ(handlers_.asked, 0);
}

TEST_F(AdminServerTest, SecuresEveryAnswer) {
  Start();
  for (const ClientAnswer& answer :
       {Ask("GET", "/"), Ask("GET", "/nothing"), Ask("GET", "/api/v1/status"),
        Ask("GET", "/api/v1/status", As("viewer")), Ask("PUT", "/api/v1/status"),
        Ask("GET", "/healthz", "Origin: http://evil.example\r\n"),
        AskOnce(at_, "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n"),
        Ask("PUT", "/api/v1/consent", WithToken("superuser"), "{}")}) {
    for (const char* const line :
         {"X-Content-Type-Options: nosniff", "Referrer-Policy: no-referrer",
          "Cross-Origin-Opener-Policy: same-origin", "Cross-Origin-Resource-Policy: same-origin",
          "X-Frame-Options: DENY", "Cache-Control: no-store"}) {
      EXPECT_TRUE(Has(answer, line)) << line << " in " << answer.head;
    }
    EXPECT_NE(answer.head.find("Content-Security-Policy: default-src 'none'; "), std::string::npos);
    EXPECT_EQ(answer.head.find("unsafe-inline"), std::string::npos);
  }
}

TEST_F(AdminServerTest, SaysWhatIsWrongWithABody) {
  Start();
  const std::string token = WithToken("superuser") + "If-Match: \"1\"\r\n";
  const auto status = [&](const std::string& headers) {
    return AskOnce(at_, Text("PUT", "/api/v1/consent", token + headers)).status;
  };
  const std::string json = "Content-Type: application/json\r\n";
  EXPECT_EQ(status(json), 411);
  EXPECT_EQ(status("Content-Type: text/plain\r\nContent-Length: 2\r\n"), 415);
  EXPECT_EQ(status("Content-Length: 2\r\n"), 415);
  EXPECT_EQ(status(json + "Content-Length: 1048577\r\n"), 413);
  EXPECT_EQ(status(json + "Content-Length: 2\r\nContent-Length: 2\r\n"), 400);
  EXPECT_EQ(status(json + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n"), 400);
  EXPECT_EQ(Ask("PUT", "/api/v1/consent", WithToken("superuser"), "{}").status, 428);
  EXPECT_EQ(Ask("PUT", "/api/v1/consent", token, "{}").status, 200);
  const std::string large(65'537, ' ');
  EXPECT_EQ(Ask("PUT", "/api/v1/password", WithToken("viewer"), large).status, 413);
  EXPECT_EQ(Ask("GET", "/api/v1/status?x=1", As("viewer")).status, 400);
  EXPECT_EQ(Ask("GET", "/api/v1/metrics?since=1", As("viewer")).status, 200);
}

TEST_F(AdminServerTest, LooksAgainWhoAsksWhenTheBodyHasCome) {
  Start();
  LocalClient client(at_);
  const std::string text = Text("PUT", "/api/settings", WithToken("superuser"), "{\"a\":1}");
  client.Send(text.substr(0, text.size() - 1));
  EXPECT_EQ(Ask("GET", "/healthz").status, 200);
  doorkeeper_.End("superuser");
  EXPECT_EQ(client.Ask(text.substr(text.size() - 1)).status, 401);
  EXPECT_EQ(handlers_.asked, 0);
}

// ---- the page

TEST_F(AdminServerTest, ServesThePage) {
  Start();
  const ClientAnswer page = Ask("GET", "/");
  EXPECT_EQ(page.status, 200);
  EXPECT_TRUE(page.body.starts_with("<!doctype html>"));
  EXPECT_TRUE(Has(page, "Content-Type: text/html; charset=utf-8"));
  EXPECT_NE(page.head.find("script-src 'self' 'wasm-unsafe-eval';"), std::string::npos);
  const ClientAnswer script = Ask("GET", "/assets/index-BNr1cRAh.js");
  EXPECT_TRUE(Has(script, "Content-Type: text/javascript; charset=utf-8"));
  EXPECT_TRUE(Has(script, "Cache-Control: public, max-age=31536000, immutable"));
  const ClientAnswer module = Ask("GET", "/candor-core-eOD8xFWI.wasm");
  EXPECT_EQ(module.body, std::string("\0asm\1\0\0\0", 8));
  EXPECT_TRUE(Has(module, "Content-Type: application/wasm"));
  EXPECT_TRUE(Has(Ask("GET", "/offline.html"),
                  "Content-Disposition: attachment; filename=\"candor-offline.html\""));
  const ClientAnswer head = Ask("HEAD", "/");
  EXPECT_EQ(head.status, 200);
  EXPECT_TRUE(Has(head, "Content-Length: " + std::to_string(page.body.size())));
}

TEST_F(AdminServerTest, SendsAFileOnceAndCompressed) {
  Start();
  const ClientAnswer plain = Ask("GET", "/");
  const std::size_t at = plain.head.find("ETag: ") + 6;
  const std::string etag = plain.head.substr(at, plain.head.find("\r\n", at) - at);
  EXPECT_EQ(Ask("GET", "/", "If-None-Match: " + etag + "\r\n").status, 304);
  EXPECT_EQ(Ask("GET", "/", "If-None-Match: \"other\"\r\n").status, 200);
  const ClientAnswer small = Ask("GET", "/", "Accept-Encoding: gzip, br\r\n");
  EXPECT_TRUE(Has(small, "Content-Encoding: br"));
  EXPECT_LT(small.body.size(), plain.body.size());
  const std::string packed = Write("page.br", small.body);
  EXPECT_EQ(RunLine("brotli -dc " + packed).output, plain.body);
  EXPECT_FALSE(Has(Ask("GET", "/", "Accept-Encoding: br;q=0\r\n"), "Content-Encoding: br"));
  EXPECT_FALSE(Has(Ask("GET", "/candor-core-eOD8xFWI.wasm", "Accept-Encoding: br\r\n"),
                   "Content-Encoding: br"))
      << "it would be longer";
}

TEST_F(AdminServerTest, HasNoOtherFiles) {
  Start();
  for (const char* const path :
       {"/assets/../index.html", "/assets/%2e%2e%2findex.html", "/index.html", "/assets/",
        "/assets/other.js", "/candor-core-x.wasm", "/..%2f..%2fetc%2fpasswd", "/assets/index"}) {
    EXPECT_EQ(Ask("GET", path).status, 404) << path;
  }
}

TEST_F(AdminServerTest, SaysThatItWasBuiltWithoutThePage) {
  Start({}, {});
  const ClientAnswer answer = Ask("GET", "/");
  EXPECT_EQ(answer.status, 404);
  EXPECT_NE(answer.body.find("built without its page"), std::string::npos);
}

TEST_F(AdminServerTest, MayBeLinkedToButNotAskedFromElsewhere) {
  Start();
  const std::string link =
      "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n";
  EXPECT_EQ(Ask("GET", "/", link).status, 200);
  EXPECT_EQ(Ask("GET", "/api/v1/history", link + As("viewer")).status, 403);
  EXPECT_EQ(Ask("GET", "/", "Sec-Fetch-Site: cross-site\r\n").status, 403);
}

}  // namespace
}  // namespace candor
