#include "core/journal.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "core/problems.h"
#include "core/sha256.h"

namespace candor {
namespace {

std::vector<JournalEntry> Chain(int size) {
  std::vector<JournalEntry> entries;
  std::string hash;
  for (int i = 0; i < size; ++i) {
    Result<JournalEntry> entry = NextEntry(i, hash, 1000 + i, "attempted", R"({"report":"r"})");
    EXPECT_TRUE(entry.ok());
    entries.push_back(std::move(entry).value());
    hash = entries.back().hash;
  }
  return entries;
}

std::string Export(const std::vector<JournalEntry>& entries) {
  StringSink sink;
  WriteHistory(entries, sink);
  return std::move(sink).text();
}

std::vector<std::string> Places(std::string_view json) {
  const auto read = ReadHistory(json);
  std::vector<std::string> places;
  if (read.ok()) return places;
  for (const Error& error : read.problems().list()) {
    places.push_back(std::string(Name(error.code)) + ' ' + error.where);
  }
  return places;
}

std::string Replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(JournalHashTest, IsTheDigestOfItsLines) {
  const JournalEntry first{1, 1712228731639, "dissolved", "{}\n", ""};
  EXPECT_EQ(JournalHash("", first),
            Sha256Hex(std::string(64, '0') + "\n1\n1712228731639\ndissolved\n{}\n"));
  const std::string before(64, 'c');
  EXPECT_EQ(JournalHash(before, first), Sha256Hex(before + "\n1\n1712228731639\ndissolved\n{}\n"));
}

TEST(NextEntryTest, HoldsTheBodyAsTheWriterPrintsIt) {
  const Result<JournalEntry> entry = NextEntry(0, "", 5, "rejected", R"({"status":400,"x":1e3})");
  ASSERT_TRUE(entry.ok());
  EXPECT_EQ(entry.value().seq, 1);
  EXPECT_EQ(entry.value().body, "{\n  \"status\": 400,\n  \"x\": 1e3\n}\n");
  EXPECT_TRUE(IsLinked(nullptr, entry.value()));
}

TEST(NextEntryTest, RefusesWhatIsNoEntry) {
  EXPECT_EQ(NextEntry(0, "", 5, "two\nlines", "{}").error().where, "/kind");
  EXPECT_EQ(NextEntry(0, "", 5, "", "{}").error().where, "/kind");
  EXPECT_EQ(NextEntry(0, "", 5, "sealed", "[]").error().code, ErrorCode::kWrongType);
  EXPECT_EQ(NextEntry(0, "", 5, "sealed", "{").error().code, ErrorCode::kMalformedJson);
  EXPECT_EQ(NextEntry(0, "", std::int64_t{1} << 60, "sealed", "{}").error().where, "/atMs");
}

TEST(CountLinkedTest, CountsUpToTheFirstChange) {
  const std::vector<JournalEntry> whole = Chain(5);
  EXPECT_EQ(CountLinked(whole), 5u);
  EXPECT_EQ(CountLinked({}), 0u);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::vector<JournalEntry> changed = whole;
    changed[i].body += ' ';
    EXPECT_EQ(CountLinked(changed), i);
    changed = whole;
    changed[i].at_ms += 1;
    EXPECT_EQ(CountLinked(changed), i);
    changed = whole;
    changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_EQ(CountLinked(changed), i);
  }
  std::vector<JournalEntry> swapped = whole;
  std::swap(swapped[1], swapped[2]);
  EXPECT_EQ(CountLinked(swapped), 1u);
}

TEST(CountLinkedTest, DoesNotLetTextMoveFromTheKindIntoTheBody) {
  JournalEntry entry{1, 0, "sealed", "{}\n{}", ""};
  entry.hash = JournalHash("", entry);
  EXPECT_EQ(CountLinked({entry}), 1u);
  entry.kind = "sealed\n{}";
  entry.body = "{}";
  EXPECT_EQ(entry.hash, JournalHash("", entry));
  EXPECT_EQ(CountLinked({entry}), 0u);
}

TEST(ReadHistoryTest, ReadsWhatWasWritten) {
  const std::vector<JournalEntry> entries = Chain(3);
  const auto read = ReadHistory(Export(entries));
  ASSERT_TRUE(read.ok()) << ProblemsAsText(read.problems());
  EXPECT_EQ(read.value(), entries);
  EXPECT_EQ(Export(read.value()), Export(entries));
  EXPECT_TRUE(ReadHistory(Export({})).value().empty());
}

TEST(ReadHistoryTest, DoesNotCareHowTheFileIsLaidOut) {
  const std::vector<JournalEntry> entries = Chain(2);
  std::string text = Export(entries);
  text.erase(std::remove(text.begin(), text.end(), '\n'), text.end());
  const auto read = ReadHistory(text);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read.value(), entries);
}

TEST(ReadHistoryTest, NamesEveryEntryThatWasChanged) {
  std::vector<JournalEntry> entries = Chain(6);
  entries[1].body = "{\n  \"report\": \"other\"\n}\n";
  entries[4].at_ms = 1;
  EXPECT_EQ(Places(Export(entries)),
            (std::vector<std::string>{"conflict /entries/1/hash", "conflict /entries/4/hash"}));
}

TEST(ReadHistoryTest, NamesWhereAnEntryWasTakenOutOrPutIn) {
  std::vector<JournalEntry> entries = Chain(3);
  entries.erase(entries.begin() + 1);
  EXPECT_EQ(Places(Export(entries)), std::vector<std::string>{"conflict /entries/1/seq"});
  entries = Chain(2);
  entries[1].seq = 3;
  EXPECT_EQ(Places(Export(entries)), std::vector<std::string>{"conflict /entries/1/seq"});
}

TEST(ReadHistoryTest, ReportsEveryMistakeOfADocument) {
  EXPECT_EQ(
      Places(R"({"candorHistory": 2, "entries": [{"seq": "1", "atMs": 1.5, "kind": "A b",
                       "body": [], "extra": 1}], "more": 0})"),
      (std::vector<std::string>{"out-of-range /candorHistory", "wrong-type /entries/0/seq",
                                "out-of-range /entries/0/atMs", "out-of-range /entries/0/kind",
                                "wrong-type /entries/0/body", "missing /entries/0/hash",
                                "unknown-key /entries/0/extra", "unknown-key /more"}));
  EXPECT_EQ(Places("[]").front(), "wrong-type ");
  EXPECT_EQ(Places("{}"), (std::vector<std::string>{"missing /candorHistory", "missing /entries"}));
}

TEST(ReadHistoryTest, SeesAnyChangedByteOfAnExport) {
  const std::string text = Export(Chain(2));
  const auto whole = ReadHistory(text).value();
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    const auto read = ReadHistory(changed);
    EXPECT_TRUE(!read.ok() || read.value() == whole) << i;
  }
}

TEST(ReadHistoryTest, RefusesTextThatOnlyLooksLikeTheHash) {
  const std::string text = Export(Chain(1));
  const std::string hash = Chain(1)[0].hash;
  std::string upper = hash;
  for (char& c : upper) c = c >= 'a' ? static_cast<char>(c - 32) : c;
  EXPECT_EQ(Places(Replaced(text, hash, upper)),
            std::vector<std::string>{"conflict /entries/0/hash"});
}

}  // namespace
}  // namespace candor
