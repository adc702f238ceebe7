// candor state, as somebody types it, with a real PostgreSQL.
#include <gtest/gtest.h>

#include "tests/native/folder.h"
#include "tests/native/postgres_server.h"
#include "tests/native/run_program.h"

namespace candor {
namespace {

Ran Candor(const std::string& line) { return RunLine("env -i " CANDOR_PROGRAM " " + line); }

TEST(StateCliTest, PrintsWhatMakesTheTables) {
  const Ran ran = Candor("state schema");
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.output.rfind("CREATE TABLE", 0), 0u);
}

TEST(StateCliTest, OneDirectionHasToBeGiven) {
  EXPECT_EQ(Candor("state move --state-folder /x").status, 1);
  EXPECT_EQ(Candor("state move --to-database dbname=a --from-database dbname=b").status, 1);
  const Ran secret =
      Candor("state move --state-folder /x --from-database 'dbname=a password=geheim'");
  EXPECT_EQ(secret.status, 1);
  EXPECT_NE(secret.output.find("passfile"), std::string::npos) << secret.output;
  EXPECT_EQ(secret.output.find("geheim"), std::string::npos);
}

TEST(StateCliTest, MovesThereAndBackAndVerifies) {
  if (!PostgresServer::IsInstalled()) GTEST_SKIP() << "needs Debian's postgresql";
  PostgresServer server;
  server.Start();
  const Folder folder;
  const std::string config =
      " --config " + folder.Write("config.json", R"({"mode": "online", "catalogue": "engine",)"
                                                 R"( "endpoint": "http://127.0.0.1:9/"})");
  const std::string one = " --state-folder " + folder.Path("one");
  const std::string two = " --state-folder " + folder.Path("two");
  const std::string database = " '" + server.Conninfo() + "'";
  ASSERT_EQ(Candor("toggle on" + config + one).status, 0);
  const Ran there = Candor("state move --to-database" + database + one);
  ASSERT_EQ(there.status, 0) << there.output;
  EXPECT_NE(there.output.find("state.db.moved-1"), std::string::npos) << there.output;
  const Ran left = Candor("status" + config + one);
  EXPECT_EQ(left.status, 2);
  EXPECT_NE(left.output.find("was moved to the database postgres"), std::string::npos)
      << left.output;
  EXPECT_EQ(Candor("history verify" + config + one + " --state-database" + database).status, 0);
  const Ran back = Candor("state move --json --from-database" + database + two);
  ASSERT_EQ(back.status, 0) << back.output;
  EXPECT_NE(back.output.find("\"wasThere\": false"), std::string::npos) << back.output;
  EXPECT_EQ(Candor("history verify" + config + two).status, 0);
  EXPECT_NE(Candor("consent show" + config + two).output.find("granted"), std::string::npos);
  const Ran gone = Candor("status" + config + one + " --state-database" + database);
  EXPECT_EQ(gone.status, 2);
  EXPECT_NE(gone.output.find(folder.Path("two")), std::string::npos) << gone.output;
}

}  // namespace
}  // namespace candor
