// The probe of PostgreSQL: a real server, and servers that are none.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <thread>

#include "native/probes/postgresql.h"
#include "native/state/conninfo.h"
#include "tests/native/fake_server.h"
#include "tests/native/postgres_server.h"
#include "tests/native/run_program.h"

namespace candor {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

Result<ProbedProduct> Ask(const std::string& conninfo) {
  const Cancellation never;
  return AskPostgresql(CANDOR_PROGRAM, conninfo, never);
}

std::string At(const FakeServer& server) {
  return "host=127.0.0.1 user=u dbname=d port=" + std::to_string(server.port());
}

std::string WhyNot(const Result<ProbedProduct>& product) {
  return product.ok() ? "it answered: " + product.value().version : product.error().message;
}

bool Contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

class RealPostgresqlTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (!PostgresServer::IsInstalled()) return;
    server_ = new PostgresServer;
    server_->Start();
  }
  static void TearDownTestSuite() { delete std::exchange(server_, nullptr); }
  void SetUp() override {
    if (server_ == nullptr) GTEST_SKIP() << "needs Debian's postgresql";
  }

  static PostgresServer* server_;
};
PostgresServer* RealPostgresqlTest::server_ = nullptr;

TEST_F(RealPostgresqlTest, TellsItsVersionOverTheSocketAndWithAPassfile) {
  const Result<ProbedProduct> local = Ask(server_->Conninfo());
  ASSERT_TRUE(local.ok()) << WhyNot(local);
  EXPECT_EQ(local.value().vendor, "PostgreSQL");
  const Result<ProbedProduct> remote =
      Ask(server_->LoopbackConninfo() + " passfile=" + server_->PassFile());
  ASSERT_TRUE(remote.ok()) << WhyNot(remote);
  EXPECT_EQ(remote.value().version, local.value().version);
}

TEST_F(RealPostgresqlTest, SaysWhatTheJdbcDriverSays) {
  const std::string driver = "/usr/share/java/postgresql.jar";
  if (::access(driver.c_str(), R_OK) != 0 || RunLine("javac -version").status != 0) {
    GTEST_SKIP() << "needs Debian's libpostgresql-jdbc-java and a JDK";
  }
  const Ran ran = RunLine(
      "java -cp " + driver + " " CANDOR_JDBC_VERSION " jdbc:postgresql://127.0.0.1:" +
      std::to_string(server_->port()) + "/postgres postgres '" + PostgresServer::kPassword + "'");
  const Result<ProbedProduct> product = Ask(server_->Conninfo());
  ASSERT_TRUE(product.ok()) << WhyNot(product);
  EXPECT_EQ(product.value().vendor + "|" + product.value().version, ran.output);
}

TEST_F(RealPostgresqlTest, AWrongOrMissingPasswordIsSaid) {
  const std::string none = WhyNot(Ask(server_->LoopbackConninfo() + " passfile=/nonexistent"));
  EXPECT_TRUE(Contains(none, "password")) << none;
  const std::string file = server_->folder() / "wrong";
  RunLine("echo '*:*:*:*:wrong' > " + file + " && chmod 600 " + file);
  const std::string wrong = WhyNot(Ask(server_->LoopbackConninfo() + " passfile=" + file));
  EXPECT_TRUE(Contains(wrong, "password authentication failed")) << wrong;
}

TEST_F(RealPostgresqlTest, AnswersAgainAfterAShutdown) {
  server_->Stop();
  const std::string gone = WhyNot(Ask(server_->LoopbackConninfo()));
  EXPECT_TRUE(Contains(gone, "Connection refused")) << gone;
  server_->Start();
  EXPECT_TRUE(Ask(server_->Conninfo()).ok());
}

TEST_F(RealPostgresqlTest, LeavesNoTraceButALogin) {
  ASSERT_TRUE(Ask(server_->Conninfo()).ok());
  const std::string log = server_->Log();
  EXPECT_FALSE(Contains(log, "ERROR")) << log;
}

TEST(WhyNoConninfoTest, APasswordIsRefusedAndNotQuoted) {
  for (const char* conninfo :
       {"host=h password=swordfish", "postgresql://u:swordfish@h/d",
        "postgres://h/d?password=swordfish", "host=h sslpassword=swordfish",
        "jdbc:postgresql://h/d?password=swordfish", "host=h nonsense swordfish"}) {
    const std::string wrong = WhyNoConninfo(conninfo);
    EXPECT_FALSE(wrong.empty()) << conninfo;
    EXPECT_FALSE(Contains(wrong, "swordfish")) << wrong;
  }
  EXPECT_TRUE(Contains(WhyNoConninfo("host=h password=x"), "passfile"));
  EXPECT_NE(WhyNoConninfo("host=" + std::string(5000, 'h')), "");
}

TEST(WhyNoConninfoTest, FilesThatHoldPasswordsAreGood) {
  for (const char* conninfo : {"service=shop", "host=h user=u passfile=/etc/candor/pgpass",
                               "postgresql://u@h:5433/d?sslmode=verify-full", "dbname=d"}) {
    EXPECT_EQ(WhyNoConninfo(conninfo), "") << conninfo;
  }
}

TEST(ReadServerVersionTest, TakesOneLineOfText) {
  EXPECT_TRUE(ReadServerVersion("15.18 (Debian 15.18-0+deb12u1)").ok());
  for (const char* version : {"", "Cockroach", "15\n16", "15\x1b[2J", "15\xff"}) {
    EXPECT_FALSE(ReadServerVersion(version).ok()) << version;
  }
  EXPECT_FALSE(ReadServerVersion(std::string(300, '1')).ok());
}

// "R" with nothing more to prove: whoever connects is logged in.
const std::string kLetIn("R\0\0\0\x08\0\0\0\0", 9);

std::string Message(char type, const std::string& body) {
  const auto size = static_cast<std::uint32_t>(body.size() + 4);
  std::string message(1, type);
  for (const int shift : {24, 16, 8, 0}) message += static_cast<char>(size >> shift & 0xff);
  return message + body;
}

std::string Says(const std::string& version) {
  return kLetIn + Message('S', std::string("server_version\0", 15) + version + '\0') +
         Message('Z', "I");
}

// Answers as one without TLS, and then with `bytes`; over and over when `endless`.
std::function<void(int)> Speaks(const std::string& bytes, bool endless = false) {
  return [bytes, endless](int socket) {
    if (ReadSome(socket, 8).size() == 8) WriteAll(socket, "N");
    ReadSome(socket);
    while (WriteAll(socket, bytes) && endless) {
    }
    ReadSome(socket);
  };
}

TEST(FalsePostgresqlTest, WhatItCallsAVersionIsChecked) {
  const FakeServer good(Speaks(Says("16.1")));
  const Result<ProbedProduct> version = Ask(At(good));
  ASSERT_TRUE(version.ok()) << WhyNot(version);
  EXPECT_EQ(version.value().version, "16.1");
  for (const std::string& text :
       {std::string("1\x1b[31m"), std::string(5000, '1'), std::string("<html>"), std::string("")}) {
    const FakeServer server(Speaks(Says(text)));
    const std::string why = WhyNot(Ask(At(server)));
    EXPECT_TRUE(Contains(why, "no version")) << why;
  }
}

TEST(FalsePostgresqlTest, ANoticeIsNotHeard) {
  const FakeServer server(
      Speaks(kLetIn + Message('N', std::string("SNOTICE\0MBuy now\0\0", 18)) + Says("16.1")));
  const Ran ran = RunLine(CANDOR_PROGRAM " probe-postgresql '" + At(server) + "'");
  EXPECT_FALSE(Contains(ran.output, "Buy now")) << ran.output;
}

TEST(FalsePostgresqlTest, GarbageAndHangingUpGiveOneShortLine) {
  for (const std::string& bytes :
       {std::string(3000, '\xfe'), std::string("HTTP/1.1 400 Bad\r\n\r\n"), std::string(),
        Message('E', std::string("SFATAL\0Mno\n\x1b[2J\0\0", 18)),
        std::string("R\xff\xff\xff\xff", 5), kLetIn + std::string(100, '\0')}) {
    const FakeServer server([bytes](int socket) { WriteAll(socket, bytes); });
    const FakeServer later([bytes](int socket) {
      ReadSome(socket, 8);
      WriteAll(socket, "N");
      ReadSome(socket);
      WriteAll(socket, bytes);
    });
    for (const FakeServer* one : {&server, &later}) {
      const Result<ProbedProduct> product = Ask(At(*one));
      ASSERT_FALSE(product.ok());
      EXPECT_TRUE(product.error().message.size() < 500 &&
                  product.error().message.find_first_of("\n\x1b") == std::string::npos)
          << product.error().message;
    }
  }
}

TEST(FalsePostgresqlTest, SilenceEndsAfterFiveSeconds) {
  const FakeServer server([](int socket) {
    while (!ReadSome(socket).empty()) {
    }
  });
  const auto begin = Clock::now();
  const std::string why = WhyNot(Ask(At(server)));
  EXPECT_TRUE(Contains(why, "5000 ms")) << why;
  EXPECT_GE(Clock::now() - begin, 4900ms);
  EXPECT_LT(Clock::now() - begin, 7s);
}

TEST(FalsePostgresqlTest, SilenceEndsWhenCalledOff) {
  const FakeServer server([](int socket) {
    while (!ReadSome(socket).empty()) {
    }
  });
  Cancellation cancellation;
  std::thread later([&cancellation] {
    std::this_thread::sleep_for(300ms);
    cancellation.Cancel();
  });
  const auto begin = Clock::now();
  EXPECT_FALSE(AskPostgresql(CANDOR_PROGRAM, At(server), cancellation).ok());
  EXPECT_LT(Clock::now() - begin, 1500ms);
  later.join();
}

// Bytes of memory that asking took at most.
long MemoryOfAsking(const FakeServer& server) {
  const std::string conninfo = At(server);
  const pid_t process = ::fork();
  if (process == 0) {
    ::freopen("/dev/null", "w", stderr);
    ::execl(CANDOR_PROGRAM, "candor", kPostgresqlCommand, conninfo.c_str(), nullptr);
    ::_exit(127);
  }
  int status = 0;
  rusage usage{};
  ::wait4(process, &status, 0, &usage);
  EXPECT_NE(status, 0);
  return usage.ru_maxrss * 1024;
}

TEST(FalsePostgresqlTest, AnEndlessAnswerTakesLittleMemory) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "memory is the sanitizer's";
#endif
  const std::string megabyte(std::size_t{1} << 20, 'x');
  std::string settings;
  for (int i = 0; i < 1000; ++i) {
    settings += Message('S', "k" + std::to_string(i) + '\0' + std::string(900, 'v') + '\0');
  }
  const FakeServer old_error(Speaks("E" + megabyte, true));
  const FakeServer long_error(Speaks(std::string("E\x7f\xff\xff\xff", 5) + megabyte, true));
  const FakeServer late_error(
      Speaks(kLetIn + std::string("E\x7f\xff\xff\xff", 5) + megabyte, true));
  const FakeServer ever_more(Speaks(kLetIn + settings, true));
  for (const FakeServer* server : {&old_error, &long_error, &late_error, &ever_more}) {
    EXPECT_LT(MemoryOfAsking(*server), 100L << 20);
  }
}

}  // namespace
}  // namespace candor
