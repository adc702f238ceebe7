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

int DaemonKills(std::uint64_t lives, std::uint64_t seed) {
  DaemonLab lab(seed, 1);
  ComponentServer components;
  lab.Configure(Components(components));
  Findings findings;
  std::int64_t longest_ms = 0;
  std::uint64_t killed = 0;
  lab.Answer([seed](std::size_t request) {
    return Unreliable((seed + request) * 0x9e3779b97f4a7c15 >> 40);
  });
  for (std::uint64_t life = 1; life <= lives; ++life) {
    lab.Write("facts/shop.json", Product(std::to_string(life)));
    lab.Start();
    // Rounds begin at once, and a second after the start a report is due.
    const std::uint64_t at_us =
        lab.Below(3) == 0 ? lab.Below(4'000'000) : 1'000'000 + lab.Below(200'000);
    std::this_thread::sleep_for(std::chrono::microseconds(at_us));
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
    if (findings.broken > 0) break;
  }
  lab.Answer(nullptr);
  const std::string last = std::to_string(lives + 1);
  lab.Write("facts/shop.json", Product(last));
  lab.Start();
  const bool arrived = lab.Eventually(
      [&] {
        const auto all = lab.accepted();
        return !all.empty() && VersionIn(all.back().body) == last;
      },
      std::chrono::seconds(30));
  if (!arrived) findings.Add("the last life", "its facts were not reported within 30 s");
  findings.Add("the last life", WhyBadEnd(lab.End(SIGTERM)));
  findings.Add("all lives", lab.Check());
  findings.Add("all lives", CheckVersions(lab, lives + 1));
  return findings.Print("daemon kills",
                        std::to_string(lives) + " lives, " + std::to_string(killed) + " killed, " +
                            std::to_string(lab.accepted().size()) + " reports, longest stop " +
                            std::to_string(longest_ms) + " ms",
                        seed);
}

}  // namespace candor
