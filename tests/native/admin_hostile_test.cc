// The admin server and who means it ill or is slow; TLS; and pages that follow the events.
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <functional>
#include <thread>

#include "tests/native/admin_server_rig.h"
#include "tests/native/certificates.h"
#include "tests/native/run_program.h"

namespace candor {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

bool Eventually(const std::function<bool()>& is_so) {
  const auto end = Clock::now() + 20s;
  while (!is_so()) {
    if (Clock::now() > end) return false;
    std::this_thread::sleep_for(10ms);
  }
  return true;
}

class AdminHostileTest : public AdminServerRig {
 protected:
  static Problems Refusals(const AdminServerOptions& options) {
    const auto opened = AdminServer::Open(options);
    return opened.ok() ? Problems() : opened.problems();
  }
  // --admin-certificate and --admin-key of an authority whose certificate is in the file "ca".
  AdminServerOptions Tls() {
    const CertificateAuthority authority("Admin test");
    folder_.Write("ca", authority.certificate());
    const Identity identity = authority.Issue({.names = {"localhost", "127.0.0.1"}});
    AdminServerOptions options;
    options.certificate_file = folder_.Write("certificate", identity.certificate);
    options.key_file = folder_.Write("key", identity.key);
    return options;
  }
  Ran Curl(const std::string& more) const {
    return RunLine("curl -sS --cacert " + folder_.Path("ca") + " -o " + folder_.Path("out") +
                   " -w '%{http_code}' " + more + " https://" + at_ + "/healthz");
  }
};

// ---- where it listens

TEST_F(AdminHostileTest, OtherMachinesNeedTlsOrAListOfProxies) {
  const Problems problems = Refusals({.listen = {"0.0.0.0:0", "[::]:0", "127.0.0.1:0"}});
  ASSERT_EQ(problems.list().size(), 2u);
  EXPECT_EQ(problems.list()[0].where, "--admin 0.0.0.0:0");
  EXPECT_NE(problems.list()[0].message.find("--admin-certificate"), std::string::npos);
  EXPECT_TRUE(Refusals({.listen = {"0.0.0.0:0"}, .proxies = {"192.0.2.1"}}).empty());
  AdminServerOptions tls = Tls();
  tls.listen = {"0.0.0.0:0"};
  EXPECT_TRUE(Refusals(tls).empty());
}

TEST_F(AdminHostileTest, SaysAllThatIsWrongWithItsOptions) {
  AdminServerOptions options;
  options.listen = {"localhost:80", "unix:x", "127.0.0.1:99999"};
  options.certificate_file = "/no/such/file";
  options.key_file = folder_.Write("key", "no key");
  options.hosts = {"a b", "http://x/"};
  options.group = "no-such-group";
  EXPECT_EQ(Refusals(options).list().size(), 7u);
  options.key_file.clear();
  EXPECT_EQ(Refusals(options).list().size(), 7u);
}

TEST_F(AdminHostileTest, AKeyMustBelongToItsCertificate) {
  AdminServerOptions options = Tls();
  options.listen = {"127.0.0.1:0"};
  options.key_file = folder_.Write("other", CertificateAuthority("Other").Issue({}).key);
  const Problems problems = Refusals(options);
  ASSERT_EQ(problems.list().size(), 1u);
  EXPECT_EQ(problems.list()[0].where, "--admin-certificate " + options.certificate_file);
}

TEST_F(AdminHostileTest, SpeaksTlsFrom12On) {
  Start(Tls());
  EXPECT_TRUE(server_->Url().starts_with("https://127.0.0.1:"));
  EXPECT_EQ(Curl("--tlsv1.3").output, "200");
  EXPECT_EQ(Curl("--tls-max 1.2").output, "200");
  const std::string older = "--ciphers DEFAULT@SECLEVEL=0 ";
  EXPECT_NE(Curl(older + "--tlsv1.0 --tls-max 1.1").status, 0);
  EXPECT_NE(Curl("--tls-max 1.2 --ciphers AES128-SHA").status, 0) << "no forward secrecy";
  EXPECT_NE(Curl("--tls-max 1.2 --ciphers ECDHE-RSA-AES128-SHA:ECDHE-ECDSA-AES128-SHA").status, 0)
      << "not authenticated";
  EXPECT_EQ(AskOnce(at_, Text("GET", "/healthz")).status, 0) << "without TLS";
  EXPECT_EQ(Curl("").output, "200");
  EXPECT_EQ(Curl("-H 'Origin: https://" + at_ + "'").output, "200");
  EXPECT_EQ(Curl("-H 'Origin: http://" + at_ + "'").output, "403");
}

TEST_F(AdminHostileTest, FurtherNamesMayBeGiven) {
  Start({.listen = {"127.0.0.1:0"}, .hosts = {"Admin.example", "other.example:444"}});
  const auto status = [this](const std::string& host) {
    return AskOnce(at_, "GET /healthz HTTP/1.1\r\nHost: " + host + "\r\n\r\n").status;
  };
  EXPECT_EQ(status("admin.example"), 200);
  EXPECT_EQ(status("ADMIN.EXAMPLE:8443"), 200);
  EXPECT_EQ(status("other.example:444"), 200);
  EXPECT_EQ(status("other.example"), 421);
  EXPECT_EQ(status("localhost" + at_.substr(at_.find(':'))), 200);
  EXPECT_EQ(status("localhost"), 421);
  EXPECT_EQ(status("admin.example.evil.example"), 421);
  EXPECT_EQ(status("localhost" + at_.substr(at_.find(':')) + "/"), 421);
}

TEST_F(AdminHostileTest, AUnixSocketIsThisUsersAlone) {
  Start({.listen = {"127.0.0.1:0", "unix:" + folder_.Path("admin.sock")}});
  const std::string unix_at = "unix:" + folder_.Path("admin.sock");
  EXPECT_EQ(AskOnce(unix_at, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").status, 200);
  EXPECT_EQ(AskOnce(unix_at, "GET /healthz HTTP/1.1\r\nHost: evil.example\r\n\r\n").status, 421);
  if (::geteuid() != 0) GTEST_SKIP() << "only root can be another user";
  std::filesystem::permissions(folder_.Path("."), std::filesystem::perms(0755));
  std::filesystem::permissions(folder_.Path("admin.sock"), std::filesystem::perms(0666));
  EXPECT_EQ(RunLine("setpriv --reuid 65534 --regid 65534 --clear-groups curl -s -o /dev/null -w "
                    "'%{http_code}' --unix-socket " +
                    folder_.Path("admin.sock") + " http://localhost/healthz")
                .output,
            "403");
}

// ---- who is slow, and who is many

TEST_F(AdminHostileTest, SilentOnesHoldUpNobody) {
  Start();
  std::vector<std::unique_ptr<LocalClient>> silent;
  // More than one thread's share, in every state of a request.
  for (int i = 0; i < 100; ++i) {
    silent.push_back(std::make_unique<LocalClient>(at_));
    const std::string text = Text("PUT", "/api/settings", WithToken("superuser"), "{}");
    silent.back()->Send(text.substr(0, static_cast<std::size_t>(i) * text.size() / 100));
  }
  const auto began = Clock::now();
  for (int i = 0; i < 20; ++i) EXPECT_EQ(Ask("GET", "/healthz").status, 200);
  EXPECT_LT(Clock::now() - began, 5s);
  for (const auto& client : silent) EXPECT_TRUE(client->Ends());
  EXPECT_EQ(handlers_.asked, 0);
}

TEST_F(AdminHostileTest, HostileBytesAreRefusedAndTheNextIsAnswered) {
  Start();
  const std::string long_text(100'000, 'x');
  for (const std::string& text :
       {std::string("\x16\x03\x01\x02\x01\r\n\r\n"), std::string("\0\0\0\0\r\n\r\n", 8),
        std::string("GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n"),
        Text("GET", "/" + long_text), Text("GET", "/", "X: " + long_text + "\r\n"),
        Text("GET", "/", "Cookie: " + long_text + "\r\n"), Text("CONNECT", "evil.example:443"),
        Text("OPTIONS", "*"), Text("GET", "//evil.example/"), Text("GET", "/\\evil"),
        Text("GET", "/api/v1/reports/%00"), Text("GET", "/api/v1/reports/%ff/bytes")}) {
    const int status = AskOnce(at_, text).status;
    EXPECT_TRUE(status == 0 || (status >= 400 && status < 500) || status == 505) << status;
    EXPECT_EQ(Ask("GET", "/healthz").status, 200);
  }
  EXPECT_EQ(handlers_.asked, 0);
}

TEST_F(AdminHostileTest, ManyAtOnceAreAllAnswered) {
  Start();
  std::atomic<int> good = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      LocalClient client(at_);
      for (int j = 0; j < 50; ++j) {
        good += client.Ask(Text("GET", "/api/v1/status", As("viewer"))).status == 200;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(good, 400);
}

TEST_F(AdminHostileTest, SleepsWhileNobodyTalks) {
  Start();
  EXPECT_EQ(Ask("GET", "/healthz").status, 200);
  const auto switches = [] {
    std::int64_t sum = 0;
    for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
      std::ifstream status(task.path() / "status");
      for (std::string line; std::getline(status, line);) {
        if (line.find("ctxt_switches") != std::string::npos) {
          sum += std::atoll(line.c_str() + line.find(':') + 1);
        }
      }
    }
    return sum;
  };
  // The connection is gone, and this test sleeps once.
  std::this_thread::sleep_for(500ms);
  const std::int64_t before = switches();
  std::this_thread::sleep_for(2s);
  EXPECT_LE(switches() - before, 3);
}

// ---- events

// What has come of a stream so far.
class Follower {
 public:
  Follower(const std::string& at, const std::string& request) : client_(at, 20s) {
    client_.Send(request);
  }
  // Whether `text` comes.
  bool Hears(const std::string& text) { return client_.WaitFor(text); }
  bool Ends() { return client_.Ends(); }

 private:
  LocalClient client_;
};

TEST_F(AdminHostileTest, PagesHearWhatHappens) {
  Start();
  Follower one(at_, Text("GET", "/api/v1/events", As("viewer")));
  Follower two(at_, Text("GET", "/api/v1/events", As("superuser")));
  ASSERT_TRUE(one.Hears("retry: 2000"));
  ASSERT_TRUE(two.Hears("retry: 2000"));
  events_.Publish("status");
  EXPECT_TRUE(one.Hears("event: status\ndata: changed\n\n"));
  EXPECT_TRUE(two.Hears("event: status\ndata: changed\n\n"));
  EXPECT_TRUE(one.Hears(":\n\n")) << "a comment now and then";
  for (int i = 0; i < 100; ++i) events_.Publish("components");
  EXPECT_TRUE(two.Hears("event: components\ndata: changed\n\n"));
  EXPECT_EQ(events_.streams(), 2u);
}

TEST_F(AdminHostileTest, AStreamEndsWithItsSession) {
  Start();
  Follower viewer(at_, Text("GET", "/api/v1/events", As("viewer")));
  Follower superuser(at_, Text("GET", "/api/v1/events", As("superuser")));
  ASSERT_TRUE(viewer.Hears("retry:"));
  ASSERT_TRUE(superuser.Hears("retry:"));
  events_.EndSession("session-of-viewer");
  EXPECT_TRUE(viewer.Hears("event: session\ndata: ended\n\n"));
  EXPECT_TRUE(viewer.Ends());
  EXPECT_EQ(events_.streams(), 1u);
  // Found out with the next comment, when nobody says so.
  doorkeeper_.End("superuser");
  EXPECT_TRUE(superuser.Hears("event: session\ndata: ended\n\n"));
  EXPECT_TRUE(superuser.Ends());
}

TEST_F(AdminHostileTest, CutStreamsAreLetGoOf) {
  Start();
  for (int round = 0; round < 3; ++round) {
    std::vector<std::unique_ptr<Follower>> followers;
    for (std::size_t i = 0; i < AdminEvents::kMostStreams; ++i) {
      followers.push_back(
          std::make_unique<Follower>(at_, Text("GET", "/api/v1/events", As("viewer"))));
      ASSERT_TRUE(followers.back()->Hears("retry:")) << i;
    }
    const ClientAnswer full = Ask("GET", "/api/v1/events", As("viewer"));
    EXPECT_EQ(full.status, 503);
    EXPECT_NE(full.head.find("Retry-After: "), std::string::npos);
    followers.clear();
    EXPECT_TRUE(Eventually([this] { return events_.streams() == 0; }));
  }
  EXPECT_EQ(Ask("HEAD", "/api/v1/events", As("viewer")).status, 200);
  EXPECT_EQ(events_.streams(), 0u);
}

TEST_F(AdminHostileTest, WhoDoesNotReadItsEventsIsCutOff) {
  Start();
  Follower reads(at_, Text("GET", "/api/v1/events", As("viewer")));
  LocalClient sleeps(at_);
  sleeps.Send(Text("GET", "/api/v1/events", As("viewer")));
  ASSERT_TRUE(reads.Hears("retry:"));
  ASSERT_TRUE(Eventually([this] { return events_.streams() == 2; }));
  const std::string name(1000, 'x');
  for (int i = 0; i < 20'000 && events_.streams() == 2; ++i) {
    events_.Publish(name);
    ASSERT_TRUE(reads.Hears("data: changed\n\n"));
  }
  EXPECT_EQ(events_.streams(), 1u);
  events_.Publish("status");
  EXPECT_TRUE(reads.Hears("event: status"));
}

TEST_F(AdminHostileTest, StopsWhileStreamsAreOpen) {
  Start();
  Follower sleeping(at_, Text("GET", "/api/v1/events", As("viewer")));
  ASSERT_TRUE(sleeping.Hears("retry:"));
  const auto began = Clock::now();
  server_.reset();
  EXPECT_LT(Clock::now() - began, 1s);
  EXPECT_TRUE(sleeping.Ends());
  events_.Publish("status");
  EXPECT_EQ(events_.streams(), 0u);
}

}  // namespace
}  // namespace candor
