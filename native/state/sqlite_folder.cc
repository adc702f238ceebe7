#include "native/state/sqlite_folder.h"

#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>
#include <vector>

#include "core/text.h"
#include "native/state/first_page.h"
#include "native/state/moved_folder.h"
#include "native/state/set_aside.h"
#include "native/state/sqlite_check.h"
#include "native/state/sqlite_salvage.h"
#include "native/state/sqlite_schema.h"
#include "native/state/state_folder.h"

namespace candor {
namespace {

constexpr int kOpeningMs = 5000;
constexpr int kAloneMs = 200;
// A damaged schema may put any bytes into SQLite's message.
constexpr std::size_t kMostWhyBytes = 300;

using Place = StateLock::Place;
using How = StateLock::How;
using Answer = StateLock::Answer;

class Opener {
 public:
  Opener(Clock& clock, OpenFor what) : clock_(clock), what_(what) {}

  Result<OpenFolder> Run(const std::string& folder) && {
    Result<std::string> real = PrepareFolder(folder);
    if (!real.ok()) return real.problems();
    out_.folder = std::move(real).value();
    if (auto error = Lock()) return std::move(*error);
    if (what_ == OpenFor::kUse) {
      if (auto error = CheckNotMovedAway(out_.folder)) return std::move(*error);
    }
    const Result<bool> replacing = IsReplacing(out_.folder);
    if (!replacing.ok()) return replacing.problems();
    if (replacing.value()) {
      if (auto error = WhileAlone([&] { return FinishReplacing(out_.folder); })) return *error;
    }
    if (auto error = OpenChecked()) {
      if (error->code != ErrorCode::kCorrupt) return std::move(*error);
      if (auto failed =
              WhileAlone([&] { return Replace(Quotable(error->message, kMostWhyBytes)); }))
        return *failed;
    }
    out_.lock->Release(Place::kOpening);
    return std::move(out_);
  }

 private:
  std::optional<Error> Lock() {
    Result<std::unique_ptr<StateLock>> lock = StateLock::Open(out_.folder);
    if (!lock.ok()) return lock.error();
    out_.lock = std::move(lock).value();
    Answer answer = out_.lock->Wait(Place::kOpening, How::kAlone, kOpeningMs);
    if (answer == Answer::kMine) answer = out_.lock->Wait(Place::kInUse, How::kShared, kOpeningMs);
    if (answer == Answer::kMine) return std::nullopt;
    if (answer == Answer::kFailed) {
      return FileError(out_.folder + "/lock", "cannot be locked", errno);
    }
    return Error{ErrorCode::kUnavailable,
                 "",
                 "is being opened or repaired by another process",
                 {},
                 out_.folder};
  }

  template <typename Work>
  std::optional<Error> WhileAlone(const Work& work) {
    if (out_.lock->Wait(Place::kInUse, How::kAlone, kAloneMs) != Answer::kMine) {
      return Error{ErrorCode::kCorrupt,
                   "",
                   "is damaged, and in use by another process: it is repaired when it is opened "
                   "after all of them have ended",
                   {},
                   Path()};
    }
    std::optional<Error> error = work();
    out_.lock->Try(Place::kInUse, How::kShared);
    return error;
  }

  std::optional<Error> Open(const std::string& name) {
    if (auto error = PrepareFile(out_.folder, name)) return error;
    Result<std::unique_ptr<Database>> database = Database::Open(out_.folder + '/' + name);
    if (!database.ok()) return database.error();
    out_.database = std::move(database).value();
    return Migrate(*out_.database);
  }

  std::optional<Error> OpenChecked() {
    // Before the database is looked at: it may move on meanwhile, and must not seem to lag.
    mark_ = ReadMark(out_.folder);
    if (auto error = Open(kDatabaseName)) return error;
    return CheckDatabase(*out_.database, mark_);
  }

  std::optional<Error> Replace(const std::string& why) {
    const UnixMillis at = clock_.Wall();
    const Result<int> next = NextDamaged(out_.folder);
    if (!next.ok()) return next.error();
    const int n = next.value();
    Result<Salvaged> salvaged = Salvage(out_.database.get(), mark_, at);
    if (!salvaged.ok()) return salvaged.error();
    if (out_.database) out_.database->KeepFiles();
    out_.database.reset();
    if (HasLostState(salvaged.value())) {
      Result<Salvaged> more = SalvageUnderFirstPage(at);
      if (!more.ok() && more.error().code != ErrorCode::kCorrupt) return more.error();
      if (more.ok() && !HasLostState(more.value())) salvaged = std::move(more);
    }
    const std::string lost = ListOf(salvaged.value().lost);
    if (auto error = StartBuilding(out_.folder)) return error;
    if (auto error = Open(kBuildingName)) return error;
    const Result<Mark> mark =
        WriteSalvaged(*out_.database, std::move(salvaged).value(), why, DamagedName(n), at);
    if (!mark.ok()) return mark.error();
    if (!out_.database->EmptyLog()) return out_.database->Failure(SQLITE_BUSY, "finish the repair");
    out_.database.reset();
    if (auto error = ReplaceWithBuilt(out_.folder, n)) return error;
    WriteMark(out_.folder, mark.value());
    out_.set_aside = Path() + " was damaged (" + why + ") and is now " + DamagedName(n) + "; " +
                     (lost.empty() ? "nothing was lost" : "lost: " + lost);
    return Open(kDatabaseName);
  }

  static bool HasLostState(const Salvaged& salvaged) {
    return std::find(salvaged.lost.begin(), salvaged.lost.end(), "state") != salvaged.lost.end();
  }

  // With the first page of a new database in place of the damaged one's.
  Result<Salvaged> SalvageUnderFirstPage(UnixMillis at) {
    if (auto error = StartBuilding(out_.folder)) return std::move(*error);
    if (auto error = Open(kBuildingName)) return std::move(*error);
    if (!out_.database->EmptyLog()) return out_.database->Failure(SQLITE_BUSY, "begin the repair");
    out_.database.reset();
    const std::string building = out_.folder + '/' + kBuildingName;
    if (auto error = PutUnderFirstPage(building, Path())) return std::move(*error);
    const Result<std::unique_ptr<Database>> database = Database::Open(building);
    if (!database.ok()) return database.problems();
    return Salvage(database.value().get(), mark_, at);
  }

  static std::string ListOf(const std::vector<std::string>& lost) {
    std::string list;
    for (const std::string& what : lost) list.append(list.empty() ? "" : ", ").append(what);
    return list;
  }

  std::string Path() const { return out_.folder + '/' + kDatabaseName; }

  Clock& clock_;
  const OpenFor what_;
  OpenFolder out_;
  std::optional<Mark> mark_;
};

}  // namespace

Result<OpenFolder> OpenStateFolder(const std::string& folder, Clock& clock, OpenFor what) {
  return Opener(clock, what).Run(folder);
}

}  // namespace candor
