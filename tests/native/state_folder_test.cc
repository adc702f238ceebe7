// Where a state may be, what it may be, and what is left of what was wiped.
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <utility>

#include "core/problems.h"
#include "tests/native/state_damage.h"
#include "tests/native/state_samples.h"

namespace candor {
namespace {

namespace fs = std::filesystem;

mode_t ModeOf(const std::string& path) {
  struct stat found {};
  EXPECT_EQ(stat(path.c_str(), &found), 0) << path;
  return found.st_mode & 07777;
}

ErrorCode Refusal(const std::string& folder) {
  const auto store = OpenSqliteStore(folder);
  return store.ok() ? ErrorCode::kInternal : store.error().code;
}

std::string IdOf(int number) {
  const std::string digits = std::to_string(1000 + number);
  return "00000000-0000-4000-8000-00000000" + digits;
}

// How many files of the folder hold the text.
int FilesWith(const std::string& folder, const std::string& text) {
  int files = 0;
  for (const FolderImage::File& file : ReadImage(folder).files) {
    files += file.bytes.find(text) == std::string::npos ? 0 : 1;
  }
  return files;
}

TEST(StateFolderTest, IsMadeWithItsParentsForItsOwnerAlone) {
  const TemporaryFolder folder;
  const std::string path = folder.File("var/lib/candor");
  const auto store = OpenStore(path);
  ASSERT_TRUE(store->Apply(SampleChange(SampleReport(IdOf(1), "{}\n")), 0).ok());
  EXPECT_EQ(ModeOf(path), 0700u);
  for (const auto& entry : fs::directory_iterator(path)) {
    EXPECT_EQ(ModeOf(entry.path()), 0600u) << entry.path();
  }
}

TEST(StateFolderTest, MayBeReachedThroughALink) {
  const TemporaryFolder folder;
  fs::create_directory(folder.File("real"));
  fs::permissions(folder.File("real"), fs::perms::owner_all);
  fs::create_directory_symlink(folder.File("real"), folder.File("link"));
  EXPECT_NE(OpenStore(folder.File("link")), nullptr);
  EXPECT_TRUE(fs::exists(folder.File("real/state.db")));
}

TEST(StateFolderTest, IsRefusedWhereOthersMayWrite) {
  const TemporaryFolder folder;
  chmod(folder.path().c_str(), 0720);
  EXPECT_EQ(Refusal(folder.path()), ErrorCode::kUnavailable);
  chmod(folder.path().c_str(), 0702);
  EXPECT_EQ(Refusal(folder.path()), ErrorCode::kUnavailable);
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(StateFolderTest, IsRefusedWhereItIsAFileOrAnothers) {
  const TemporaryFolder folder;
  {
    FILE* file = fopen(folder.File("file").c_str(), "w");
    fclose(file);
  }
  EXPECT_EQ(Refusal(folder.File("file")), ErrorCode::kUnavailable);
  EXPECT_EQ(Refusal(folder.File("file/below")), ErrorCode::kUnavailable);
  EXPECT_EQ(Refusal(""), ErrorCode::kUnavailable);
  if (geteuid() == 0) {
    fs::create_directory(folder.File("anothers"));
    ASSERT_EQ(chown(folder.File("anothers").c_str(), 12345, 12345), 0);
    EXPECT_EQ(Refusal(folder.File("anothers")), ErrorCode::kUnavailable);
  }
}

TEST(StateFolderTest, RefusesADatabaseThatIsALink) {
  const TemporaryFolder real, folder;
  { ASSERT_NE(OpenStore(real.path()), nullptr); }
  fs::create_symlink(real.File("state.db"), folder.File("state.db"));
  EXPECT_EQ(Refusal(folder.path()), ErrorCode::kUnavailable);
  fs::remove(folder.File("state.db"));
  fs::create_hard_link(real.File("state.db"), folder.File("state.db"));
  EXPECT_EQ(Refusal(folder.path()), ErrorCode::kUnavailable);
  fs::remove(folder.File("state.db"));
  fs::create_symlink(real.File("lock"), folder.File("lock2"));
  fs::remove(folder.File("lock"));
  fs::rename(folder.File("lock2"), folder.File("lock"));
  EXPECT_EQ(Refusal(folder.path()), ErrorCode::kUnavailable);
}

TEST(StateFolderTest, LeavesALaterVersionAlone) {
  const TemporaryFolder folder;
  { ASSERT_NE(OpenStore(folder.path()), nullptr); }
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open(folder.File("state.db").c_str(), &database), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(database, "PRAGMA user_version=2", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(database);
  const FolderImage before = ReadImage(folder.path());
  EXPECT_EQ(Refusal(folder.path()), ErrorCode::kOutOfRange);
  const FolderImage after = ReadImage(folder.path());
  ASSERT_EQ(after.files.size(), before.files.size());
  for (std::size_t i = 0; i < after.files.size(); ++i) {
    EXPECT_EQ(after.files[i].bytes, before.files[i].bytes) << after.files[i].name;
  }
}

TEST(StateFolderTest, NoticesThatItsDatabaseWasRemoved) {
  const TemporaryFolder folder;
  const auto store = OpenStore(folder.path());
  ASSERT_TRUE(store->Apply({}, 0).ok());
  fs::remove(folder.File("state.db"));
  fs::remove(folder.File("state.db-wal"));
  fs::remove(folder.File("state.db-shm"));
  const Result<Snapshot> read = store->Read();
  ASSERT_TRUE(read.ok()) << ProblemsAsText(read.problems());
  EXPECT_GT(read.value().revision, 1);
  EXPECT_NE(store->set_aside(), "");
  EXPECT_TRUE(store->Apply({}, read.value().revision).ok());
  EXPECT_TRUE(fs::exists(folder.File("state.db")));
}

TEST(WipeTest, LeavesNoByteOfAnyReportInAnyFile) {
  const TemporaryFolder folder;
  const auto other = OpenStore(folder.path());
  const auto store = OpenStore(folder.path());
  const std::string secret = "secret-of-a-report-";
  std::int64_t revision = 0;
  for (int i = 0; i < 5; ++i) {
    const std::string bytes = "{\"x\": \"" + secret + std::string(7000, 'y') + secret + "\"}\n";
    StateChange change = SampleChange(SampleReport(IdOf(i), bytes));
    change.facts = "{\"fact\": \"" + secret + "\"}\n";
    if (i < 4) change.report->fate = Fate::kAccepted;
    revision = store->Apply(change, revision).value();
    ASSERT_TRUE(other->Read().ok());
  }
  EXPECT_GT(FilesWith(folder.path(), secret), 0);
  StateChange no;
  no.state = store->Read().value().state;
  no.state.pending.clear();
  no.wipe_reports = true;
  no.facts = "";
  ASSERT_TRUE(store->Apply(no, revision).ok());
  EXPECT_EQ(FilesWith(folder.path(), secret), 0);
  EXPECT_EQ(FilesWith(folder.path(), "yyyyyyyy"), 0);
  EXPECT_EQ(store->ListReports(10).value().size(), 5u);
  EXPECT_EQ(other->ReadReport(IdOf(2)).value().bytes, "");
  EXPECT_EQ(other->ReadFacts().value(), "");
}

TEST(WipeTest, RemovesWhatWasSetAside) {
  const TemporaryFolder folder;
  const std::string secret(5000, 's');
  {
    const auto store = OpenStore(folder.path());
    ASSERT_TRUE(store->Apply(SampleChange(SampleReport(IdOf(1), secret)), 0).ok());
  }
  FolderImage image = ReadImage(folder.path());
  for (FolderImage::File& file : image.files) {
    const std::size_t at = file.bytes.find("0190c6a1-7d2f");
    if (file.name == "state.db" && at != std::string::npos) file.bytes[at] = 'X';
  }
  WriteImage(folder.path(), image);
  const auto store = OpenStore(folder.path());
  ASSERT_NE(store->set_aside(), "");
  EXPECT_EQ(store->Read().value().state.installation, SampleState().installation);
  EXPECT_EQ(FilesWith(folder.path(), secret.substr(0, 100)), 2);
  StateChange no;
  no.wipe_reports = true;
  ASSERT_TRUE(store->Apply(no, store->Read().value().revision).ok());
  EXPECT_EQ(FilesWith(folder.path(), secret), 0);
  EXPECT_EQ(FilesWith(folder.path(), "ssssssss"), 0);
}

TEST(RetentionTest, KeepsTheNewestSettledReportsAndEveryRecord) {
  const TemporaryFolder folder;
  const auto store = OpenStore(folder.path());
  std::int64_t revision = 0;
  const int reports = static_cast<int>(kKeptReports) + 5;
  for (int i = 0; i < reports; ++i) {
    StateChange change;
    change.report = SampleReport(IdOf(i), "{\"n\": " + std::to_string(i) + "}\n");
    change.report->fate = i == 0 ? Fate::kSealed : Fate::kAccepted;
    change.state.pending = IdOf(0);
    revision = store->Apply(change, revision).value();
  }
  EXPECT_NE(store->ReadReport(IdOf(0)).value().bytes, "");
  for (int i = 1; i < reports; ++i) {
    const bool kept = i >= reports - static_cast<int>(kKeptReports);
    const SealedReport report = store->ReadReport(IdOf(i)).value();
    EXPECT_EQ(report.bytes.empty(), !kept) << i;
    EXPECT_EQ(report.counted_from.empty(), !kept) << i;
    EXPECT_GT(report.size, 0);
  }
  EXPECT_EQ(store->ListReports(1000).value().size(), static_cast<std::size_t>(reports));
  EXPECT_EQ(store->ListReports(2).value()[1].id, IdOf(reports - 2));
}

TEST(RetentionTest, KeepsNoMoreBytesThanTheLimit) {
  const TemporaryFolder folder;
  const auto store = OpenStore(folder.path());
  std::int64_t revision = 0;
  for (int i = 0; i < 4; ++i) {
    StateChange change;
    change.report = SampleReport(IdOf(i), std::string(kKeptReportBytes / 3 + 1, '0' + i));
    change.report->fate = Fate::kAccepted;
    revision = store->Apply(change, revision).value();
  }
  EXPECT_EQ(store->ReadReport(IdOf(0)).value().bytes, "");
  EXPECT_EQ(store->ReadReport(IdOf(1)).value().bytes, "");
  EXPECT_NE(store->ReadReport(IdOf(2)).value().bytes, "");
  EXPECT_NE(store->ReadReport(IdOf(3)).value().bytes, "");
}

}  // namespace
}  // namespace candor
