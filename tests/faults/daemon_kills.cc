#include <signal.h>

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include "tests/faults/daemon_campaigns.h"
#include "tests/native/component_server.h"

namespace candor {
namespace {

constexpr std::size_t kComponents = 30;

// One reply in four is lost, one in eight says that the service is busy, one in sixteen never
// comes.
Script Unreliable(std::uint64_t draw) {
  Script script;
  if (draw % 4 == 0) {
    script.until = Script::Stage::kRequest;
  } else if (draw % 8 == 1) {
    script = Answers(503);
  } else if (draw % 16 == 2) {
    script.until = Script::Stage::kRequest;
    script.act = Script::Act::kStall;
  }
  return script;
}

// Some answer slowly, so that kills meet rounds that are under way.
std::vector<std::string> Components(ComponentServer& server) {
  std::vector<std::string> urls;
  for (std::size_t i = 0; i < kComponents; ++i) {
    Script script;
    script.answer = GoodAnswer("# TYPE process_open_fds gauge\nprocess_open_fds 7\n");
    if (i % 5 == 0) script.per_byte = std::chrono::milliseconds(i % 3);
    server.Serve("/" + std::to_string(i), script);
    urls.push_back(server.Url("/" + std::to_string(i)));
  }
  return urls;
}

struct Counted {
  std::uint64_t asked = 0, answered = 0;
};

// An answer that a kill took away leaves open whether it was counted.
void CountFor(const DaemonLab& lab, std::chrono::microseconds most, Counted& counted) {
  const auto end = std::chrono::steady_clock::now() + most;
  for (std::uint64_t n = 1; std::chrono::steady_clock::now() < end; n = n % 9 + 1) {
    const std::optional<bool> answered = lab.Count(n);
    if (answered) counted.asked += n;
    if (answered.value_or(false)) {
      counted.answered += n;
    } else {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }
}

// Facts are never reported older than they were reported before.
std::string CheckVersions(const DaemonLab& lab, std::uint64_t last) {
  std::uint64_t before = 0;
  for (const DaemonLab::Accepted& report : lab.accepted()) {
    const std::uint64_t version = std::strtoull(VersionIn(report.body).c_str(), nullptr, 10);
    if (version < before || version > last) {
      return report.id + " has version " + std::to_string(version) + " after " +
             std::to_string(before);
    }
    before = version;
  }
  return "";
}

}  // namespace

int DaemonKills(std::uint64_t lives, std::uint64_t seed, bool counts) {
  DaemonLab lab(seed, 1);
  ComponentServer components;
  lab.Configure(Components(components));
  Findings findings;
  std::int64_t longest_ms = 0;
  std::uint64_t killed = 0;
  Counted counted;
  lab.Answer([seed](std::size_t request) {
    return Unreliable((seed + request) * 0x9e3779b97f4a7c15 >> 40);
  });
  // What is counted before the yes of the first life is never reported.
  lab.Start();
  if (!lab.Eventually([&] { return lab.CountLogged("CANDOR-015") > 0; },
                      std::chrono::seconds(20))) {
    findings.Add("the first life", "nobody agreed");
  }
  lab.End(SIGKILL);
  for (std::uint64_t life = 1; life <= lives; ++life) {
    lab.Write("facts/shop.json", Product(std::to_string(life)));
    lab.Start();
    // Rounds begin at once, and a second after the start a report is due.
    const std::uint64_t at_us =
        lab.Below(3) == 0 ? lab.Below(4'000'000) : 1'000'000 + lab.Below(200'000);
    const std::chrono::microseconds until_end(at_us);
    std::thread counter;
    if (counts) counter = std::thread([&] { CountFor(lab, until_end, counted); });
    std::this_thread::sleep_for(until_end);
    const std::string where = "life " + std::to_string(life);
    if (!lab.is_running()) findings.Add(where, "it ended by itself");
    // Before its handlers stand, SIGTERM ends it as it ends every program.
    const bool is_up = lab.CountLogged("The reporter runs") > 0;
    if (lab.Below(3) > 0 || !is_up) {
      lab.End(SIGKILL);
      ++killed;
    } else {
      const DaemonEnd end = lab.End(SIGTERM);
      longest_ms = std::max(longest_ms, end.took_ms);
      if (end.status != SIGTERM) findings.Add(where, WhyBadEnd(end));
    }
    if (counter.joinable()) counter.join();
    if (findings.broken > 0) break;
  }
  lab.Answer(nullptr);
  const std::string last = std::to_string(lives + 1);
  lab.Write("facts/shop.json", Product(last));
  lab.Start();
  const bool arrived = lab.Eventually(
      [&] {
        const auto all = lab.accepted();
        return !all.empty() && VersionIn(all.back().body) == last &&
               lab.CountedInReports() >= counted.answered;
      },
      std::chrono::seconds(30));
  if (!arrived) findings.Add("the last life", "its facts were not reported within 30 s");
  findings.Add("the last life", WhyBadEnd(lab.End(SIGTERM)));
  findings.Add("all lives", lab.Check(counts));
  findings.Add("all lives", CheckVersions(lab, lives + 1));
  const std::uint64_t reported = lab.CountedInReports();
  if (reported < counted.answered || reported > counted.asked) {
    findings.Add("all lives", std::to_string(reported) + " of " + std::to_string(counted.answered) +
                                  " counts that were answered, of " +
                                  std::to_string(counted.asked) + " that were asked");
  }
  return findings.Print(
      counts ? "daemon counts" : "daemon kills",
      std::to_string(lives) + " lives, " + std::to_string(killed) + " killed, " +
          std::to_string(lab.accepted().size()) + " reports, " + std::to_string(counted.answered) +
          " counts, " + std::to_string(counted.asked - counted.answered) +
          " without an answer, longest stop " + std::to_string(longest_ms) + " ms",
      seed);
}

}  // namespace candor
