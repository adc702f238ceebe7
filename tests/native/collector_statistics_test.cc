// What is told of the reports: exact, and of no few.
#include <gtest/gtest.h>

#include <numeric>
#include <random>

#include "core/json_reader.h"
#include "native/collector/statistics/statistics.h"
#include "native/collector/statistics/statistics_scan.h"
#include "native/collector/store/retention.h"
#include "native/collector/store/sqlite_backup.h"
#include "tests/native/collector_rig.h"
#include "tests/native/run_program.h"

namespace candor {
namespace {

constexpr std::int64_t kDayMs = 24LL * 3'600'000;
constexpr std::int64_t kFirst = 20'775;  // 2026-11-18

StatisticsCell Cell(const std::string& value, std::int64_t installations) {
  return {StatisticsCell::Kind::kValue, value, installations};
}

std::string Text(const std::vector<StatisticsCell>& cells) {
  std::string text;
  for (const StatisticsCell& cell : cells) {
    const char* const kind = cell.kind == StatisticsCell::Kind::kOthers ? "others"
                             : cell.kind == StatisticsCell::Kind::kNone ? "none"
                                                                        : "";
    text += kind + cell.value + " " + std::to_string(cell.installations) + "\n";
  }
  return text;
}

TEST(MergeSmallGroupsTest, AddsTheSmallestPublishedGroupUntilTheOthersAreMany) {
  EXPECT_EQ(Text(MergeSmallGroups({Cell("a", 30), Cell("b", 12), Cell("c", 3)}, 10)),
            "a 30\nothers 15\n");
  EXPECT_EQ(Text(MergeSmallGroups({Cell("a", 30), Cell("b", 9), Cell("c", 3)}, 10)),
            "a 30\nothers 12\n");
  EXPECT_EQ(Text(MergeSmallGroups({Cell("a", 10), Cell("b", 10)}, 10)), "a 10\nb 10\n");
  EXPECT_EQ(Text(MergeSmallGroups({Cell("a", 10), Cell("b", 1)}, 10)), "others 11\n");
  EXPECT_EQ(Text(MergeSmallGroups({Cell("a", 5), Cell("b", 4)}, 10)), "");
  EXPECT_EQ(Text(MergeSmallGroups({}, 10)), "");
}

TEST(MergeSmallGroupsTest, LeavesNothingSmallAndNothingToSubtract) {
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    std::vector<StatisticsCell> cells;
    std::int64_t all = 0;
    for (unsigned i = 0; i < 1 + random() % 12; ++i) {
      cells.push_back(Cell(std::to_string(i), 1 + static_cast<std::int64_t>(random() % 25)));
      all += cells.back().installations;
    }
    const auto told = MergeSmallGroups(cells, 10);
    std::int64_t sum = 0;
    for (const StatisticsCell& cell : told) {
      EXPECT_GE(cell.installations, 10);
      sum += cell.installations;
    }
    EXPECT_EQ(sum, all >= 10 ? all : 0);
  }
}

class StatisticsTest : public testing::Test {
 protected:
  StatisticsTest() : store_(OpenSqliteCollector(folder_.Path("store")).value()) {}

  void Keep(const std::string& report, std::int64_t day = 0) {
    const Arrival arrival = ReadArrival(report, std::to_string(++keys_));
    ASSERT_TRUE(store_->Keep(std::span(&arrival, 1), (kFirst + day) * kDayMs + 1000).ok());
  }
  // One report of each installation of [from, to).
  void KeepAll(int from, int to, const std::string& version, std::int64_t count = 1,
               std::int64_t day = 0) {
    for (int i = from; i < to; ++i) Keep(EngineReport(InstallationId(i), count, version), day);
  }
  static std::string Internals(int installation, const std::string& internals) {
    std::string report = EngineReport(InstallationId(installation));
    const std::size_t at = report.find("{\"commands\"");
    return report.replace(at, report.size() - 2 - at, "{" + internals + "}");
  }
  Statistics Read(std::int64_t days = 30) const {
    const auto read =
        ReadStatistics(*store_, catalogues_, {.first_day = kFirst, .last_day = kFirst + days - 1});
    EXPECT_TRUE(read.ok()) << read.error().message;
    return read.ok() ? read.value() : Statistics();
  }
  CatalogueStatistics Engine() const {
    const Statistics all = Read();
    EXPECT_EQ(all.catalogues.size(), 1U);
    return all.catalogues.empty() ? CatalogueStatistics() : all.catalogues.front();
  }
  static std::string Cells(const CatalogueStatistics& of, const std::string& place) {
    for (const StatisticsText& text : of.texts) {
      if (text.place == place) return Text(text.cells);
    }
    return "not told";
  }
  static std::string Count(const CatalogueStatistics& of, const std::string& place) {
    for (const StatisticsCount& count : of.counts) {
      if (count.place == "/product/internals/" + place + "/count") {
        return std::to_string(count.installations) + " " + count.total +
               (count.latest ? " latest" : "");
      }
    }
    return "not told";
  }

  const Folder folder_{MemoryFolder()};
  const std::vector<Catalogue> catalogues_ = CollectorCatalogues({}).value();
  std::unique_ptr<CollectorStore> store_;
  int keys_ = 0;
};

TEST_F(StatisticsTest, TellNothingOfFewerThanTen) {
  KeepAll(0, 9, "7.20.0");
  EXPECT_TRUE(Read().catalogues.empty());
  KeepAll(9, 10, "7.20.0");
  EXPECT_EQ(Engine().installations, 10);
}

TEST_F(StatisticsTest, AreNotFilledByOneWhoReportsOften) {
  for (int i = 0; i < 50; ++i) KeepAll(1, 2, "7.20.0", i);
  EXPECT_TRUE(Read().catalogues.empty());
}

TEST_F(StatisticsTest, GroupInstallationsByTheirLatestReport) {
  KeepAll(0, 40, "7.19.0", 1, 0);
  KeepAll(0, 25, "7.20.0", 1, 1);
  KeepAll(25, 28, "7.21.0", 1, 1);
  const CatalogueStatistics engine = Engine();
  EXPECT_EQ(engine.installations, 40);
  EXPECT_EQ(engine.reports, 68);
  EXPECT_EQ(Cells(engine, "/product/version"), "7.20.0 25\nothers 15\n")
      << "12 of 7.19.0 hide the 3 of 7.21.0";
  EXPECT_EQ(Cells(engine, "/product/edition"), "community 40\n");
}

TEST_F(StatisticsTest, CountWhoSaysNothing) {
  for (int i = 0; i < 20; ++i) {
    Keep(Internals(i, i < 8 ? R"("database": {"vendor": "h2"})" : ""));
  }
  EXPECT_EQ(Cells(Engine(), "/product/internals/database/vendor"), "others 20\n");
  for (int i = 20; i < 30; ++i) Keep(Internals(i, R"("database": {"vendor": "h2"})"));
  EXPECT_EQ(Cells(Engine(), "/product/internals/database/vendor"), "h2 18\nnone 12\n");
}

TEST_F(StatisticsTest, LeaveOutADayOfFewWithItsReports) {
  KeepAll(0, 20, "7.20.0", 1, 0);
  KeepAll(20, 29, "7.20.0", 1000, 1);
  KeepAll(0, 10, "7.20.0", 5, 2);
  const CatalogueStatistics engine = Engine();
  ASSERT_EQ(engine.days.size(), 2U);
  EXPECT_EQ(engine.days[0].date, "2026-11-18");
  EXPECT_EQ(engine.days[0].installations, 20);
  EXPECT_EQ(engine.days[1].date, "2026-11-20");
  EXPECT_EQ(engine.days[1].installations, 10);
  EXPECT_EQ(engine.installations, 20);
  EXPECT_EQ(Count(engine, "commands/DeployCmd"), "20 70");
}

TEST_F(StatisticsTest, AddUpCountsExactly) {
  for (int i = 0; i < 12; ++i) {
    for (int n = 1; n <= 20; ++n) Keep(EngineReport(InstallationId(i), n * 1000 + i));
  }
  EXPECT_EQ(Count(Engine(), "commands/DeployCmd"), "12 2521320");
}

TEST_F(StatisticsTest, AddUpBeyond64Bits) {
  for (int i = 0; i < 1100; ++i) Keep(EngineReport(InstallationId(i % 20), 9'007'199'254'740'991));
  EXPECT_EQ(Count(Engine(), "commands/DeployCmd"), "20 9907919180215090100");
}

TEST_F(StatisticsTest, MergeCommandsOfFew) {
  for (int i = 0; i < 30; ++i) {
    std::string commands = R"("commands": {"AllCmd": {"count": 1})";
    if (i < 4) commands += R"(, "FewCmd": {"count": 10})";
    if (i >= 20 && i < 29) commands += R"(, "NineCmd": {"count": 100})";
    Keep(Internals(i, commands + "}"));
  }
  const CatalogueStatistics engine = Engine();
  EXPECT_EQ(Count(engine, "commands/AllCmd"), "30 30");
  EXPECT_EQ(Count(engine, "commands/FewCmd"), "not told");
  EXPECT_EQ(Count(engine, "commands/NineCmd"), "not told");
  EXPECT_EQ(Count(engine, "commands/*"), "13 940");
}

TEST_F(StatisticsTest, DoNotTellCommandsOfFewEvenTogether) {
  KeepAll(0, 30, "7.20.0");
  for (int i = 0; i < 9; ++i) Keep(Internals(i, R"("commands": {"FewCmd": {"count": 10}})"));
  for (int i = 0; i < 10; ++i) Keep(EngineReport(InstallationId(i)));
  const CatalogueStatistics engine = Engine();
  EXPECT_EQ(Count(engine, "commands/FewCmd"), "not told");
  EXPECT_EQ(Count(engine, "commands/*"), "not told");
}

TEST_F(StatisticsTest, TakeTheLatestOfWhatCannotBeAddedUp) {
  for (int day = 0; day < 3; ++day) {
    for (int i = 0; i < 10; ++i) {
      const std::string count = std::to_string(day * 10 + 1);
      Keep(Internals(i, R"("metrics": {"unique-task-workers": {"count": )" + count +
                            R"(}, "process-instances": {"count": )" + count + "}}"),
           day);
    }
  }
  const CatalogueStatistics engine = Engine();
  EXPECT_EQ(Count(engine, "metrics/unique-task-workers"), "10 210 latest");
  EXPECT_EQ(Count(engine, "metrics/process-instances"), "10 330");
}

TEST_F(StatisticsTest, TellValuesOfListsThatManyName) {
  for (int i = 0; i < 25; ++i) {
    Keep(Internals(i, i < 12
                          ? R"("webapps": ["cockpit", "admin"])"
                          : R"("webapps": ["cockpit", "tasklist-of-)" + std::to_string(i) + "\"]"));
  }
  EXPECT_EQ(Cells(Engine(), "/product/internals/webapps"), "cockpit 25\nadmin 12\n");
}

// Whatever is reported: every cell has ten, groups add up to all, and counts to what was reported.
TEST_F(StatisticsTest, HoldForAnyReports) {
  std::mt19937 random(3);
  const auto one_of = [&random](int n) {
    return static_cast<int>(random() % static_cast<unsigned>(n));
  };
  std::int64_t sum = 0;
  for (int i = 0; i < 400; ++i) {
    const int count = one_of(1000);
    Keep(EngineReport(InstallationId(one_of(120)), count,
                      "7." + std::to_string(one_of(12) * one_of(3))),
         0);
    sum += count;
  }
  const CatalogueStatistics engine = Engine();
  for (const StatisticsText& text : engine.texts) {
    std::int64_t all = 0;
    for (const StatisticsCell& cell : text.cells) {
      EXPECT_GE(cell.installations, 10) << text.place;
      all += cell.installations;
    }
    EXPECT_EQ(all, engine.installations) << text.place;
  }
  EXPECT_EQ(Count(engine, "commands/DeployCmd"),
            std::to_string(engine.installations) + " " + std::to_string(sum));
}

TEST_F(StatisticsTest, AreReadByJsonReadersAndSpreadsheets) {
  KeepAll(0, 10, "=HYPERLINK(\\\"http://x\\\")");
  KeepAll(10, 20, "7,20");
  const Statistics statistics = Read();
  const Result<JsonValue> json = ReadJson(StatisticsAsJson(statistics));
  ASSERT_TRUE(json.ok());
  EXPECT_EQ(json.value().Find("from")->text(), "2026-11-18");
  const std::string csv = StatisticsAsCsv(statistics);
  EXPECT_NE(csv.find("engine,text,/product/version,\"'=HYPERLINK(\"\"http://x\"\")\",10,\r\n"),
            std::string::npos)
      << csv;
  EXPECT_NE(csv.find("engine,text,/product/version,\"7,20\",10,\r\n"), std::string::npos) << csv;
  EXPECT_NE(csv.find("engine,sum,/product/internals/commands/DeployCmd/count,,20,20\r\n"),
            std::string::npos)
      << csv;
}

TEST_F(StatisticsTest, ComeFromTheCommandToo) {
  KeepAll(0, 10, "7.20.0");
  const std::string stats = std::string(CANDOR_COLLECTOR) + " stats --folder " +
                            folder_.Path("store") + " --from 2026-11-01 --to 2026-11-30 ";
  EXPECT_EQ(
      RunLine(stats + "--json").output,
      StatisticsAsJson(
          ReadStatistics(*store_, catalogues_, {.first_day = 20'758, .last_day = 20'787}).value()));
  EXPECT_TRUE(RunLine(stats + "--csv").output.starts_with("catalogue,what,place"));
  EXPECT_NE(RunLine(stats).output.find("engine: 10 installations"), std::string::npos);
  EXPECT_NE(RunLine(stats + "--least 9").status, 0) << "ten is the least";
  EXPECT_NE(RunLine(stats + "--from 2026-02-30").status, 0);
  EXPECT_NE(RunLine(std::string(CANDOR_COLLECTOR) + " stats --folder /no/such").status, 0);
}

TEST_F(StatisticsTest, ABackupHoldsAllThatWasKept) {
  KeepAll(0, 20, "7.20.0");
  const std::string file = folder_.Path("copy.db");
  const std::string backup =
      std::string(CANDOR_COLLECTOR) + " backup --folder " + folder_.Path("store") + " " + file;
  ASSERT_EQ(RunLine(backup).status, 0);
  const Statistics before = Read();
  EXPECT_NE(RunLine(backup).status, 0) << "it is there already";
  KeepAll(20, 40, "7.20.0");
  store_.reset();
  ASSERT_EQ(RunLine("rm " + folder_.Path("store") + "/reports.db*; cp " + file + " " +
                    folder_.Path("store") + "/reports.db")
                .status,
            0);
  store_ = OpenSqliteCollector(folder_.Path("store")).value();
  EXPECT_EQ(StatisticsAsJson(Read()), StatisticsAsJson(before));
  KeepAll(20, 30, "7.20.0");
  EXPECT_EQ(Engine().installations, 30);
}

TEST_F(StatisticsTest, KeepDaysAreReadAndHeld) {
  const auto wrong = ParseKeepDays({"0", "x", "engine=", "nobody=5", "99999"}, catalogues_);
  ASSERT_FALSE(wrong.ok());
  EXPECT_EQ(wrong.problems().list().size(), 5U);
  const KeepDays days = ParseKeepDays({"engine=2", "400"}, catalogues_).value();
  EXPECT_EQ(days.at("engine"), 2);
  EXPECT_EQ(days.at("optimize"), 400);
  for (int day = 0; day < 5; ++day) KeepAll(0, 10, "7.20.0", 1, day);
  EXPECT_EQ(ExpireReports(days, (kFirst + 5) * kDayMs, *store_).value(), 30);
  EXPECT_EQ(Engine().days.size(), 2U);
}

TEST_F(StatisticsTest, AnInstallationIsForgottenByCommand) {
  KeepAll(0, 11, "7.20.0");
  const std::string forget =
      std::string(CANDOR_COLLECTOR) + " forget --folder " + folder_.Path("store") + " ";
  EXPECT_EQ(RunLine(forget + InstallationId(3)).output, InstallationId(3) + ": 1 report deleted\n");
  EXPECT_EQ(RunLine(forget + InstallationId(3)).output,
            InstallationId(3) + ": 0 reports deleted\n");
  EXPECT_EQ(Engine().installations, 10);
}

}  // namespace
}  // namespace candor
