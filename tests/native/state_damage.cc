#include "tests/native/state_damage.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

#include "core/sha256.h"
#include "tests/native/state_samples.h"

namespace candor {
namespace {

constexpr char kPending[] = "11111111-1111-4111-8111-111111111111";
constexpr char kSettled[] = "22222222-2222-4222-8222-222222222222";

// Everything a store can read, as one text.
std::string AllOf(StateStore& store) {
  const Result<Snapshot> read = store.Read();
  if (!read.ok()) return "no state: " + read.error().message;
  std::string all = Text(read.value().state) + std::to_string(read.value().revision);
  const auto reports = store.ListReports(1000);
  if (!reports.ok()) return "no reports: " + reports.error().message;
  for (const SealedReport& report : reports.value()) {
    const Result<SealedReport> with_bytes = store.ReadReport(report.id);
    if (!with_bytes.ok()) return "no report: " + with_bytes.error().message;
    all += Text(with_bytes.value());
  }
  const auto journal = store.ReadJournal(0, 1000);
  if (!journal.ok()) return "no journal: " + journal.error().message;
  StringSink history;
  WriteHistory(journal.value(), history);
  return all + history.text() + store.ReadFacts().value();
}

// In a process of its own, which ends without closing anything where it is to look killed.
template <typename Work>
FolderImage ImageAfter(Ending ending, const Work& work) {
  const TemporaryFolder folder;
  const pid_t child = fork();
  if (child == 0) {
    auto store = OpenStore(folder.path());
    const bool good = store != nullptr && work(*store);
    if (ending == Ending::kClosed) store.reset();
    _exit(good ? 0 : 1);
  }
  int status = 1;
  waitpid(child, &status, 0);
  if (status != 0) return {};
  FolderImage image = ReadImage(folder.path());
  if (const auto store = OpenStore(folder.path())) image.holds = AllOf(*store);
  return image;
}

bool Grant(StateStore& store) {
  StateChange change =
      SampleChange(SampleReport(kSettled, "{\"settled\": \"" + std::string(3000, 's') + "\"}\n"));
  change.report->fate = Fate::kAccepted;
  change.state.pending.clear();
  change.facts = "{\"product\": {\"name\": \"Example\"}}\n";
  if (!store.Apply(change, 0).ok()) return false;
  change = {};
  change.state = store.Read().value().state;
  change.report = SampleReport(kPending, "{\"pending\": \"" + std::string(5000, 'p') + "\"}\n");
  change.state.pending = kPending;
  change.journal = {{"sealed", "{\"report\": \"x\"}"}};
  return store.Apply(change, 1).ok();
}

bool Deny(StateStore& store) {
  const Snapshot before = store.Read().value();
  StateChange change;
  change.state = before.state;
  change.state.consent = SampleConsent(Verdict::kDenied);
  change.journal = {{"consent", ConsentText(*change.state.consent)}};
  return store.Apply(change, before.revision).ok();
}

std::string CheckRead(StateStore& store, const std::string& holds, bool was_denied, bool damaged,
                      DamageTotals& totals) {
  const Result<Snapshot> read = store.Read();
  if (!read.ok()) return "a state that opened cannot be read: " + read.error().message;
  const State& state = read.value().state;
  const bool granted = state.consent && state.consent->verdict == Verdict::kGranted;
  if (was_denied && granted) return "a no became a yes";
  if (!damaged && AllOf(store) != holds) return "other contents without a word";
  if (!state.installation.empty() && state.installation != SampleState().installation) {
    return "another installation";
  }
  totals.kept_installation += state.installation.empty() ? 0 : 1;
  totals.kept_consent += state.consent ? 1 : 0;
  if (const auto& pending = read.value().pending) {
    if (Sha256Hex(pending->bytes) != pending->digest) return "a pending report is not its digest";
    if (pending->bytes.find(std::string(5000, 'p')) == std::string::npos) return "other bytes";
  } else if (!state.pending.empty()) {
    return "a pending report without its bytes";
  }
  const auto journal = store.ReadJournal(0, 1000);
  if (!journal.ok() || CountLinked(journal.value()) != journal.value().size()) {
    return "the chain is broken";
  }
  const bool told =
      std::any_of(journal.value().begin(), journal.value().end(),
                  [](const JournalEntry& entry) { return entry.kind == "recovered"; });
  if (damaged && !told) return "set aside without an entry";
  const std::string all = AllOf(store);
  if (all.compare(0, 3, "no ") == 0) return all;
  StateChange change;
  change.state = state;
  change.journal = {{"restarted", "{\"why\": \"test\"}"}};
  if (!store.Apply(change, read.value().revision).ok()) return "it cannot be changed";
  return {};
}

}  // namespace

std::size_t FolderImage::Bytes() const {
  std::size_t bytes = 0;
  for (const File& file : files) bytes += file.bytes.size();
  return bytes;
}
std::size_t FolderImage::Bits() const { return Bytes() * 8; }

FolderImage ReadImage(const std::string& folder) {
  FolderImage image;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream file(entry.path(), std::ios::binary);
    image.files.push_back(
        {entry.path().filename().string(), std::string(std::istreambuf_iterator<char>(file), {})});
  }
  std::sort(image.files.begin(), image.files.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  return image;
}

void WriteImage(const std::string& folder, const FolderImage& image) {
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::filesystem::remove(entry.path());
  }
  for (const FolderImage::File& file : image.files) {
    std::ofstream(folder + '/' + file.name, std::ios::binary) << file.bytes;
  }
}

FolderImage DeniedImage(Ending ending) {
  return ImageAfter(ending, [](StateStore& store) { return Grant(store) && Deny(store); });
}

FolderImage GrantedImage(Ending ending) { return ImageAfter(ending, Grant); }

FolderImage FlipBit(FolderImage image, std::size_t bit) {
  std::size_t byte = bit / 8;
  for (FolderImage::File& file : image.files) {
    if (byte < file.bytes.size()) {
      file.bytes[byte] = static_cast<char>(file.bytes[byte] ^ (1 << bit % 8));
      return image;
    }
    byte -= file.bytes.size();
  }
  return image;
}

FolderImage CutAt(FolderImage image, std::size_t byte) {
  for (FolderImage::File& file : image.files) {
    if (byte < file.bytes.size()) {
      file.bytes.resize(byte);
      return image;
    }
    byte -= file.bytes.size();
  }
  return image;
}

std::string TryDamaged(const std::string& folder, const FolderImage& image, bool was_denied,
                       DamageTotals& totals) {
  WriteImage(folder, image);
  ++totals.cases;
  {
    const Result<std::unique_ptr<StateStore>> store = OpenSqliteStore(folder);
    if (!store.ok()) {
      ++totals.refused;
      // Only a version from the future is refused; everything else is repaired.
      return store.error().code == ErrorCode::kOutOfRange ? "" : store.error().message;
    }
    const bool damaged = !store.value()->set_aside().empty();
    ++(damaged ? totals.set_aside : totals.whole);
    const std::string problem = CheckRead(*store.value(), image.holds, was_denied, damaged, totals);
    if (!problem.empty()) return problem + (damaged ? "; " + store.value()->set_aside() : "");
  }
  const Result<std::unique_ptr<StateStore>> again = OpenSqliteStore(folder);
  if (!again.ok()) return "it does not open again";
  return again.value()->set_aside().empty() ? "" : "it is damaged again";
}

}  // namespace candor
