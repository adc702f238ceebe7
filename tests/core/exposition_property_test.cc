// Expositions that are made up from a model, so that what should be selected is known without
// reading them; and broken ones, on which the readers must not contradict each other.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "core/exposition.h"
#include "tests/core/exposition_text.h"

namespace candor {
namespace {

constexpr std::uint32_t kSeed = 20261121;
constexpr int kExpositions = 3000;

// std::mt19937 gives the same numbers everywhere; the distributions of the library need not.
class Dice {
 public:
  explicit Dice(std::uint32_t seed) : engine_(seed) {}
  std::size_t Below(std::size_t n) { return engine_() % n; }
  bool OneIn(std::size_t n) { return Below(n) == 0; }
  template <typename T>
  const T& Of(const std::vector<T>& list) {
    return list[Below(list.size())];
  }

 private:
  std::mt19937 engine_;
};

using Labels = std::map<std::string, std::string>;

struct Row {
  std::string suffix;
  Labels labels;
  std::string value;
};

struct Family {
  std::string name;
  std::string type;
  std::vector<Row> rows;
};

struct Exposition {
  bool openmetrics = false;
  std::vector<Family> families;
};

const std::vector<std::string> kNames = {"jvm_memory", "jvm_memory_used_bytes", "jvm",  "a",
                                         "a_b",        "http_requests_seconds", "a_bc", "up:rate"};
const std::vector<std::string> kValues = {"0", "1", "17.0", "1.5e1", "5.36870912E8", "1e400"};
const std::vector<std::string> kLabelValues = {"",
                                               "x",
                                               "Gr\xc3\xbc\xc3\x9f",
                                               "back\\slash",
                                               "say \"hi\"",
                                               "two\nlines",
                                               "} 1 # {",
                                               "a value that is longer than one word or two"};

Labels MakeLabels(Dice& dice) {
  Labels labels;
  for (std::size_t n = dice.Below(4); n > 0; --n) {
    labels[dice.Of<std::string>({"area", "id", "secret", "uri"})] = dice.Of(kLabelValues);
  }
  return labels;
}

Labels With(Labels labels, const std::string& name, const std::string& value) {
  labels[name] = value;
  return labels;
}

void AddRows(Dice& dice, const Labels& labels, bool openmetrics, Family* family) {
  const std::string value = dice.Of(kValues);
  const auto add = [&](const std::string& suffix, const Labels& with, const std::string& text) {
    family->rows.push_back({suffix, with, text});
  };
  if (family->type == "counter" && openmetrics) {
    add("_total", labels, value);
    if (dice.OneIn(3)) add("_created", labels, "1.5e9");
  } else if (family->type == "summary") {
    if (dice.OneIn(2)) {
      add("", With(labels, "quantile", "0.5"), value);
      if (dice.OneIn(2)) add("", With(labels, "quantile", "0.99"), value);
    }
    add("_count", labels, "4");
    if (dice.OneIn(2)) add("_sum", labels, value);
  } else if (family->type == "histogram") {
    add("_bucket", With(labels, "le", "0.5"), "3");
    add("_bucket", With(labels, "le", "+Inf"), "4.0");
    add("_sum", labels, value);
    add("_count", labels, "4");
  } else if (family->type == "info") {
    add("_info", labels, "1");
  } else if (family->type == "stateset") {
    add("", With(labels, family->name, "on"), "1");
    add("", With(labels, family->name, "off"), "0");
  } else {
    add("", labels, value);
  }
}

Exposition MakeExposition(Dice& dice) {
  Exposition exposition;
  exposition.openmetrics = dice.OneIn(2);
  std::vector<std::string> names = kNames;
  for (std::size_t n = 1 + dice.Below(5); n > 0; --n) {
    const std::size_t at = dice.Below(names.size());
    Family family;
    family.name = names[at];
    names.erase(names.begin() + static_cast<std::ptrdiff_t>(at));
    family.type =
        exposition.openmetrics
            ? dice.Of<std::string>(
                  {"counter", "gauge", "summary", "histogram", "info", "stateset", "unknown"})
            : dice.Of<std::string>({"counter", "gauge", "summary", "histogram", "untyped"});
    // A stateset's name is a label's name, too, where ':' may not stand.
    if (family.type == "stateset" && family.name == "up:rate") family.type = "gauge";
    std::vector<Labels> sets;
    for (std::size_t rows = 1 + dice.Below(4); rows > 0; --rows) {
      const Labels labels = MakeLabels(dice);
      if (std::find(sets.begin(), sets.end(), labels) != sets.end()) continue;
      sets.push_back(labels);
      AddRows(dice, labels, exposition.openmetrics, &family);
    }
    exposition.families.push_back(family);
  }
  return exposition;
}

std::string Escaped(const std::string& value) {
  std::string text;
  for (const char c : value) {
    if (c == '\\' || c == '"') text += '\\';
    text += c == '\n' ? std::string("\\n") : std::string(1, c);
  }
  return text;
}

std::string PrintRow(Dice& dice, const Family& family, const Row& row, bool openmetrics) {
  // Blanks where 0.0.4 allows any number of them.
  const auto blank = [&] { return !openmetrics && dice.OneIn(8) ? std::string(" \t") : ""; };
  std::string text = blank() + family.name + row.suffix + blank();
  std::vector<std::pair<std::string, std::string>> labels(row.labels.begin(), row.labels.end());
  for (std::size_t i = 1; i < labels.size(); ++i) {
    std::swap(labels[i], labels[dice.Below(i + 1)]);  // In another order.
  }
  if (!labels.empty()) {
    text += "{";
    for (const auto& [name, value] : labels) {
      if (text.back() != '{') text += "," + blank();
      text += name + blank() + "=" + blank() + "\"" + Escaped(value) + "\"" + blank();
    }
    if (!openmetrics && dice.OneIn(4)) text += ",";
    text += "}";
  }
  text += " " + blank() + row.value;
  const bool may_have_exemplar = row.suffix == "_total" || row.suffix == "_bucket";
  if (openmetrics && may_have_exemplar && dice.OneIn(3)) text += " # {trace=\"# }\"} 1 2.5";
  return text + blank() + (!openmetrics && dice.OneIn(8) ? "\r\n" : "\n");
}

std::string PrintText(Dice& dice, const Exposition& exposition) {
  std::string text;
  for (const Family& family : exposition.families) {
    if (dice.OneIn(2)) text += "# HELP " + family.name + " Some help\n";
    text += "# TYPE " + family.name + " " + family.type + "\n";
    for (const Row& row : family.rows) text += PrintRow(dice, family, row, exposition.openmetrics);
    if (!exposition.openmetrics && dice.OneIn(4)) text += "\n# just a comment\n";
  }
  return text + (exposition.openmetrics ? "# EOF\n" : "");
}

std::string PrintSample(const std::string& name, const Labels& labels,
                        const FamilySelection& selection, const std::string& value) {
  std::string text;
  for (const auto& [label, label_value] : labels) {
    const auto& allowed = selection.labels;
    if (std::find(allowed.begin(), allowed.end(), label) == allowed.end()) continue;
    text += (text.empty() ? "{" : ",") + label + "=\"" + label_value + "\"";
  }
  return name + text + (text.empty() ? " " : "} ") + value + "\n";
}

// What the header of the reader promises for a selected family.
std::string Expected(const Family& family, const FamilySelection& selection) {
  std::string text;
  if (family.type != "summary" && family.type != "histogram") {
    for (const Row& row : family.rows) {
      if (row.suffix == "_created") continue;
      text += PrintSample(family.name, row.labels, selection, row.value);
    }
    return text;
  }
  std::map<Labels, bool> has_value;
  const auto set_of = [](Row row) {
    row.labels.erase("le");
    row.labels.erase("quantile");
    return row.labels;
  };
  for (const Row& row : family.rows) has_value[set_of(row)] |= row.suffix.empty();
  std::map<Labels, bool> seen;
  for (const Row& row : family.rows) {
    const Labels set = set_of(row);
    if (!std::exchange(seen[set], true) && !has_value[set] && !selection.count_and_sum) {
      text += PrintSample(family.name, set, selection, "undefined");
    }
    const bool own = row.suffix.empty();
    const bool asked = selection.count_and_sum && row.suffix != "_bucket";
    if (own || asked)
      text += PrintSample(family.name + row.suffix, row.labels, selection, row.value);
  }
  return text;
}

std::vector<FamilySelection> MakeSelections(Dice& dice) {
  std::vector<FamilySelection> selections;
  for (const std::string& name : kNames) {
    if (dice.OneIn(2)) continue;
    FamilySelection selection{name, {}, dice.OneIn(3)};
    for (const char* label : {"uri", "id", "area", "quantile", "le"}) {
      if (dice.OneIn(2)) selection.labels.push_back(label);
    }
    selections.push_back(selection);
  }
  return selections;
}

class ExpositionPropertyTest : public testing::Test {
 protected:
  ExpositionPropertyTest() { RecordProperty("seed", static_cast<int>(kSeed)); }
  Dice dice_{kSeed};
};

TEST_F(ExpositionPropertyTest, SelectsWhatTheModelSays) {
  for (int i = 0; i < kExpositions; ++i) {
    const Exposition exposition = MakeExposition(dice_);
    const std::string text = PrintText(dice_, exposition);
    const ExpositionFormat format =
        exposition.openmetrics ? ExpositionFormat::kOpenMetrics : ExpositionFormat::kPrometheusText;
    const Problems problems = Check(text, format);
    ASSERT_TRUE(problems.empty()) << "seed " << kSeed << "\n" << text << Print(problems);

    const std::vector<FamilySelection> selections = MakeSelections(dice_);
    std::string expected;
    for (const Family& family : exposition.families) {
      for (const FamilySelection& selection : selections) {
        if (selection.name == family.name) expected += Expected(family, selection);
      }
    }
    const Selected selected = Select(text, selections, {}, 1 + dice_.Below(200));
    ASSERT_TRUE(selected.problems.empty()) << text << Print(selected.problems);
    ASSERT_EQ(selected.samples, expected) << "seed " << kSeed << "\n" << text;
  }
}

TEST_F(ExpositionPropertyTest, FindsNothingWrongInWhatTheCheckerAccepts) {
  int accepted = 0;
  for (int i = 0; i < kExpositions; ++i) {
    const Exposition exposition = MakeExposition(dice_);
    std::string text = PrintText(dice_, exposition);
    for (std::size_t n = 1 + dice_.Below(2); n > 0 && !text.empty(); --n) {
      const std::size_t at = dice_.Below(text.size());
      const char byte = "\n \"\\{},=#a1_.\xff"[dice_.Below(14)];
      if (dice_.OneIn(2)) {
        text[at] = byte;
      } else if (dice_.OneIn(2)) {
        text.insert(at, 1, byte);
      } else {
        text.erase(at, 1);
      }
    }
    const std::vector<FamilySelection> selections = MakeSelections(dice_);
    const Selected selected = Select(text, selections, {}, 1 + dice_.Below(200));
    const bool fine = Check(text, ExpositionFormat::kPrometheusText).empty() ||
                      Check(text, ExpositionFormat::kOpenMetrics).empty();
    if (!fine) continue;
    ++accepted;
    ASSERT_TRUE(selected.problems.empty()) << "seed " << kSeed << "\n"
                                           << text << Print(selected.problems);
  }
  EXPECT_GT(accepted, kExpositions / 20);
}

}  // namespace
}  // namespace candor
