#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "core/json_reader.h"
#include "tests/faults/daemon_campaigns.h"

namespace candor {
namespace {

namespace fs = std::filesystem;

// What each hazard leaves under a name.
enum class Leaves { kGood, kBad, kNothing };
struct Hazard {
  const char* name;
  Leaves leaves;
  void (*make)(const fs::path& file, const std::string& text);
};

void Put(const fs::path& file, const std::string& text) { std::ofstream(file) << text; }

const std::array<Hazard, 10>& Hazards() {
  static const std::array<Hazard, 10> hazards = {{
      {"written", Leaves::kGood, Put},
      {"a hard link", Leaves::kGood,
       [](const fs::path& file, const std::string& text) {
         Put(file.string() + ".other", text);
         fs::create_hard_link(file.string() + ".other", file);
       }},
      {"gone", Leaves::kNothing, [](const fs::path&, const std::string&) {}},
      {"half-written", Leaves::kBad,
       [](const fs::path& file, const std::string& text) {
         Put(file, text.substr(0, text.size() / 2));
       }},
      {"empty", Leaves::kBad, [](const fs::path& file, const std::string&) { Put(file, ""); }},
      {"a symbolic link", Leaves::kBad,
       [](const fs::path& file, const std::string& text) {
         Put(file.string() + ".target", text);
         fs::create_symlink(file.string() + ".target", file);
       }},
      {"a pipe", Leaves::kBad,
       [](const fs::path& file, const std::string&) { ::mkfifo(file.c_str(), 0600); }},
      {"a folder", Leaves::kBad,
       [](const fs::path& file, const std::string&) { fs::create_directory(file); }},
      {"writable for the group", Leaves::kBad,
       [](const fs::path& file, const std::string& text) {
         Put(file, text);
         ::chmod(file.c_str(), 0664);
       }},
      // Where nobody may give files away it stays our own, and is good.
      {"another user's", Leaves::kBad,
       [](const fs::path& file, const std::string& text) {
         Put(file, text);
         static_cast<void>(!::chown(file.c_str(), 65534, 65534));
       }},
  }};
  return hazards;
}

// What the daemon should say that files say.
struct Model {
  std::map<std::string, std::string> said;  // The version, by the file's name.

  void Leave(const std::string& name, Leaves leaves, const std::string& version) {
    if (leaves == Leaves::kGood) said[name] = version;
    if (leaves == Leaves::kNothing) said.erase(name);
  }
  std::string Version() const { return said.empty() ? "" : said.rbegin()->second; }
};

// "" while another product is shown.
std::string ShownVersion(const DaemonLab& lab, const std::string& product) {
  const std::string report = lab.Candor("preview").output;
  return report.find("\"" + product + "\"") == std::string::npos ? "" : VersionIn(report);
}

// Whether the daemon may have seen that there was no such file in between.
bool Replace(const fs::path& file, const Hazard& hazard, const std::string& text) {
  const fs::path beside = file.string() + ".beside";
  for (const char* const left : {"", ".other", ".target"}) fs::remove_all(beside.string() + left);
  hazard.make(beside, text);
  const bool exists = fs::exists(fs::symlink_status(beside));
  const bool in_the_way = fs::is_directory(fs::symlink_status(file)) || fs::is_directory(beside);
  if (!exists || in_the_way) fs::remove_all(file);
  if (exists) fs::rename(beside, file);
  return in_the_way;
}

}  // namespace

int DaemonFiles(std::uint64_t steps, std::uint64_t seed) {
  // Nothing is due while it lasts; what would be reported is looked at.
  DaemonLab lab(seed, 86'400);
  Findings findings;
  Model model;
  lab.Write("facts/0.json", Product("0"));
  model.Leave("0", Leaves::kGood, "0");
  lab.Start();
  const bool began =
      lab.Eventually([&] { return ShownVersion(lab, "Shop") == "0"; }, std::chrono::seconds(20));
  if (!began) findings.Add("the beginning", lab.Candor("preview").output);
  for (std::uint64_t step = 1; step <= steps && findings.broken == 0; ++step) {
    const Hazard& hazard = Hazards()[lab.Below(Hazards().size())];
    const std::string name = "n" + std::to_string(lab.Below(3)), version = std::to_string(step);
    const bool may_give = ::geteuid() == 0 || std::string(hazard.name) != "another user's";
    const bool was_gone = Replace(lab.Path("facts/" + name + ".json"), hazard, Product(version));
    Model seen_gone = model;
    if (was_gone) seen_gone.said.erase(name);
    model.Leave(name, may_give ? hazard.leaves : Leaves::kGood, version);
    seen_gone.Leave(name, may_give ? hazard.leaves : Leaves::kGood, version);
    // Whatever was not noticed is read with the next change that is.
    lab.Write("facts/zz.json", R"({"values": {"product": {"name": "Shop )" + version + "\"}}}");
    std::string shown;
    lab.Eventually(
        [&] {
          shown = ShownVersion(lab, "Shop " + version);
          return shown == model.Version() || shown == seen_gone.Version();
        },
        std::chrono::seconds(20));
    if (shown != model.Version()) model = seen_gone;
    const std::string where = "step " + version + ", " + name + " is " + hazard.name;
    if (shown != model.Version()) {
      findings.Add(where, "shown is '" + shown + "' instead of " + model.Version());
    }
    if (!lab.is_running()) findings.Add(where, "it ended by itself");
  }
  findings.Add("the end", WhyBadEnd(lab.End(SIGTERM)));
  findings.Add("the end", lab.Check());
  return findings.Print("daemon files", std::to_string(steps) + " steps", seed);
}

}  // namespace candor
