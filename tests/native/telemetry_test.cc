#include "native/include/candor/telemetry.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "core/json_reader.h"
#include "core/sha256.h"
#include "native/host/facts_book.h"
#include "native/include/candor/candor.h"
#include "native/state/sqlite_store.h"
#include "tests/native/receiver.h"

namespace candor {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// A folder that goes with the test, and the log of one host.
class TelemetryTest : public testing::Test {
 protected:
  TelemetryTest() {
    std::string pattern = std::filesystem::temp_directory_path() / "candor-host-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  ~TelemetryTest() override { std::filesystem::remove_all(folder_); }

  // Everything is due within a second.
  TelemetryOptions Options(const std::string& more = "") {
    TelemetryOptions options;
    options.config = R"({"mode": "online", "endpoint": ")" + receiver_.Endpoint() +
                     R"(", "reportingPeriodSeconds": 1)" + more + "}";
    options.read_environment = false;
    options.state_folder = folder_ / "state";
    options.log = [this](const TelemetryLogLine& line) {
      const std::lock_guard lock(mutex_);
      ids_.insert(std::string(line.id));
      text_ += line.text;
    };
    return options;
  }

  static void SetFacts(Telemetry& telemetry) {
    telemetry.SetProduct("Camunda BPM Runtime", "7.19.0", "community");
  }

  bool Logged(const std::string& id) {
    const std::lock_guard lock(mutex_);
    return ids_.count(id) != 0;
  }
  std::string LogText() {
    const std::lock_guard lock(mutex_);
    return text_;
  }

  template <typename Condition>
  static bool Within(milliseconds limit, Condition&& condition) {
    const auto end = steady_clock::now() + limit;
    while (!condition()) {
      if (steady_clock::now() > end) return false;
      std::this_thread::sleep_for(milliseconds(5));
    }
    return true;
  }

  // The sum of a command's counts over all accepted reports.
  std::int64_t AcceptedCount(const std::string& command) {
    std::int64_t sum = 0;
    for (const auto& [key, accepted] : receiver_.accepted()) {
      const JsonValue body = ReadJson(accepted.body).value();
      const JsonValue* place = &body;
      for (const std::string& step : {std::string("product"), std::string("internals"),
                                      std::string("commands"), command, std::string("count")}) {
        if (place != nullptr) place = place->Find(step);
      }
      std::int64_t count = 0;
      if (place != nullptr && place->AsInteger(&count)) sum += count;
    }
    return sum;
  }

  std::filesystem::path folder_;
  Receiver receiver_;
  std::mutex mutex_;
  std::set<std::string> ids_;
  std::string text_;
};

TEST_F(TelemetryTest, CountsAreSentExactlyOnceOverStartsAndStops) {
  constexpr int kRounds = 5;
  for (int round = 0; round < kRounds; ++round) {
    Telemetry telemetry(Options());
    SetFacts(telemetry);
    ASSERT_TRUE(telemetry.Toggle(true, "ada"));
    ASSERT_TRUE(telemetry.Start());
    const Counter deploy = telemetry.Command("DeployCmd");
    for (int i = 0; i < 1'000; ++i) telemetry.Add(deploy);
    telemetry.Stop();
  }
  // A process that ends soon after an acceptance leaves its counts to the next one.
  Telemetry telemetry(Options());
  SetFacts(telemetry);
  ASSERT_TRUE(telemetry.Start());
  EXPECT_TRUE(
      Within(milliseconds(8'000), [this] { return AcceptedCount("DeployCmd") == kRounds * 1'000; }))
      << AcceptedCount("DeployCmd") << "\n"
      << LogText();
}

TEST_F(TelemetryTest, EveryCallWorksBeforeStartAndAfterStop) {
  Telemetry telemetry(Options());
  const Counter counter = telemetry.Command("ACmd");
  telemetry.Add(counter);
  telemetry.Stop();
  EXPECT_TRUE(telemetry.Start());
  EXPECT_TRUE(telemetry.Start());
  telemetry.Stop();
  telemetry.Stop();
  telemetry.Add(counter);
  telemetry.SetDatabase("H2", "1.4");
  EXPECT_TRUE(telemetry.Start());
}

TEST_F(TelemetryTest, PreviewsTheBytesOfAllFacts) {
  Telemetry telemetry(Options());
  SetFacts(telemetry);
  telemetry.SetDatabase("H2", "1.4.199");
  telemetry.SetApplicationServer("Apache Tomcat/9.0.36");
  telemetry.SetJdk("Oracle", "17");
  telemetry.AddIntegration("spring-boot-starter");
  telemetry.AddWebapp("cockpit");
  telemetry.AddWebapp("cockpit");
  telemetry.SetLicenseKey(
      "c2lnbmF0dXJlc2lnbmF0dXJlc2lnbmF0dXJl;customer = ACME;expiryDate = 2027-01-01");
  telemetry.Add(telemetry.Metric("flow-node-instances"), 4);
  telemetry.SeeTaskWorker("mary");
  telemetry.SeeTaskWorker("john");
  telemetry.SeeTaskWorker("mary");
  const std::string bytes = telemetry.Preview();
  for (const char* expected :
       {"\"vendor\": \"Apache Tomcat\"", "\"version\": \"Apache Tomcat/9.0.36\"", "\"H2\"",
        "\"cockpit\"", "\"spring-boot-starter\"", "\"customer\": \"ACME\""}) {
    EXPECT_NE(bytes.find(expected), std::string::npos) << expected << bytes;
  }
  EXPECT_EQ(bytes.find("c2lnbmF0dXJl"), std::string::npos);
  const JsonValue report = ReadJson(bytes).value();
  const JsonValue* metrics = report.Find("product")->Find("internals")->Find("metrics");
  std::int64_t count = 0;
  EXPECT_TRUE(metrics->Find("flow-node-instances")->Find("count")->AsInteger(&count));
  EXPECT_EQ(count, 4);
  EXPECT_TRUE(metrics->Find("activity-instance-start")->Find("count")->AsInteger(&count));
  EXPECT_EQ(count, 4);
  EXPECT_TRUE(metrics->Find("unique-task-workers")->Find("count")->AsInteger(&count));
  EXPECT_EQ(count, 2);
}

TEST_F(TelemetryTest, TheLicenceIsSetReplacedAndRemovedAtRunTime) {
  Telemetry telemetry(Options());
  SetFacts(telemetry);
  telemetry.SetLicenseKey("c2lnbmF0dXJl;customer = ACME;expiryDate = 2027-01-01");
  EXPECT_NE(telemetry.Preview().find("ACME"), std::string::npos);
  telemetry.SetLicenseKey("c2lnbmF0dXJl;customer = Initech;expiryDate = 2027-01-01");
  EXPECT_EQ(telemetry.Preview().find("ACME"), std::string::npos);
  EXPECT_NE(telemetry.Preview().find("Initech"), std::string::npos);
  telemetry.SetLicenseKey("c2VjcmV0LXdpdGhvdXQtYm9keQ==");
  EXPECT_NE(telemetry.Preview().find("UNRECOGNISED"), std::string::npos);
  telemetry.RemoveLicenseKey();
  EXPECT_EQ(telemetry.Preview().find("license-key"), std::string::npos);
}

TEST_F(TelemetryTest, ASignatureIsInNoFileAndNoLogLine) {
  {
    Telemetry telemetry(Options());
    SetFacts(telemetry);
    telemetry.SetLicenseKey("VmVyeVNlY3JldFNpZ25hdHVyZQ;customer = ACME;expiryDate = 2027-01-01");
    telemetry.Toggle(true, "ada");
    telemetry.Start();
    telemetry.Add(telemetry.Command("ACmd"));
    telemetry.Stop();
  }
  EXPECT_FALSE(receiver_.requests().empty());
  EXPECT_EQ(LogText().find("VmVyeVNlY3JldF"), std::string::npos);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_)) {
    if (!entry.is_regular_file()) continue;
    std::FILE* file = std::fopen(entry.path().c_str(), "rb");
    std::string bytes(entry.file_size(), '\0');
    bytes.resize(std::fread(bytes.data(), 1, bytes.size(), file));
    std::fclose(file);
    EXPECT_EQ(bytes.find("VmVyeVNlY3JldF"), std::string::npos) << entry.path();
  }
}

TEST_F(TelemetryTest, OffMeansNoFileNoThreadAndNoCounting) {
  TelemetryOptions options = Options();
  options.config = "{}";
  Telemetry telemetry(std::move(options));
  EXPECT_FALSE(telemetry.Start());
  EXPECT_EQ(telemetry.Command("ACmd").index, Counters::kNoCounter);
  telemetry.Add(telemetry.Command("ACmd"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "state"));
  EXPECT_EQ(receiver_.connections(), 0u);
}

TEST_F(TelemetryTest, DoNotTrackWinsOverEverything) {
  ::setenv("DO_NOT_TRACK", "1", 1);
  Telemetry telemetry(Options(R"(, "initializeTelemetry": true)"));
  ::unsetenv("DO_NOT_TRACK");
  EXPECT_FALSE(telemetry.Start());
  EXPECT_FALSE(std::filesystem::exists(folder_ / "state"));
}

TEST_F(TelemetryTest, SwitchingOffLaterLeavesNoReportBehind) {
  {
    Telemetry telemetry(Options());
    SetFacts(telemetry);
    ASSERT_TRUE(telemetry.Toggle(true, "ada"));
    telemetry.Start();
    telemetry.Add(telemetry.Command("ACmd"));
    telemetry.Stop();
  }
  {
    const auto store = OpenSqliteStore(folder_ / "state");
    ASSERT_NE(store.value()->ListReports(1).value().front().size, 0);
  }
  TelemetryOptions off = Options();
  off.config = "{}";
  Telemetry telemetry(std::move(off));
  EXPECT_FALSE(telemetry.Start());
  const auto store = OpenSqliteStore(folder_ / "state");
  const auto report = store.value()->ListReports(1).value().front();
  EXPECT_EQ(store.value()->ReadReport(report.id).value().bytes, "");
  EXPECT_EQ(store.value()->ReadFacts().value(), "");
}

TEST_F(TelemetryTest, AConfigurationWithMistakesMeansNo) {
  TelemetryOptions options = Options();
  options.config = R"({"mode": "onlin", "endpoint": 3})";
  Telemetry telemetry(std::move(options));
  EXPECT_FALSE(telemetry.Start());
  EXPECT_FALSE(telemetry.Toggle(true, "ada"));
  EXPECT_TRUE(Logged("CANDOR-025"));
  EXPECT_NE(LogText().find("online"), std::string::npos) << LogText();
}

TEST_F(TelemetryTest, AYesOnOneNodeIsSeenByAnother) {
  Telemetry one(Options()), other(Options());
  SetFacts(other);
  ASSERT_TRUE(other.Start());
  ASSERT_TRUE(Within(milliseconds(2'000), [this] { return Logged("CANDOR-005"); }));
  ASSERT_TRUE(one.Toggle(true, "ada"));
  EXPECT_TRUE(Within(milliseconds(5'000), [this] { return !receiver_.accepted().empty(); }))
      << LogText();
}

TEST_F(TelemetryTest, StopIsQuickWhateverTheServiceDoes) {
  Script stalls;
  stalls.until = Script::Stage::kRequest;
  stalls.act = Script::Act::kStall;
  receiver_.PlayAlways(stalls);
  Telemetry telemetry(Options());
  SetFacts(telemetry);
  ASSERT_TRUE(telemetry.Toggle(true, "ada"));
  ASSERT_TRUE(telemetry.Start());
  telemetry.Add(telemetry.Command("ACmd"));
  const auto begin = steady_clock::now();
  telemetry.Stop();
  EXPECT_LT(steady_clock::now() - begin, milliseconds(2'000));
}

TEST_F(TelemetryTest, ManyThreadsCallEverythingAtOnce) {
  Telemetry telemetry(Options());
  SetFacts(telemetry);
  telemetry.Toggle(true, "ada");
  std::vector<std::thread> threads;
  std::atomic<bool> go{false};
  for (int t = 0; t < 6; ++t) {
    threads.emplace_back([&telemetry, &go, t] {
      while (!go) std::this_thread::yield();
      for (int i = 0; i < 30; ++i) {
        telemetry.Add(telemetry.Command("Cmd" + std::to_string(i)));
        telemetry.SetDatabase("H2", std::to_string(i));
        if (t == 0) telemetry.Start();
        if (t == 1) telemetry.Stop();
        if (t == 2) telemetry.Preview();
        if (t == 3) telemetry.Toggle(i % 2 == 0, "ada");
        if (t == 4) telemetry.Status();
        if (t == 5) telemetry.SeeTaskWorker(std::to_string(i));
      }
    });
  }
  go = true;
  for (std::thread& thread : threads) thread.join();
}

TEST_F(TelemetryTest, AForkedChildCountsAndTheParentGoesOn) {
  Telemetry telemetry(Options());
  SetFacts(telemetry);
  ASSERT_TRUE(telemetry.Toggle(true, "ada"));
  ASSERT_TRUE(telemetry.Start());
  const Counter counter = telemetry.Command("ForkCmd");
  telemetry.Add(counter, 10);
  const pid_t child = ::fork();
  if (child == 0) {
    telemetry.Add(counter, 100);
    telemetry.SetDatabase("H2", "2");
    telemetry.Stop();
    ::_exit(telemetry.Start() ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  telemetry.Add(counter, 1'000);
  EXPECT_TRUE(Within(milliseconds(8'000), [this] { return AcceptedCount("ForkCmd") == 1'110; }))
      << AcceptedCount("ForkCmd") << LogText();
}

TEST_F(TelemetryTest, ErrnoAndSignalsAreTheHosts) {
  Telemetry telemetry(Options());
  SetFacts(telemetry);
  sigset_t before, after;
  ::pthread_sigmask(SIG_SETMASK, nullptr, &before);
  telemetry.Toggle(true, "ada");
  telemetry.Start();
  const Counter counter = telemetry.Command("ACmd");
  errno = 4711;
  telemetry.Add(counter);
  EXPECT_EQ(errno, 4711);
  telemetry.Stop();
  ::pthread_sigmask(SIG_SETMASK, nullptr, &after);
  for (int signal = 1; signal < 64; ++signal) {
    EXPECT_EQ(sigismember(&before, signal), sigismember(&after, signal)) << signal;
  }
}

TEST_F(TelemetryTest, NamesThatSayNothingAreNotCounted) {
  Telemetry telemetry(Options());
  for (const char* name : {"", "Engine$$Lambda$17", "Outer$1", "1Cmd", "A Cmd", "Ä"}) {
    EXPECT_EQ(telemetry.Command(name).index, Counters::kNoCounter) << name;
  }
  EXPECT_EQ(telemetry.Command("Outer$Inner").index, telemetry.Command("Outer_Inner").index);
  EXPECT_NE(telemetry.Command("Outer$Inner").index, Counters::kNoCounter);
}

TEST_F(TelemetryTest, TheCInterfaceDoesTheSame) {
  const std::string config = Options().config, state = folder_ / "state";
  candor_options options{};
  options.config = config.c_str();
  options.state_folder = state.c_str();
  options.ignore_environment = 1;
  int lines = 0;
  options.log = [](void* context, int, const char*, const char*, const char*) {
    ++*static_cast<int*>(context);
  };
  options.log_context = &lines;
  candor_telemetry* telemetry = candor_new(&options);
  candor_set_product(telemetry, "Camunda BPM Runtime", "7.19.0", "community");
  candor_set_database(telemetry, "H2", nullptr);
  EXPECT_EQ(candor_toggle(telemetry, 1, "ada"), 1);
  EXPECT_EQ(candor_start(telemetry), 1);
  candor_add(telemetry, candor_command(telemetry, "ACmd"), 5);
  char* preview = candor_preview(telemetry);
  ASSERT_NE(preview, nullptr);
  EXPECT_NE(std::string(preview).find("ACmd"), std::string::npos);
  candor_text_free(preview);
  char* status = candor_status(telemetry);
  ASSERT_NE(status, nullptr);
  EXPECT_TRUE(ReadJson(status).ok());
  candor_text_free(status);
  candor_stop(telemetry);
  candor_free(telemetry);
  EXPECT_GT(lines, 0);
  EXPECT_EQ(AcceptedCount("ACmd"), 5);
  // NULL everywhere does nothing.
  candor_free(nullptr);
  candor_add(nullptr, candor_command(nullptr, nullptr), 1);
  EXPECT_EQ(candor_start(nullptr), 0);
  EXPECT_EQ(candor_preview(nullptr), nullptr);
}

TEST(ApplicationServerVendorTest, FollowsTheReferencesRule) {
  EXPECT_EQ(ApplicationServerVendor("Apache Tomcat/9.0.36"), "Apache Tomcat");
  EXPECT_EQ(ApplicationServerVendor("JBoss EAP 7.2.0.GA (WildFly Core 6.0.11)"), "JBoss EAP");
  EXPECT_EQ(ApplicationServerVendor("WildFly Full 19.0.0.Final (WildFly Core 11)"), "WildFly");
  EXPECT_EQ(ApplicationServerVendor("WebLogic Server 12.2.1.0.0 Tue Oct 6"), "WebLogic Server");
  EXPECT_EQ(ApplicationServerVendor("IBM WebSphere Application Server/8.5"),
            "IBM WebSphere Application Server");
  EXPECT_EQ(ApplicationServerVendor("2021"), "");
  EXPECT_EQ(ApplicationServerVendor(""), "");
}

}  // namespace
}  // namespace candor
