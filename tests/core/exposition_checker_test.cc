#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "core/exposition.h"
#include "tests/core/exposition_text.h"

namespace candor {
namespace {

constexpr auto kText = ExpositionFormat::kPrometheusText;
constexpr auto kOpen = ExpositionFormat::kOpenMetrics;

// Codes as they stand in a place: 3 over a limit, 8 not UTF-8, 9 malformed.
std::string PlacesOf(std::string_view text, ExpositionFormat format) {
  return Places(Check(text, format));
}

std::string Open(std::string_view text) { return PlacesOf(std::string(text) + "# EOF\n", kOpen); }

struct Case {
  const char* text;
  const char* places;
};

void ExpectAll(ExpositionFormat format, const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    const Problems problems = Check(c.text, format);
    EXPECT_EQ(Places(problems), c.places) << c.text << Print(problems);
  }
}

// OpenMetrics cases are given without their last line.
void ExpectAllOpen(const std::vector<Case>& cases) {
  for (const Case& c : cases) EXPECT_EQ(Open(c.text), c.places) << c.text;
}

TEST(ExpositionCheckerTest, CountsFamiliesAndSamples) {
  ExpositionChecker checker(kText);
  checker.Feed("# TYPE a counter\na 1\na{b=\"c\"} 2\n# just a comment\nb 3\n");
  EXPECT_TRUE(checker.Finish().empty());
  EXPECT_EQ(checker.families(), 2u);
  EXPECT_EQ(checker.samples(), 3u);
}

TEST(ExpositionCheckerTest, ReadsTheExampleOfThePrometheusDocumentation) {
  EXPECT_EQ(PlacesOf(R"(# HELP http_requests_total The total number of HTTP requests.
# TYPE http_requests_total counter
http_requests_total{method="post",code="200"} 1027 1395066363000
http_requests_total{method="post",code="400"}    3 1395066363000

# Escaping in label values:
msdos_file_access_time_seconds{path="C:\\DIR\\FILE.TXT",error="Cannot find file:\n\"FILE.TXT\""} 1.458255915e9

# Minimalistic line:
metric_without_timestamp_and_labels 12.47

# A weird metric from before the epoch:
something_weird{problem="division by zero"} +Inf -3982045

# A histogram, which has a pretty complex representation in the text format:
# HELP http_request_duration_seconds A histogram of the request duration.
# TYPE http_request_duration_seconds histogram
http_request_duration_seconds_bucket{le="0.05"} 24054
http_request_duration_seconds_bucket{le="0.1"} 33444
http_request_duration_seconds_bucket{le="+Inf"} 144320
http_request_duration_seconds_sum 53423
http_request_duration_seconds_count 144320

# Finally a summary, which has a complex representation, too:
# HELP rpc_duration_seconds A summary of the RPC duration in seconds.
# TYPE rpc_duration_seconds summary
rpc_duration_seconds{quantile="0.01"} 3102
rpc_duration_seconds{quantile="0.99"} 76656
rpc_duration_seconds_sum 1.7560473e+07
rpc_duration_seconds_count 2693
)",
                     kText),
            "");
}

TEST(ExpositionCheckerTest, ReadsTheRoomThatTextLeaves) {
  ExpectAll(kText, {
                       {"", ""},
                       {"\n \t\n", ""},
                       {"  a \t 1 \t 2  \n", ""},
                       {"a{ b = \"c\" , d = \"e\" , } 1\n", ""},
                       {"a{} 1\n", ""},
                       {"a{b=\"c\"}1\n", ""},
                       {"#HELP a x\n#TYPE a gauge\na 1\n", ""},
                       {"# HELP a\n# TYPE  a\tgauge  \na 1\n", ""},
                       {"# UNIT anything at all\n# EOF\na 1\n", ""},
                       {"a NaN\nb -inf\nc +Infinity\nd 1e400\ne .5\n", ""},
                       {"# TYPE a summary\na_sum 1\na_count NaN\na{quantile=\"0.5\"} -1\n", ""},
                       {"# TYPE x_created gauge\nx_created 1.5e9\n", ""},
                   });
}

TEST(ExpositionCheckerTest, ReadsCarriageReturnsAsBlanksInTextOnly) {
  const std::string text = "# HELP a x\r\n# TYPE a gauge\r\na{b=\"c\"} 1\r\n\r\na 2 3\r\n";
  EXPECT_EQ(PlacesOf(text, kText), "");
  EXPECT_EQ(PlacesOf("# TYPE a gauge\r\na 1\r\n# EOF\r\n", kOpen), "9 1:10, 9 2:3, 9 3:1, 9 4:1");
}

TEST(ExpositionCheckerTest, PlacesWhatIsWrongWithALine) {
  ExpectAll(kText, {
                       {"a\n", "9 1:2"},
                       {"a \n", "9 1:3"},
                       {"1a 1\n", "9 1:1"},
                       {"a.b 1\n", "9 1:2"},
                       {"a x\n", "9 1:3"},
                       {"a 0x1p-2\n", "9 1:3"},
                       {"a 1_000\n", "9 1:3"},
                       {"a 1 2.5\n", "9 1:5"},
                       {"a 1 9223372036854775808\n", "9 1:5"},
                       {"a 1 2 3\n", "9 1:7"},
                       {"a{b=\"c\" 1\n", "9 1:9"},
                       {"a{b=\"c} 1\n", "9 1:10"},
                       {"a{b='c'} 1\n", "9 1:5"},
                       {"a{b} 1\n", "9 1:4"},
                       {"a{=\"c\"} 1\n", "9 1:3"},
                       {"a{1b=\"c\"} 1\n", "9 1:3"},
                       {"a{b:c=\"d\"} 1\n", "9 1:4"},
                       {"a{,} 1\n", "9 1:3"},
                       {"a{b=\"c\",,} 1\n", "9 1:9"},
                       {"a{b=\"c\" d=\"e\"} 1\n", "9 1:9"},
                       {"a{b=\"c\",b=\"d\"} 1\n", "9 1:9"},
                       {"a{b=\"\\x\"} 1\n", "9 1:6"},
                       {"a{b=\"\\\n", "9 1:6"},
                       {"{a=\"b\"} 1\n", "9 1:1"},
                       {"# TYPE\n", "9 1:7"},
                       {"# TYPE a\n", "9 1:9"},
                       {"# TYPE a meh\n", "9 1:10"},
                       {"# TYPE a gauge gauge\n", "9 1:10"},
                       {"# TYPE a unknown\n", "9 1:10"},
                       {"# TYPE 1a gauge\n", "9 1:8"},
                       {"# HELP a-b x\n", "9 1:9"},
                       {"# HELP a \\x\n", "9 1:10"},
                       {"# HELP a x\\\n", "9 1:11"},
                   });
}

TEST(ExpositionCheckerTest, LooksForNoClosingQuoteInTheNextLine) {
  EXPECT_EQ(PlacesOf("a{b=\"c\nd{e=\"f\"} 1\nenough_to_read_a_block 1\n", kText), "9 1:7");
  EXPECT_EQ(Open("a{b=\"c\n\"} 1\n"), "9 1:7, 9 2:1");
}

TEST(ExpositionCheckerTest, ForgetsTheFamilyOfARowThatCannotBeRead) {
  EXPECT_EQ(PlacesOf("# TYPE h histogram\nh_bucket{le=\"+Inf\"} 1\nx{\nx 1\n", kText), "9 3:3");
}

TEST(ExpositionCheckerTest, RefusesWhatIsNotUtf8AndNulWithItsPlace) {
  EXPECT_EQ(PlacesOf("a{b=\"x\xff\"} 1\n", kText), "8 1:7");
  EXPECT_EQ(PlacesOf("a{b=\"\xed\xa0\x80\"} 1\n", kText), "8 1:6");
  EXPECT_EQ(PlacesOf("a{b=\"a long value of Gr\xc3\xbc\xc3\xdf, further than a word\"} 1\n", kText),
            "8 1:26");
  EXPECT_EQ(PlacesOf("# HELP a \xc3\n", kText), "8 1:10");
  EXPECT_EQ(PlacesOf(std::string_view("a{b=\"\0\"} 1\n", 11), kText), "8 1:6");
  EXPECT_EQ(PlacesOf(std::string_view("# HELP a \0\n", 11), kText), "8 1:10");
  EXPECT_EQ(PlacesOf(std::string_view("a{b=\"\0\"} 1\n# EOF\n", 17), kOpen), "8 1:6");
  EXPECT_EQ(PlacesOf(std::string_view("# HELP a \0\n# EOF\n", 17), kOpen), "");
  EXPECT_EQ(PlacesOf("a{b=\"Gr\xc3\xbc\xc3\x9f Gott \xf0\x9f\x98\x80\"} 1\n", kText), "");
}

TEST(ExpositionCheckerTest, RefusesAByteOrderMark) {
  EXPECT_EQ(PlacesOf("\xEF\xBB\xBF# HELP a x\na 1\n", kText), "9 1:1");
  EXPECT_EQ(PlacesOf("\xEF\xBB\xBFz 1\n# EOF\n", kOpen), "9 1:1");
}

TEST(ExpositionCheckerTest, WantsALastLineFeedInText) {
  EXPECT_EQ(PlacesOf("a 1\nb 23", kText), "9 2:5");
  EXPECT_EQ(PlacesOf("a 1", kText), "9 1:4");
  EXPECT_EQ(PlacesOf("# HELP a x", kText), "9 1:11");
}

TEST(ExpositionCheckerTest, WantsTheEofLineOfOpenMetricsAndNothingBehindIt) {
  EXPECT_EQ(PlacesOf("", kOpen), "9 1:1");
  EXPECT_EQ(PlacesOf("a 1\n", kOpen), "9 2:1");
  EXPECT_EQ(PlacesOf("a 1\nb 2", kOpen), "9 2:1");
  EXPECT_EQ(PlacesOf("a 1\n# EOF", kOpen), "");
  EXPECT_EQ(PlacesOf("# EOF\n", kOpen), "");
  EXPECT_EQ(PlacesOf("# EOF\na 1\nb 1\n", kOpen), "9 2:1");
  EXPECT_EQ(PlacesOf("# EOF\n\n", kOpen), "9 2:1");
  EXPECT_EQ(PlacesOf("# EOF \n", kOpen), "9 1:1, 9 2:1");
}

// Every prefix of this has lost something, so every prefix must be refused.
TEST(ExpositionCheckerTest, NoticesWhereverAnOpenMetricsExpositionIsCut) {
  const std::string text =
      "# HELP a x\n# TYPE a counter\na_total{b=\"c\\n\"} 1 2.5 # {t=\"u\"} 1 2\n"
      "# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_bucket{le=\"+Inf\"} 2\nh_count 2\nh_sum 3\n# "
      "EOF";
  for (std::size_t size = 0; size < text.size(); ++size) {
    EXPECT_FALSE(Check(text.substr(0, size), kOpen).empty()) << size;
  }
  EXPECT_TRUE(Check(text, kOpen).empty());
}

TEST(ExpositionCheckerTest, NoticesATextCutWithinALine) {
  const std::string text = "# HELP a x\n# TYPE a gauge\na{b=\"c\"} 12345 678\nb 5\n";
  for (std::size_t size = 1; size < text.size(); ++size) {
    const bool at_line = text[size - 1] == '\n';
    EXPECT_EQ(Check(text.substr(0, size), kText).empty(), at_line) << size;
  }
}

TEST(ExpositionCheckerTest, ReportsEveryProblemOfADocument) {
  EXPECT_EQ(PlacesOf("a x\nb{ 1\nc 1\n# TYPE d meh\ne{f=\"\xff\"} 1\nlast 1", kText),
            "9 1:3, 9 2:4, 9 4:10, 8 5:6, 9 6:7");
}

TEST(ExpositionCheckerTest, WantsRowsOfAFamilyToStandTogetherInBothFormats) {
  const std::string twice =
      "# TYPE a gauge\na 1\n# TYPE b gauge\nb 1\n# TYPE a gauge\na{c=\"d\"} 2\n";
  EXPECT_EQ(PlacesOf(twice, kText), "9 5:1");
  EXPECT_EQ(Open(twice), "9 5:1");
  EXPECT_EQ(PlacesOf("a 1\nb 1\na{c=\"d\"} 2\n", kText), "9 3:1");
  EXPECT_EQ(PlacesOf("# TYPE h histogram\nh_bucket{le=\"+Inf\"} 1\n# TYPE h_bucket gauge\n"
                     "h_bucket 1\n",
                     kText),
            "9 3:1");
}

TEST(ExpositionCheckerTest, WantsMetadataOnceAndBeforeTheSamples) {
  const std::vector<Case> cases = {
      {"# HELP a x\n# HELP a x\n", "9 2:1"},     {"# TYPE a gauge\n# TYPE a gauge\n", "9 2:1"},
      {"a 1\n# TYPE a gauge\n", "9 2:1"},        {"# TYPE a gauge\na 1\n# HELP a x\n", "9 3:1"},
      {"# HELP a x\n# TYPE a gauge\na 1\n", ""}, {"# TYPE a gauge\n# HELP a x\n", ""},
  };
  ExpectAll(kText, cases);
  ExpectAllOpen(cases);
}

TEST(ExpositionCheckerTest, FindsTheSameSampleWithItsLabelsInAnotherOrder) {
  EXPECT_EQ(PlacesOf("a{b=\"1\",c=\"2\"} 1\na{c=\"2\",b=\"1\"} 1\n", kText), "9 2:1");
  EXPECT_EQ(Open("a{b=\"1\",c=\"2\"} 1\na{c=\"2\",b=\"1\"} 1\n"), "9 2:1");
  EXPECT_EQ(PlacesOf("a{b=\"1\",c=\"2\"} 1\na{b=\"2\",c=\"1\"} 1\n", kText), "");
  EXPECT_EQ(PlacesOf("a 1\na 1\n", kText), "9 2:1");
}

TEST(ExpositionCheckerTest, HoldsAHistogramOfTextToItsDocumentation) {
  ExpectAll(
      kText,
      {
          {"# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_sum 1\nh_count 1\n", "9 2:1"},
          {"# TYPE h histogram\nh_sum 1\nh_count 1\n", "9 2:1"},
          {"# TYPE h histogram\nh_bucket{le=\"+Inf\"} 2\nh_count 1\n", "9 2:1"},
          {"# TYPE h histogram\nh_bucket{le=\"+Inf\"} 2\nh_count 2.0\n", ""},
          {"# TYPE h histogram\nh_bucket{le=\"2\"} 1\nh_bucket{le=\"1\"} 1\nh_bucket{le=\"+Inf\"} "
           "1\n",
           "9 3:14"},
          {"# TYPE h histogram\nh_bucket{le=\"x\"} 1\nh_bucket{le=\"+Inf\"} 1\n", "9 2:14"},
          {"# TYPE h histogram\nh_bucket 1\nh_bucket{le=\"+Inf\"} 1\n", "9 2:1"},
          {"# TYPE h histogram\nh 1\n", "9 2:1"},
          {"# TYPE h histogram\nh_bucket{a=\"1\",le=\"1\"} 1\nh_bucket{a=\"2\",le=\"+Inf\"} 1\n"
           "h_bucket{a=\"1\",le=\"+Inf\"} 1\nh_count{a=\"2\"} 1\nh_count{a=\"1\"} 1\n",
           ""},
          {"# TYPE h histogram\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_sum 2\n", "9 4:1"},
          {"# TYPE s summary\ns{quantile=\"0.9\"} 1\ns{quantile=\"0.5\"} 1\n", "9 3:13"},
          {"# TYPE s summary\ns{quantile=\"1.1\"} 1\n", "9 2:13"},
          {"# TYPE s summary\ns 1\n", "9 2:1"},
      });
}

TEST(ExpositionCheckerTest, RefusesNativeHistogramText) {
  const char* const text =
      "# TYPE h histogram\n"
      "h {count:2,sum:3.5,schema:0,zero_threshold:1e-4,zero_count:0,positive_spans:[0:1],"
      "positive_buckets:[2]} st@1.5\n";
  EXPECT_EQ(PlacesOf(text, kText), "9 2:9");
  EXPECT_EQ(Open(text), "9 2:3");
  EXPECT_EQ(PlacesOf("{\"quoted.name\",a=\"b\"} 1\n", kText), "9 1:1");
}

TEST(ExpositionCheckerTest, RefusesExemplarsInTextAndChecksThoseOfOpenMetrics) {
  EXPECT_EQ(PlacesOf("# TYPE a counter\na 1 # {t=\"1\"} 1\n", kText), "9 2:5");
  const std::string c = "# TYPE a counter\na_total 1";
  EXPECT_EQ(Open(c + " # {t=\"1\"} 0.5\n"), "");
  EXPECT_EQ(Open(c + " 5 # {t=\"1\"} 0.5 1.25\n"), "");
  EXPECT_EQ(Open(c + " # {} NaN\n"), "");
  EXPECT_EQ(Open(c + " #{} 1\n"), "9 2:12");
  EXPECT_EQ(Open(c + "  # {} 1\n"), "9 2:11");
  EXPECT_EQ(Open(c + " # {}\n"), "9 2:15");
  EXPECT_EQ(Open(c + " # {}1\n"), "9 2:15");
  EXPECT_EQ(Open(c + " # {} 1 Inf\n"), "9 2:18");
  EXPECT_EQ(Open(c + " # {} 1 2 \n"), "9 2:19");
  EXPECT_EQ(Open(c + " # {t=\"1\",t=\"2\"} 1\n"), "9 2:20");
  EXPECT_EQ(Open(c + " # {t=\"1\",} 1\n"), "9 2:20");
}

TEST(ExpositionCheckerTest, CountsCharactersNotBytesOfAnExemplar) {
  const auto exemplar = [](const std::string& value) {
    return Open("# TYPE a counter\na_total 1 # {t=\"" + value + "\"} 1\n");
  };
  EXPECT_EQ(exemplar(std::string(127, 'x')), "");
  EXPECT_EQ(exemplar(std::string(128, 'x')), "9 2:11");
  std::string umlauts;
  for (int i = 0; i < 127; ++i) umlauts += "\xc3\xbc";
  EXPECT_EQ(exemplar(umlauts), "");
  EXPECT_EQ(exemplar(umlauts + "x"), "9 2:11");
  EXPECT_EQ(exemplar(std::string(126, 'x') + "\\n"), "");
  EXPECT_EQ(exemplar(std::string(126, 'x') + "\\x"), "9 2:11");
}

TEST(ExpositionCheckerTest, TakesExemplarsOfCountersAndBucketsOnly) {
  ExpectAllOpen({
      {"# TYPE h histogram\nh_bucket{le=\"+Inf\"} 1 # {} 1\nh_count 1\nh_sum 1\n", ""},
      {"# TYPE h gaugehistogram\nh_bucket{le=\"+Inf\"} 1 # {} 1\n", ""},
      {"# TYPE h histogram\nh_bucket{le=\"+Inf\"} 1\nh_count 1 # {} 1\nh_sum 1\n", "9 3:11"},
      {"# TYPE g gauge\ng 1 # {} 1\n", "9 2:5"},
      {"g 1 # {} 1\n", "9 1:5"},
      {"# TYPE s summary\ns_count 1 # {} 1\n", "9 2:11"},
      {"# TYPE c counter\nc_total 1\nc_created 1 # {} 1\n", "9 3:13"},
  });
}

TEST(ExpositionCheckerTest, HoldsLinesOfOpenMetricsToTheGrammar) {
  ExpectAllOpen({
      {"\n", "9 1:1"},
      {"# a comment\n", "9 1:1"},
      {"#HELP a x\n", "9 1:1"},
      {"#\n", "9 1:1"},
      {" a 1\n", "9 1:1"},
      {"a  1\n", "9 1:3"},
      {"a\t1\n", "9 1:2"},
      {"a 1 \n", "9 1:5"},
      {"a 1  2\n", "9 1:5"},
      {"a{} 1\n", ""},
      {"a{b=\"c\",} 1\n", "9 1:9"},
      {"a{b=\"c\"}1\n", "9 1:9"},
      {"a{b=\"c\"}  1\n", "9 1:10"},
      {"a {b=\"c\"} 1\n", "9 1:3"},
      {"a{b=\"\\x\\\\\\\"\"} 1\n", ""},
      {"a 1 1.5e3\n", ""},
      {"a 1 NaN\n", "9 1:5"},
      {"a 1 1 1\n", "9 1:7"},
      {"# HELP a\n", "9 1:9"},
      {"# HELP a \n", ""},
      {"# HELP  a x\n", "9 1:8"},
      {"# TYPE a untyped\n", "9 1:10"},
      {"# TYPE a gauge \n", "9 1:10"},
      {"# TYPE a Gauge\n", "9 1:10"},
      {"# UNIT a_s s\n", ""},
      {"# UNIT a \n", ""},
      {"# UNIT a s\n", "9 1:1"},
      {"# UNIT as s\n", "9 1:1"},
      {"# UNIT a_s s-1\n", "9 1:12"},
      {"# TYPE a_s info\n# UNIT a_s s\n", "9 2:1"},
      {"# TYPE a_s stateset\n# UNIT a_s s\n", "9 2:1"},
      {"# TYPE a_s counter\n# UNIT a_s s\na_s_total 1\n", ""},
      {"# UNIT a_s s\n# UNIT a_s s\n", "9 2:1"},
  });
}

TEST(ExpositionCheckerTest, HoldsValuesOfOpenMetricsToTheirType) {
  ExpectAllOpen({
      {"# TYPE c counter\nc_total NaN\n", "9 2:9"},
      {"# TYPE c counter\nc_total -1e-400\n", "9 2:9"},
      {"# TYPE c counter\nc_total -0\n", ""},
      {"# TYPE c counter\nc_total +Inf\n", ""},
      {"# TYPE c counter\nc_total 1e400\n", ""},
      {"# TYPE c counter\nc 1\n", "9 2:1"},
      {"# TYPE c counter\nc_total 1\nc_created 1.5e9\n", ""},
      {"# TYPE c counter\nc_created 1.5e9\n", "9 2:1"},
      {"# TYPE g gauge\ng -Inf\n", ""},
      {"# TYPE i info\ni_info{a=\"b\"} 1.0e0\n", ""},
      {"# TYPE i info\ni_info 0\n", "9 2:8"},
      {"# TYPE i info\ni 1\n", "9 2:1"},
      {"# TYPE e stateset\ne{e=\"x\"} 1\ne{e=\"y\"} 0\n", ""},
      {"# TYPE e stateset\ne{e=\"x\"} 0.5\n", "9 2:10"},
      {"# TYPE e stateset\ne{f=\"x\"} 1\n", "9 2:1"},
      {"# TYPE s summary\ns{quantile=\"0\"} NaN\ns{quantile=\"1.0\"} 2\ns_sum 1\n", ""},
      {"# TYPE s summary\ns{quantile=\"0.5\"} -1\n", "9 2:19"},
      {"# TYPE s summary\ns{quantile=\"NaN\"} 1\n", "9 2:13"},
      {"# TYPE s summary\ns_count 1.5\n", "9 2:9"},
      {"# TYPE s summary\ns_sum -1\n", "9 2:7"},
  });
}

TEST(ExpositionCheckerTest, HoldsHistogramsOfOpenMetricsTogether) {
  const std::string h = "# TYPE h histogram\n";
  const std::string g = "# TYPE h gaugehistogram\n";
  EXPECT_EQ(Open(h + "h_bucket{le=\"1\"} 1\nh_bucket{le=\"+Inf\"} 2\nh_count 2\nh_sum 2\n"), "");
  EXPECT_EQ(Open(h + "h_bucket{le=\"1\"} 2\nh_bucket{le=\"+Inf\"} 1\n"), "9 3:21");
  EXPECT_EQ(Open(h + "h_bucket{le=\"1\"} 0.5\nh_bucket{le=\"+Inf\"} 1\n"), "9 2:18");
  EXPECT_EQ(Open(h + "h_bucket{le=\"Inf\"} 1\n"), "9 2:14, 9 2:1");
  EXPECT_EQ(Open(h + "h_bucket{le=\"1\"} 1\nh_bucket{le=\"1.0\"} 1\nh_bucket{le=\"+Inf\"} 1\n"),
            "9 3:14");
  EXPECT_EQ(Open(h + "h_bucket{le=\"+Inf\"} 1\nh_count 1\n"), "9 2:1");
  EXPECT_EQ(Open(h + "h_bucket{le=\"+Inf\"} 1\nh_sum 1\n"), "9 2:1");
  EXPECT_EQ(Open(h + "h_created 1\n"), "9 2:1");
  EXPECT_EQ(Open(h + "h_bucket{le=\"-1\"} 0\nh_bucket{le=\"+Inf\"} 1\nh_count 1\nh_sum 1\n"),
            "9 2:1");
  EXPECT_EQ(Open(g + "h_bucket{le=\"-1\"} 0\nh_bucket{le=\"+Inf\"} 1\nh_gcount 1\nh_gsum -1\n"),
            "");
  EXPECT_EQ(Open(g + "h_bucket{le=\"1\"} 0\nh_bucket{le=\"+Inf\"} 1\nh_gcount 1\nh_gsum -1\n"),
            "9 2:1");
  EXPECT_EQ(Open(h + "h_bucket{le=\"0.1\"} 1\nh_bucket{le=\"1e-1\"} 1\nh_bucket{le=\"+Inf\"} 1\n"),
            "9 3:14");
}

TEST(ExpositionCheckerTest, DoesNotMissInAHistogramWhatAMalformedLineMayHold) {
  EXPECT_EQ(Open("# TYPE h histogram\nh_bucket{le=\"+Inf\" 1\nh_count 1\nh_sum 1\n"), "9 2:19");
}

TEST(ExpositionCheckerTest, KeepsLabelSetsAndTimestampsOfOpenMetricsInOrder) {
  ExpectAllOpen({
      {"# TYPE g gauge\ng{a=\"1\"} 1\ng{a=\"2\"} 1\ng{a=\"1\"} 2 5\n", "9 4:1"},
      {"# TYPE s summary\ns_count{a=\"1\"} 1\ns_count{a=\"2\"} 1\ns_sum{a=\"1\"} 1\n", "9 4:1"},
      {"g 1 1\ng 2 2\ng 3 2.0000000001\n", ""},
      {"g 1 1\ng 2 1.0\n", ""},
      {"g 1 2\ng 2 1e0\n", "9 2:5"},
      {"g 1\ng 2 1\n", "9 2:1"},
      {"g 1 1\ng 2\n", "9 2:1"},
      {"g 1\ng 1\n", "9 2:1"},
      {"# TYPE i info\ni_info{a=\"1\"} 1 5\ni_info{a=\"2\"} 1 4\n", ""},
      {"# TYPE i info\ni_info{a=\"1\"} 1\ni_info{a=\"1\"} 1\n", "9 3:1"},
      {"# TYPE e stateset\ne{e=\"x\"} 1\ne{e=\"x\"} 1\n", "9 3:1"},
      {"# TYPE h histogram\nh_bucket{le=\"+Inf\"} 1 1\nh_bucket{le=\"+Inf\"} 2 2\n", ""},
      {"# TYPE h histogram\nh_bucket{le=\"1\"} 1 1\nh_bucket{le=\"+Inf\"} 2 2\n", "9 2:1"},
  });
}

TEST(ExpositionCheckerTest, FindsNamesThatClash) {
  ExpectAllOpen({
      {"# TYPE a counter\n# TYPE a_total gauge\n", "9 2:1"},
      {"# TYPE a_created gauge\n# TYPE a counter\n", "9 2:1"},
      {"# TYPE a summary\n# TYPE a_count unknown\n", "9 2:1"},
      {"# TYPE a histogram\n# TYPE a_gcount gauge\n", ""},
      {"# TYPE a gauge\n# TYPE a_total gauge\n", ""},
      {"# TYPE a info\na_info 1\na_info_x 1\n", ""},
      {"a_total 1\n# TYPE a counter\na_total 1\n", "9 2:1"},
  });
  EXPECT_EQ(PlacesOf("# TYPE a counter\na 1\n# TYPE a_total gauge\na_total 1\n", kText), "");
}

TEST(ExpositionLimitsTest, HoldsEachLimitInBothFormats) {
  ExpositionLimits limits;
  limits.line_bytes = 40;
  limits.labels = 2;
  limits.name_bytes = 6;
  limits.label_value_bytes = 5;
  limits.samples = 3;
  const std::vector<Case> cases = {
      {"abcdef{ghijkl=\"12345\",m=\"\"} 1\n", ""},
      {"abcdefg 1\n", "3 1:1"},
      {"# HELP abcdefg x\n", "3 1:8"},
      {"a{abcdefg=\"\"} 1\n", "3 1:3"},
      {"a{b=\"123456\"} 1\n", "3 1:6"},
      {"a{b=\"1234\\n\"} 1\n", ""},
      {"a{b=\"12345\\n\"} 1\n", "3 1:6"},
      {"a{b=\"\",c=\"\",d=\"\"} 1\n", "3 1:13"},
      {"# HELP a 2345678901234567890123456789 40\n", ""},
      {"# HELP a 2345678901234567890123456789 041\n", "3 1:1"},
      {"a 0000000000000000000000000000000000000001\nb x\n", "3 1:1, 9 2:3"},
      {"a 1\nb 1\nc 1\n", ""},
      {"a 1\nb 1\nc 1\nd 1\ne x\n", "3 4:1"},
      {"# HELP a \n# HELP b \n# HELP c \n# HELP d \nx\n", "3 4:1"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Places(Check(c.text, kText, limits)), c.places) << c.text;
    EXPECT_EQ(Places(Check(std::string(c.text) + "# EOF", kOpen, limits)), c.places) << c.text;
  }
}

TEST(ExpositionLimitsTest, KeepsNothingOfALineThatNeverEnds) {
  ExpositionChecker checker(kText);
  const std::string chunk(1 << 16, 'a');
  for (int i = 0; i < 1024; ++i) checker.Feed(chunk);
  EXPECT_EQ(Places(checker.Finish()), "3 1:1");
}

TEST(ExpositionLimitsTest, HasTheDocumentedDefaults) {
  const auto with_value = [](std::size_t size) {
    return "a{b=\"" + std::string(size, 'x') + "\"} 1\n";
  };
  EXPECT_EQ(PlacesOf(with_value(1024), kText), "");
  EXPECT_EQ(PlacesOf(with_value(1025), kText), "3 1:6");
  EXPECT_EQ(PlacesOf(std::string(256, 'a') + " 1\n", kText), "");
  EXPECT_EQ(PlacesOf(std::string(257, 'a') + " 1\n", kText), "3 1:1");
  EXPECT_EQ(PlacesOf("# " + std::string(65534, 'a') + "\n", kText), "");
  EXPECT_EQ(PlacesOf("# " + std::string(65535, 'a') + "\n", kText), "3 1:1");
  std::string labels = "a{";
  for (int i = 0; i < 64; ++i) labels += "l" + std::to_string(i) + "=\"\",";
  EXPECT_EQ(PlacesOf(labels + "} 1\n", kText), "");
  EXPECT_EQ(PlacesOf(labels + "one_more=\"\"} 1\n", kText), "3 1:441");
  std::string samples;
  for (int i = 0; i < 1'000'000; ++i) samples += "a{b=\"" + std::to_string(i) + "\"} 1\n";
  EXPECT_EQ(PlacesOf(samples, kText), "");
  EXPECT_EQ(PlacesOf(samples + "b 1\n", kText), "3 1000001:1");
}

TEST(ExpositionChunksTest, MakeNoDifferenceWhereverTheyEnd) {
  const std::string text =
      "# HELP a Gr\xc3\xbc\xc3\x9f\n# TYPE a counter\na_total{b=\"c\\\"\xc3\xbc\"} 1 2 # {t=\"u\"} "
      "3\n"
      "bad{ 1\n\n# TYPE h histogram\nh_bucket{le=\"1\"} 5\nh_bucket{le=\"+Inf\"} 4\n"
      "# HELP x \xff\na_total "
      "1\nlong_line_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 1\n"
      "z 1\r\n# EOF\nmore";
  ExpositionLimits limits;
  limits.line_bytes = 60;
  for (const ExpositionFormat format : {kText, kOpen}) {
    const std::string whole = Print(Check(text, format, limits));
    EXPECT_NE(whole, "");
    for (std::size_t chunk = 1; chunk <= text.size(); ++chunk) {
      EXPECT_EQ(Print(Check(text, format, limits, chunk)), whole) << chunk;
    }
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
      ExpositionChecker checker(format, limits);
      checker.Feed(text.substr(0, cut));
      checker.Feed("");
      checker.Feed(text.substr(cut));
      EXPECT_EQ(Print(checker.Finish()), whole) << cut;
    }
  }
}

}  // namespace
}  // namespace candor
