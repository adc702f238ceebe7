#include "native/admin/accounts/accounts.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "native/admin/accounts/password_rules.h"
#include "tests/native/admin_rig.h"

namespace candor {
namespace {

ErrorCode CodeOf(const std::optional<Problems>& problems) {
  return problems ? problems->list().front().code : ErrorCode::kInternal;
}

mode_t ModeOf(const std::string& path) {
  struct stat status {};
  EXPECT_EQ(lstat(path.c_str(), &status), 0) << path;
  return status.st_mode & 07777;
}

TEST(AccountsTest, AreForThisUserAlone) {
  AdminRig rig;
  rig.Add("Ada", Role::kSuperuser);
  EXPECT_EQ(ModeOf(rig.folder.Path("state")), 0700u);
  EXPECT_EQ(ModeOf(rig.Path()), 0600u);
  EXPECT_EQ(ModeOf(rig.Path() + "-wal"), 0600u);
}

TEST(AccountsTest, RefuseALinkInPlaceOfTheFile) {
  Folder folder;
  mkdir(folder.Path("state").c_str(), 0700);
  folder.Write("elsewhere", "");
  ASSERT_EQ(symlink(folder.Path("elsewhere").c_str(), folder.Path("state/admin.db").c_str()), 0);
  const auto opened = AdminDatabase::Open(folder.Path("state"), SystemRandom());
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, ErrorCode::kUnavailable);
}

TEST(AccountsTest, RefuseAFolderThatOthersMayWrite) {
  Folder folder;
  mkdir(folder.Path("state").c_str(), 0700);
  chmod(folder.Path("state").c_str(), 0777);
  EXPECT_FALSE(AdminDatabase::Open(folder.Path("state"), SystemRandom()).ok());
}

TEST(AccountsTest, RefuseAStoreOfALaterVersion) {
  AdminRig rig;
  const auto made_later = rig.database->Write([](const AdminTables& tables) {
    return tables.database.Run("PRAGMA user_version=99", "test");
  });
  ASSERT_FALSE(made_later);
  const auto opened = AdminDatabase::Open(rig.folder.Path("state"), SystemRandom());
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, ErrorCode::kOutOfRange);
}

TEST(AccountsTest, RefuseADamagedStoreAndLeaveIt) {
  Folder folder;
  mkdir(folder.Path("state").c_str(), 0700);
  const std::string text(8192, 'x');
  folder.Write("state/admin.db", text);
  const auto opened = AdminDatabase::Open(folder.Path("state"), SystemRandom());
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, ErrorCode::kCorrupt);
  std::stringstream kept;
  kept << std::ifstream(folder.Path("state/admin.db")).rdbuf();
  EXPECT_EQ(kept.str(), text);
}

TEST(AccountsTest, KeepNamesAsTheyWereTyped) {
  AdminRig rig;
  rig.Add("Ada", Role::kSuperuser);
  rig.Add("bob@example.org", Role::kViewer);
  rig.Open();
  const std::vector<Account> accounts = rig.accounts->List().value();
  ASSERT_EQ(accounts.size(), 2u);
  EXPECT_EQ(accounts[0].name, "Ada");
  EXPECT_EQ(accounts[0].role, Role::kSuperuser);
  EXPECT_EQ(accounts[0].created_ms, rig.clock.wall);
  EXPECT_FALSE(accounts[0].last_ms);
  EXPECT_EQ(accounts[1].name, "bob@example.org");
}

TEST(AccountsTest, AreTheSameInAnyCase) {
  AdminRig rig;
  rig.Add("Ada", Role::kSuperuser);
  EXPECT_EQ(CodeOf(rig.accounts->Add({"aDA", Role::kViewer, kGoodPassword}, rig.actor)),
            ErrorCode::kConflict);
  EXPECT_EQ(rig.accounts->CheckPassword("ADA", kGoodPassword).value().account.name, "Ada");
}

TEST(AccountsTest, RefuseEveryBadPartAtOnce) {
  const Problems problems = Accounts::Check({"a:b", Role::kNone, "short"});
  ASSERT_EQ(problems.list().size(), 3u);
  EXPECT_EQ(problems.list()[0].where, "/name");
  EXPECT_EQ(problems.list()[1].where, "/role");
  EXPECT_EQ(problems.list()[2].where, "/password");
}

TEST(AccountsTest, RefuseBadNames) {
  for (const std::string& name :
       {std::string(), std::string(65, 'a'), std::string("a/b"), std::string("a\nb"),
        std::string("a\0b", 3), std::string(" a"), std::string("a "), std::string("J\u00fcrgen")}) {
    Problems problems;
    CheckAccountName(name, problems);
    EXPECT_FALSE(problems.empty()) << name;
  }
  Problems none;
  CheckAccountName(std::string(64, '~'), none);
  CheckAccountName("Ada Lovelace", none);
  EXPECT_TRUE(none.empty());
}

TEST(AccountsTest, RefuseBadPasswords) {
  for (const std::string& password :
       {std::string("1234567"), std::string(1025, 'x'), std::string("four\xff words"),
        std::string("four\0words", 10), std::string("ADA.lovelace"), std::string("Password1"),
        std::string("qwertzuiop")}) {
    Problems problems;
    CheckPassword(password, "ada.Lovelace", "/password", problems);
    ASSERT_EQ(problems.list().size(), 1u) << password;
    EXPECT_EQ(problems.list().front().where, "/password");
  }
  Problems none;
  CheckPassword(std::string(1024, 'x'), "ada", "/password", none);
  CheckPassword("zw\u00f6lf B\u00e4r", "ada", "/password", none);
  EXPECT_TRUE(none.empty());
}

TEST(AccountsTest, LeaveASuperuserAlways) {
  AdminRig rig;
  EXPECT_EQ(CodeOf(rig.accounts->Add({"eve", Role::kViewer, kGoodPassword}, rig.actor)),
            ErrorCode::kConflict);
  rig.Add("ada", Role::kSuperuser);
  rig.Add("bob", Role::kViewer);
  EXPECT_EQ(CodeOf(rig.accounts->Remove("ada", rig.actor)), ErrorCode::kConflict);
  EXPECT_EQ(CodeOf(rig.accounts->SetRole("ada", Role::kViewer, rig.actor)), ErrorCode::kConflict);
  EXPECT_EQ(rig.AccountOf("ada").role, Role::kSuperuser);
  EXPECT_FALSE(rig.accounts->SetRole("bob", Role::kSuperuser, rig.actor));
  EXPECT_FALSE(rig.accounts->Remove("ada", rig.actor));
  EXPECT_EQ(CodeOf(rig.accounts->Remove("BOB", rig.actor)), ErrorCode::kConflict);
}

TEST(AccountsTest, SayWhenThereIsNoneOfAName) {
  AdminRig rig;
  rig.Add("ada", Role::kSuperuser);
  EXPECT_EQ(CodeOf(rig.accounts->Remove("bob", rig.actor)), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(rig.accounts->SetRole("bob", Role::kViewer, rig.actor)), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(rig.accounts->SetPassword("bob", kGoodPassword, rig.actor)),
            ErrorCode::kNotFound);
}

TEST(AccountsTest, OpenWithTheirPasswordOnly) {
  AdminRig rig;
  rig.Add("ada", Role::kSuperuser);
  const auto verdict = [&](const std::string& name, const std::string& password) {
    return rig.accounts->CheckPassword(name, password).value().verdict;
  };
  EXPECT_EQ(verdict("ada", kGoodPassword), PasswordVerdict::kRight);
  EXPECT_EQ(verdict("ada", "four words in a roW"), PasswordVerdict::kWrong);
  EXPECT_EQ(verdict("ada", ""), PasswordVerdict::kWrong);
  EXPECT_EQ(verdict("bob", kGoodPassword), PasswordVerdict::kWrong);
  EXPECT_EQ(verdict("", ""), PasswordVerdict::kWrong);
  EXPECT_FALSE(rig.accounts->SetPassword("ADA", "another four words", rig.actor));
  EXPECT_EQ(verdict("ada", kGoodPassword), PasswordVerdict::kWrong);
  EXPECT_EQ(verdict("ada", "another four words"), PasswordVerdict::kRight);
}

TEST(AccountsTest, KeepNoPassword) {
  AdminRig rig;
  rig.Add("ada", Role::kSuperuser);
  for (const char* end : {"", "-wal"}) {
    std::stringstream bytes;
    bytes << std::ifstream(rig.Path() + end, std::ios::binary).rdbuf();
    EXPECT_EQ(bytes.str().find(kGoodPassword), std::string::npos);
  }
}

TEST(AccountsTest, BeginAnewWhenTheFileIsRemoved) {
  AdminRig rig;
  rig.Add("ada", Role::kSuperuser);
  for (const char* end : {"", "-wal", "-shm"}) unlink((rig.Path() + end).c_str());
  EXPECT_TRUE(rig.accounts->IsEmpty().value());
  rig.Add("eve", Role::kSuperuser);
  EXPECT_EQ(rig.accounts->List().value().size(), 1u);
}

}  // namespace
}  // namespace candor
