#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "core/exposition.h"
#include "tests/core/exposition_text.h"

namespace candor {
namespace {

using Selections = std::vector<FamilySelection>;

std::string SelectOk(std::string_view text, const Selections& selections) {
  const Selected selected = Select(text, selections);
  EXPECT_TRUE(selected.problems.empty()) << Print(selected.problems);
  return selected.samples;
}

std::string PlacesOf(std::string_view text, const Selections& selections) {
  return Places(Select(text, selections).problems);
}

TEST(ExpositionSelectorTest, HandsOverAllowedLabelsSortedByNameAndLeavesTheValueAsText) {
  const Selections selections = {{"jvm_memory_used_bytes", {"id", "area"}, false}};
  EXPECT_EQ(SelectOk("# HELP jvm_memory_used_bytes The amount\n"
                     "# TYPE jvm_memory_used_bytes gauge\n"
                     "jvm_memory_used_bytes{id=\"Eden\",secret=\"x\",area=\"heap\",} 5.36870912E8\n"
                     "jvm_memory_max_bytes{area=\"heap\"} 7\n"
                     "jvm_memory_used_bytes{area=\"nonheap\"} -0 1700000000000\n",
                     selections),
            "jvm_memory_used_bytes{area=\"heap\",id=\"Eden\"} 5.36870912E8\n"
            "jvm_memory_used_bytes{area=\"nonheap\"} -0\n");
}

TEST(ExpositionSelectorTest, LeavesEveryValueAsItsText) {
  EXPECT_EQ(SelectOk("x{n=\"1\"} 1e400\nx{n=\"2\"} NaN\nx{n=\"3\"} +Inf\nx{n=\"4\"} -inf\n"
                     "x{n=\"5\"} 2.0E-5\nx{n=\"6\"} 00.10\nx{n=\"7\"} 12345678901234567890\n",
                     {{"x", {}, false}}),
            "x 1e400\nx NaN\nx +Inf\nx -inf\nx 2.0E-5\nx 00.10\nx 12345678901234567890\n");
}

TEST(ExpositionSelectorTest, ResolvesEscapesOfLabels) {
  EXPECT_EQ(SelectOk("x{a=\"C:\\\\dir\",b=\"say \\\"hi\\\"\\n\",c=\"\\d\",d=\"plain\"} 1\n",
                     {{"x", {"a", "b", "c", "d"}, false}}),
            "x{a=\"C:\\dir\",b=\"say \"hi\"\n\",c=\"\\d\",d=\"plain\"} 1\n");
}

TEST(ExpositionSelectorTest, KeepsTheOrderOfTheScrapeNotOfTheSelections) {
  EXPECT_EQ(SelectOk("b 1\na 2\nc 3\na{x=\"y\"} 4\n",
                     {{"a", {}, false}, {"b", {}, false}, {"c", {}, false}}),
            "b 1\na 2\nc 3\na 4\n");
}

TEST(ExpositionSelectorTest, TakesNoNameForAnotherThatStartsLikeIt) {
  const std::string text =
      "jvm_memory_used 1\njvm_memory_used_bytes 2\njvm_memory_used_bytes_max 3\n"
      "jvm_memory 4\njvm_memory_used_bytes_max{a=\"b\"} 5\njvm_memory_used_byte 6\n"
      "jvm_memory_used_bytes:rate 7\nj 8\n";
  EXPECT_EQ(SelectOk(text, {{"jvm_memory_used_bytes", {}, false}}), "jvm_memory_used_bytes 2\n");
  EXPECT_EQ(SelectOk(text, {{"jvm_memory_used_bytes", {}, false}, {"j", {}, false}}),
            "jvm_memory_used_bytes 2\nj 8\n");
  EXPECT_EQ(SelectOk(text, {{"jvm_memory_used", {}, false}, {"jvm_memory", {}, false}}),
            "jvm_memory_used 1\njvm_memory 4\n");
  EXPECT_EQ(SelectOk(text, {}), "");
  EXPECT_EQ(SelectOk(text, {{"jvm_memory_used_bytes_maximum", {}, false}}), "");
}

TEST(ExpositionSelectorTest, FindsRowsWithTheBlanksThatTextAllows) {
  EXPECT_EQ(
      SelectOk("  x\t1\n\tx {a = \"b\" , } \t 2  3 \r\n# comment\n\n   # TYPE y gauge\n y 4\n",
               {{"x", {"a"}, false}, {"y", {}, false}}),
      "x 1\nx{a=\"b\"} 2\ny 4\n");
}

TEST(ExpositionSelectorTest, TakesAnOpenMetricsCounterByEitherName) {
  const std::string text =
      "# TYPE x counter\nx_total{a=\"b\"} 5 # {t=\"u\"} 1 2\nx_created{a=\"b\"} 1.5e9\n# EOF\n";
  EXPECT_EQ(SelectOk(text, {{"x", {}, false}}), "x 5\n");
  EXPECT_EQ(SelectOk(text, {{"x_total", {"a"}, false}}), "x_total{a=\"b\"} 5\n");
  EXPECT_EQ(SelectOk(text, {{"x", {}, false}, {"x_total", {"a"}, false}}),
            "x 5\nx_total{a=\"b\"} 5\n");
}

TEST(ExpositionSelectorTest, TakesACounterOfTextByItsWholeNameOnly) {
  const std::string text = "# HELP x_total x\n# TYPE x_total counter\nx_total 5\n";
  EXPECT_EQ(SelectOk(text, {{"x_total", {}, false}}), "x_total 5\n");
  EXPECT_EQ(SelectOk(text, {{"x", {}, false}}), "");
}

TEST(ExpositionSelectorTest, MakesNoPointOfACreationTime) {
  EXPECT_EQ(SelectOk("# TYPE x counter\nx_total 5\nx_created 1\n"
                     "# TYPE y summary\ny_count 1\ny_created 1\ny_sum 2\n"
                     "# TYPE z histogram\nz_created 1\nz_bucket{le=\"+Inf\"} 1\n# EOF\n",
                     {{"x", {}, true}, {"y", {}, true}, {"z", {}, true}}),
            "x 5\ny_count 1\ny_sum 2\n");
}

TEST(ExpositionSelectorTest, TakesInfoAndStateSetByFamilyOrSample) {
  const std::string text =
      "# TYPE build info\nbuild_info{v=\"1\",w=\"2\"} 1\n"
      "# TYPE state stateset\nstate{state=\"on\"} 1\nstate{state=\"off\"} 0\n# EOF\n";
  EXPECT_EQ(SelectOk(text, {{"build", {"v"}, false}, {"state", {"state"}, false}}),
            "build{v=\"1\"} 1\nstate{state=\"on\"} 1\nstate{state=\"off\"} 0\n");
  EXPECT_EQ(SelectOk(text, {{"build_info", {"v"}, false}}), "build_info{v=\"1\"} 1\n");
}

TEST(ExpositionSelectorTest, GivesUndefinedOncePerLabelSetOfASummaryWithoutQuantiles) {
  EXPECT_EQ(SelectOk("# TYPE s summary\n"
                     "s_count{a=\"1\",b=\"1\"} 3\ns_sum{b=\"1\",a=\"1\"} 4\n"
                     "s_count{a=\"2\",b=\"1\"} 5\ns_sum{a=\"2\",b=\"1\"} 6\n"
                     "s_count{a=\"2\",b=\"2\"} 5\ns_sum{a=\"2\",b=\"2\"} 6\n"
                     "# TYPE s_max gauge\ns_max 9\n",
                     {{"s", {"a"}, false}}),
            "s{a=\"1\"} undefined\ns{a=\"2\"} undefined\ns{a=\"2\"} undefined\n");
}

TEST(ExpositionSelectorTest, GivesCountAndSumWhereTheyAreAskedFor) {
  EXPECT_EQ(SelectOk("# TYPE s summary\ns_count{a=\"1\"} 3\ns_sum{a=\"1\"} 4.5\n"
                     "# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_bucket{le=\"+Inf\"} 2\n"
                     "h_sum 7\nh_count 2\n"
                     "# TYPE g gaugehistogram\ng_bucket{le=\"+Inf\"} 2\ng_gcount 2\ng_gsum -1\n",
                     {{"s", {"a"}, true}, {"h", {}, true}, {"g", {}, true}}),
            "s_count{a=\"1\"} 3\ns_sum{a=\"1\"} 4.5\nh_sum 7\nh_count 2\ng_gcount 2\ng_gsum -1\n");
}

TEST(ExpositionSelectorTest, GivesOneSamplePerQuantileAndUndefinedForSetsWithoutAny) {
  const std::string text =
      "# TYPE s summary\n"
      "s_count{a=\"1\"} 1\ns{a=\"1\",quantile=\"0.5\"} 7\ns{quantile=\"0.9\",a=\"1\"} 8\n"
      "s_sum{a=\"1\"} 1\ns_count{a=\"2\"} 5\ns_sum{a=\"2\"} 5\n";
  EXPECT_EQ(SelectOk(text, {{"s", {"a", "quantile"}, false}}),
            "s{a=\"1\",quantile=\"0.5\"} 7\ns{a=\"1\",quantile=\"0.9\"} 8\ns{a=\"2\"} undefined\n");
  EXPECT_EQ(SelectOk(text, {{"s", {"a"}, true}}),
            "s_count{a=\"1\"} 1\ns{a=\"1\"} 7\ns{a=\"1\"} 8\ns_sum{a=\"1\"} 1\n"
            "s_count{a=\"2\"} 5\ns_sum{a=\"2\"} 5\n");
}

TEST(ExpositionSelectorTest, GivesUndefinedOncePerLabelSetOfAHistogram) {
  EXPECT_EQ(SelectOk("# TYPE h histogram\n"
                     "h_bucket{a=\"1\",le=\"1\"} 1\nh_bucket{a=\"1\",le=\"+Inf\"} 2\n"
                     "h_bucket{le=\"1\",a=\"2\"} 1\nh_bucket{le=\"+Inf\",a=\"2\"} 2\n"
                     "h_count{a=\"1\"} 2\nh_sum{a=\"1\"} 2\nh_count{a=\"2\"} 2\nh_sum{a=\"2\"} 2\n"
                     "z 1\n",
                     {{"h", {"a", "le"}, false}, {"z", {}, false}}),
            "h{a=\"1\"} undefined\nh{a=\"2\"} undefined\nz 1\n");
}

TEST(ExpositionSelectorTest, TakesBucketsCountsAndSumsByTheirWholeNames) {
  const std::string text =
      "# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_bucket{le=\"+Inf\"} 2\nh_count 2\nh_sum 3\n";
  EXPECT_EQ(SelectOk(text, {{"h_bucket", {"le"}, false}, {"h_count", {}, false}}),
            "h_bucket{le=\"1\"} 1\nh_bucket{le=\"+Inf\"} 2\nh_count 2\n");
  EXPECT_EQ(SelectOk(text, {{"h", {}, false}, {"h_count", {}, false}}), "h undefined\nh_count 2\n");
}

TEST(ExpositionSelectorTest, ReadsRowsWithoutTypeAsTheyAre) {
  EXPECT_EQ(SelectOk("s{quantile=\"0.5\"} 1\ns_count 2\ns_sum 3\n", {{"s", {}, true}}), "s 1\n");
}

TEST(ExpositionSelectorTest, HandsOverAFamilyThatComesTwiceEachTime) {
  EXPECT_EQ(SelectOk("# TYPE s summary\ns_count 1\ns_sum 1\n# TYPE s summary\ns_count 2\ns_sum 2\n"
                     "# TYPE g gauge\ng 1\n# TYPE s summary\ns_count 3\n# TYPE g gauge\ng 2\n",
                     {{"s", {}, false}, {"g", {}, false}}),
            "s undefined\ns undefined\ng 1\ns undefined\ng 2\n");
}

TEST(ExpositionSelectorTest, TakesUnitLinesForTheCommentsTheyAreInText) {
  EXPECT_EQ(SelectOk("# UNIT s any text\n# TYPE s summary\ns_count{a=\"1\"} 1\n# UNIT z of z\n"
                     "s_count{a=\"2\"} 1\n",
                     {{"s", {"a"}, false}}),
            "s{a=\"1\"} undefined\ns{a=\"2\"} undefined\n");
  EXPECT_EQ(
      SelectOk("# UNIT x_s s\n# TYPE x_s counter\nx_s_total 1\n# EOF\n", {{"x_s", {}, false}}),
      "x_s 1\n");
}

TEST(ExpositionSelectorTest, EndsAFamilyAtTheFirstRowThatIsNotOfIt) {
  EXPECT_EQ(SelectOk("# TYPE s summary\ns_count 1\nz 1\ns_count{a=\"2\"} 1\ns 5\n",
                     {{"s", {}, false}, {"z", {}, false}}),
            "s undefined\nz 1\ns 5\n");
}

TEST(ExpositionSelectorTest, LooksForNoClosingQuoteInTheNextLine) {
  EXPECT_EQ(PlacesOf("x{b=\"c\nx{b=\"d\"} 1\nenough_to_read_a_block 1\n", {{"x", {}, false}}),
            "9 1:7");
}

TEST(ExpositionSelectorTest, TellsApartSelectionsByTheirIndex) {
  class Indexes : public SampleHandler {
   public:
    void OnSample(const SelectedSample& sample) override { seen.push_back(sample.selection); }
    std::vector<std::size_t> seen;
  };
  const Selections selections = {{"b", {}, false}, {"a", {}, false}, {"s", {}, true}};
  Indexes indexes;
  ExpositionSelector selector(selections, indexes);
  selector.Feed("a 1\n# TYPE s summary\ns_sum 1\ns_count 1\nb 1\n");
  EXPECT_TRUE(selector.Finish().empty());
  EXPECT_EQ(indexes.seen, (std::vector<std::size_t>{1, 2, 2, 0}));
}

TEST(ExpositionSelectorTest, SkipsRowsThatAreNotSelectedWithoutJudgingThem) {
  EXPECT_EQ(SelectOk("other{{{ \xff\n# TYPE other nonsense\n# HELP\nx 1\n???\n{\"a\"} 1\n",
                     {{"x", {}, false}}),
            "x 1\n");
}

TEST(ExpositionSelectorTest, PlacesEveryProblemOfSelectedRows) {
  const Selections selections = {{"x", {"a"}, false}};
  EXPECT_EQ(PlacesOf("x\n", selections), "9 1:2");
  EXPECT_EQ(PlacesOf("y 1\nx{a=\"1\" 5\nx{a=\"1\"} five\nx 1\nx{a=\"\xff\"} 1\n", selections),
            "9 2:9, 9 3:10, 8 5:6");
  EXPECT_EQ(PlacesOf("  x{a=\"1\",a=\"2\"} 1\n", selections), "9 1:11");
  EXPECT_EQ(PlacesOf("x{b=\"1\",b=\"2\"} 1\n", selections), "9 1:9");
  EXPECT_EQ(PlacesOf(std::string_view("x{b=\"\0\"} 1\n", 11), selections), "8 1:6");
  EXPECT_EQ(PlacesOf("# TYPE x\n# TYPE x what\n# HELP x \xff\n", selections),
            "9 1:9, 9 2:10, 8 3:10");
  EXPECT_EQ(PlacesOf("x {count:2,sum:3.5,schema:0}\n", selections), "9 1:9");
  EXPECT_EQ(PlacesOf("# TYPE x histogram\nx_bucket{le=\"1} 5\n", selections), "9 2:18");
}

TEST(ExpositionSelectorTest, WantsTheEndOfTheExposition) {
  const Selections selections = {{"x", {}, false}};
  EXPECT_EQ(PlacesOf("", selections), "");
  EXPECT_EQ(PlacesOf("x 1\nx 23", selections), "9 2:5");
  EXPECT_EQ(PlacesOf("x 1\nother 23", selections), "9 2:9");
  EXPECT_EQ(PlacesOf("other 1\nother 23", selections), "9 2:9");
  EXPECT_EQ(PlacesOf("x 1\n# HELP", selections), "9 2:7");
  EXPECT_EQ(PlacesOf("x 1\n# EOF", selections), "");
  EXPECT_EQ(PlacesOf("x 1\n# EO", selections), "9 2:5");
  EXPECT_EQ(PlacesOf("x 1\n# EOF\n\n", selections), "");
  EXPECT_EQ(PlacesOf("x 1\n# EOF\nother 1\nother 2\n", selections), "9 3:1");
  EXPECT_EQ(Select("x 1\nx 23", selections).samples, "x 1\n");
}

TEST(ExpositionSelectorTest, RefusesAByteOrderMark) {
  EXPECT_EQ(PlacesOf("\xEF\xBB\xBFx 1\nx 2\n", {{"x", {}, false}}), "9 1:1");
}

TEST(ExpositionSelectorTest, HoldsLimitsEverywhere) {
  ExpositionLimits limits;
  limits.line_bytes = 30;
  limits.samples = 4;
  const Selections selections = {{"x", {}, false}};
  const auto places = [&](std::string_view text) {
    return Places(Select(text, selections, limits).problems);
  };
  EXPECT_EQ(places("x 1\nother 1\nother 2\n# HELP z y\n\nother 3\n"), "");
  EXPECT_EQ(places("other 1\nother 2\nother 3\nother 4\nother 5\n"), "3 5:1");
  EXPECT_EQ(places("other 1\nother 2\nx 3\nx 4\nx 5\nx bad\n"), "3 5:1");
  EXPECT_EQ(places("other 000000000000000000000001\nx 1\n"), "");
  EXPECT_EQ(places("other 0000000000000000000000001\nx 1\n"), "3 1:1");
  EXPECT_EQ(places("# HELP other 000000000000000000000\nx 1\n"), "3 1:1");
  EXPECT_EQ(places("other 0000000000000000000000001"), "3 1:1");
  limits.labels = 1;
  limits.label_value_bytes = 2;
  EXPECT_EQ(places("x{a=\"\",b=\"\"} 1\nx{a=\"123\"} 1\n"), "3 1:8, 3 2:6");
  EXPECT_EQ(places("other{a=\"\",b=\"\"} 1\n"), "");
}

TEST(ExpositionSelectorTest, FindsTheSameWhereverChunksEnd) {
  const std::string text =
      "# HELP jvm_memory_used_bytes x\n# TYPE jvm_memory_used_bytes gauge\n"
      "jvm_memory_used_bytes{area=\"heap\",id=\"G1 \\\"Old\\\" Gen\"} 1.0E8\n"
      "jvm_memory_max_bytes{area=\"heap\"} 1\njvm_memory_max_bytes{area=\"nonheap\"} 2\n"
      "# TYPE s summary\ns_count{a=\"1\"} 1\ns_sum{a=\"1\"} 2\ns{a=\"2\",quantile=\"0.5\"} 3\n"
      "# TYPE s_max gauge\ns_max 4\njvm_memory_used_bytes{ 1\n"
      "long_line_000000000000000000000000000000000000000000000000000000000000000000000000 1\n"
      "# TYPE x counter\nx_total 5 # {a=\"b\"} 1\nx_created 7\n# EOF\nmore";
  const Selections selections = {
      {"jvm_memory_used_bytes", {"id", "area"}, false}, {"s", {"a"}, false}, {"x", {}, false}};
  ExpositionLimits limits;
  limits.line_bytes = 80;
  const Selected whole = Select(text, selections, limits);
  EXPECT_EQ(whole.samples,
            "jvm_memory_used_bytes{area=\"heap\",id=\"G1 \"Old\" Gen\"} 1.0E8\n"
            "s{a=\"1\"} undefined\ns{a=\"2\"} 3\nx 5\n");
  EXPECT_EQ(Places(whole.problems), "9 12:24, 3 13:1, 9 18:1");
  for (std::size_t chunk = 1; chunk <= text.size(); ++chunk) {
    const Selected parts = Select(text, selections, limits, chunk);
    EXPECT_EQ(parts.samples, whole.samples) << chunk;
    EXPECT_EQ(Print(parts.problems), Print(whole.problems)) << chunk;
  }
}

}  // namespace
}  // namespace candor
