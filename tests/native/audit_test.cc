#include "native/admin/accounts/audit.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/native/admin_rig.h"

namespace candor {
namespace {

std::vector<std::string> Kinds(AdminDatabase& database) {
  std::vector<std::string> kinds;
  const std::vector<AuditEntry> entries = ListAudit(database, 1'000).value();
  for (const AuditEntry& entry : entries) kinds.push_back(entry.what);
  return {kinds.rbegin(), kinds.rend()};
}

std::optional<Error> RunSql(AdminRig& rig, const char* sql) {
  return rig.database->Write(
      [sql](const AdminTables& tables) { return tables.database.Run(sql, "test"); });
}

TEST(AuditTest, TellsEveryChangeOfAccounts) {
  AdminRig rig;
  rig.Add("ada", Role::kSuperuser);
  rig.Add("bob", Role::kViewer);
  const Sessions::Begun begun = rig.SignIn("bob");
  rig.SignIn("bob");
  ASSERT_FALSE(rig.sessions->End(begun.look.id, rig.actor));
  ASSERT_FALSE(rig.accounts->SetRole("bob", Role::kSuperuser, rig.actor));
  ASSERT_FALSE(rig.accounts->SetPassword("bob", "another four words", rig.actor));
  ASSERT_FALSE(rig.accounts->Remove("bob", rig.actor));
  EXPECT_EQ(Kinds(*rig.database),
            (std::vector<std::string>{"added", "added", "signin", "signin", "signout", "role",
                                      "ended", "password", "removed"}));
  EXPECT_EQ(VerifyAudit(*rig.database).value(), 9);
}

TEST(AuditTest, SaysWhoAndFromWhereAndWhatItWas) {
  AdminRig rig;
  rig.Add("ada", Role::kSuperuser);
  rig.Add("bob", Role::kViewer);
  ASSERT_FALSE(rig.accounts->SetRole("bob", Role::kSuperuser, {"ada", "192.0.2.7"}));
  EXPECT_EQ(AuditJson(ListAudit(*rig.database, 1).value()), R"({
  "entries": [
    {
      "seq": 3,
      "atMs": 1795262400000,
      "who": "ada",
      "what": "role",
      "old": {
        "name": "bob",
        "role": "viewer"
      },
      "new": {
        "name": "bob",
        "role": "superuser"
      },
      "from": "192.0.2.7"
    }
  ]
}
)");
}

TEST(AuditTest, TellsNothingOfWhatWasRefused) {
  AdminRig rig;
  rig.Add("ada", Role::kSuperuser);
  EXPECT_TRUE(rig.accounts->Remove("ada", rig.actor));
  EXPECT_TRUE(rig.accounts->Add({"ADA", Role::kViewer, kGoodPassword}, rig.actor));
  EXPECT_EQ(Kinds(*rig.database), std::vector<std::string>{"added"});
}

TEST(AuditTest, OnlyGrows) {
  AdminRig rig;
  rig.Add("ada", Role::kSuperuser);
  rig.Add("bob", Role::kViewer);
  for (const char* sql :
       {"UPDATE audit SET kind = 'x' WHERE seq = 1", "DELETE FROM audit WHERE seq = 2",
        "DELETE FROM audit", "REPLACE INTO audit VALUES(1, 1, 'x', '{}', 'x')",
        "INSERT INTO audit VALUES(7, 1, 'x', '{}', 'x')"}) {
    EXPECT_TRUE(RunSql(rig, sql)) << sql;
  }
  EXPECT_EQ(VerifyAudit(*rig.database).value(), 2);
}

// Whoever owns the file can take the triggers away; the chain tells.
TEST(AuditTest, ShowsWhenItWasTamperedWith) {
  for (const char* sql :
       {"UPDATE audit SET at_ms = at_ms + 1 WHERE seq = 2",
        "UPDATE audit SET body = replace(body, 'bob', 'eve')", "DELETE FROM audit WHERE seq = 1",
        "DELETE FROM audit WHERE seq = 3", "DELETE FROM audit"}) {
    AdminRig rig;
    rig.Add("ada", Role::kSuperuser);
    rig.Add("bob", Role::kViewer);
    rig.Add("cyd", Role::kViewer);
    ASSERT_FALSE(RunSql(rig, "DROP TRIGGER audit_is_not_changed"));
    ASSERT_FALSE(RunSql(rig, "DROP TRIGGER audit_is_not_deleted"));
    ASSERT_FALSE(RunSql(rig, sql));
    const auto verified = VerifyAudit(*rig.database);
    ASSERT_FALSE(verified.ok()) << sql;
    EXPECT_EQ(verified.error().code, ErrorCode::kCorrupt);
  }
}

}  // namespace
}  // namespace candor
