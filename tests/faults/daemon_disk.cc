#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "tests/faults/daemon_campaigns.h"

namespace candor {
namespace {

namespace fs = std::filesystem;
constexpr int kSkipped = 77;
constexpr std::chrono::seconds kRecovers{65};

// In a mount namespace of our own. "", or why not.
std::string MountSmallDisk(const fs::path& at) {
  if (::unshare(CLONE_NEWNS) != 0 ||
      ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
      ::mount("candor", at.c_str(), "tmpfs", 0, "size=16m,mode=0700") != 0) {
    return std::strerror(errno);
  }
  return "";
}

class Campaign {
 public:
  Campaign(DaemonLab& lab, Findings& findings) : lab_(lab), findings_(findings) {}

  // Full while it runs, or already at its start.
  void Round(std::uint64_t number) {
    where_ = "round " + std::to_string(number);
    const bool at_start = number % 3 == 0;
    if (at_start) findings_.Add(where_, WhyBadEnd(lab_.End(SIGTERM)));
    const std::size_t failed = lab_.CountLogged("CANDOR-017");
    const std::size_t works = lab_.CountLogged("CANDOR-018");
    const auto says = [&] { return lab_.CountLogged("CANDOR-017") - failed; };
    const auto mends = [&] { return lab_.CountLogged("CANDOR-018") - works; };
    Fill();
    if (at_start) lab_.Start();
    // Every change of the facts makes it try again.
    for (int i = 0; i < 6; ++i) {
      lab_.Write("facts/shop.json", Product(std::to_string(++version_)));
      // What does not fit into the room that the store has already.
      lab_.Write("facts/long.json", R"({"values": {"long": ")" + std::to_string(version_) +
                                        std::string(900'000, 'x') + "\"}}");
      std::this_thread::sleep_for(std::chrono::milliseconds(300 + lab_.Below(400)));
    }
    const std::size_t before = lab_.accepted().size();
    std::this_thread::sleep_for(std::chrono::milliseconds(1'200));
    if (!lab_.is_running()) findings_.Add(where_, "it ended by itself");
    // SQLite may have had room of its own, and a report more was sent; but not many.
    if (says() > 0 && lab_.accepted().size() > before + 1) {
      findings_.Add(where_, "it sent reports that it could not keep");
    }
    if (mends() > 0) findings_.Add(where_, "it said that it works while the disk was full");
    Free();
    const bool recovers = lab_.Eventually(
        [&] {
          const auto all = lab_.accepted();
          return VersionIn(all.back().body) == std::to_string(version_);
        },
        kRecovers);
    if (!recovers)
      findings_.Add(where_, "the last facts were not reported within a minute of room");
    // The turn that sent it says so at its end.
    lab_.Eventually([&] { return mends() == says(); }, std::chrono::seconds(10));
    if (says() > 1 || mends() != says()) {
      findings_.Add(where_, "it said " + std::to_string(says()) + " times what is wrong, and " +
                                std::to_string(mends()) + " times that it works again");
    }
    full_rounds_ += says();
  }

  // A history that there is no room for is not kept, and that is said; the end is a good one.
  void EndWithoutRoom() {
    where_ = "the end without room";
    Fill();
    findings_.Add(where_, WhyBadEnd(lab_.End(SIGTERM)));
    Free();
    lab_.Start();
    const std::size_t then = lab_.accepted().size();
    if (!lab_.Eventually([&] { return lab_.accepted().size() > then; }, kRecovers)) {
      findings_.Add(where_, "a later life does not report");
    }
  }

  std::uint64_t full_rounds() const { return full_rounds_; }

 private:
  void Fill() {
    std::ofstream file(lab_.Path("state/filler"), std::ios::binary | std::ios::app);
    const std::string block(4096, 'x');
    while (file.write(block.data(), 4096) && file.flush()) {
    }
  }
  void Free() { fs::remove(lab_.Path("state/filler")); }

  DaemonLab& lab_;
  Findings& findings_;
  std::string where_;
  std::uint64_t full_rounds_ = 0, version_ = 1;
};

}  // namespace

int DaemonDisk(std::uint64_t rounds, std::uint64_t seed) {
  DaemonLab lab(seed, 1);
  if (const std::string why = MountSmallDisk(lab.Path("state")); !why.empty()) {
    std::printf("daemon disk: skipped: mounting needs root (%s)\n", why.c_str());
    return kSkipped;
  }
  Findings findings;
  lab.Write("facts/shop.json", Product("1"));
  lab.Start();
  if (!lab.Eventually([&] { return !lab.accepted().empty(); }, std::chrono::seconds(20))) {
    findings.Add("the beginning", "no report came");
  }
  Campaign campaign(lab, findings);
  for (std::uint64_t i = 1; i <= rounds && findings.broken == 0; ++i) campaign.Round(i);
  campaign.EndWithoutRoom();
  findings.Add("the end", WhyBadEnd(lab.End(SIGTERM)));
  findings.Add("all rounds", lab.Check());
  if (campaign.full_rounds() == 0) findings.Add("all rounds", "the disk was never too full");
  const int status = findings.Print("daemon disk",
                                    std::to_string(rounds) + " rounds, the store failed in " +
                                        std::to_string(campaign.full_rounds()) + ", " +
                                        std::to_string(lab.accepted().size()) + " reports",
                                    seed);
  ::umount2(lab.Path("state").c_str(), MNT_DETACH);
  return status;
}

}  // namespace candor
