#include <gtest/gtest.h>

#include <string>
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

TEST(ExpositionSelectorTest, TakesAnOpenMetricsCounterByEitherName) {
  const std::string text = "# TYPE x counter\nx_total 5\nx_created 1.5e9\n# EOF\n";
  EXPECT_EQ(SelectOk(text, {{"x", {}, false}}), "x 5\n");
  EXPECT_EQ(SelectOk(text, {{"x_total", {}, false}}), "x_total 5\n");
}

TEST(ExpositionSelectorTest, GivesUndefinedOncePerLabelSetOfASummaryWithoutQuantiles) {
  EXPECT_EQ(SelectOk("# TYPE s summary\n"
                     "s_count{a=\"1\"} 3\ns_sum{a=\"1\"} 4\n"
                     "s_count{a=\"2\"} 5\ns_sum{a=\"2\"} 6\n"
                     "# TYPE s_max gauge\ns_max 9\n",
                     {{"s", {"a"}, false}}),
            "s{a=\"1\"} undefined\ns{a=\"2\"} undefined\n");
}

}  // namespace
}  // namespace candor
