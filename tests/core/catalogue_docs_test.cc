#include "core/catalogue_docs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "tests/core/small_catalogue.h"

namespace candor {
namespace {

bool Has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// The line that starts so, or "".
std::string Line(const std::string& text, const std::string& start) {
  const std::size_t at = text.find('\n' + start);
  return at == std::string::npos ? "" : text.substr(at + 1, text.find('\n', at + 1) - at - 1);
}

TEST(CatalogueDocsTest, HasOneRowForEachFieldAndPoint) {
  for (const BuiltInCatalogue& built_in : BuiltInCatalogues()) {
    const Catalogue catalogue = Parsed(std::string(built_in.json));
    const std::string docs = CatalogueDocs(catalogue);
    for (const Field& field : catalogue.fields) {
      EXPECT_NE(Line(docs, "| `" + field.pointer + "` |"), "") << field.pointer;
      for (const PointRule& point : field.points) {
        EXPECT_NE(Line(docs, "| `" + point.key + "` |"), "") << point.key;
      }
    }
  }
}

TEST(CatalogueDocsTest, TellsAllOfAField) {
  EXPECT_EQ(Line(CatalogueDocs(Parsed(SmallCatalogue())), "| `/shop/opened`"),
            "| `/shop/opened` | environment | date, day | Opened. A day. | To know. | `bill`, "
            "`improve` | `\"2026-11-21\"` | 1 | none | yes | `null` |");
}

TEST(CatalogueDocsTest, EveryRowHasAsManyCellsAsItsHeader) {
  const std::string docs =
      CatalogueDocs(Parsed(Small("A name.", "A | name \\\\| <b>of</b> `it`.")));
  std::size_t cells = 0, start = 0;
  while (start < docs.size()) {
    const std::size_t end = docs.find('\n', start);
    const std::string line = docs.substr(start, end - start);
    std::size_t bars = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (line[i] == '\\') {
        ++i;
      } else if (line[i] == '|') {
        ++bars;
      }
    }
    if (line.empty() || line[0] != '|') {
      cells = 0;
    } else if (cells == 0) {
      cells = bars;
    } else {
      EXPECT_EQ(bars, cells) << line;
    }
    start = end + 1;
  }
}

TEST(CatalogueDocsTest, EscapesMarkup) {
  const std::string docs =
      CatalogueDocs(Parsed(Small("A shop.", "A <script>[shop](https://example.org) `x` *y*.")));
  EXPECT_TRUE(Has(docs, "A \\<script\\>\\[shop\\](https://example.org) \\`x\\` \\*y\\*."));
}

TEST(CatalogueDocsTest, ShowsFixedPlacesAndProfiles) {
  const Result<Catalogue> empty = SelectProfile(Parsed(SmallCatalogue()), "empty");
  ASSERT_TRUE(empty.ok());
  const std::string docs = CatalogueDocs(empty.value());
  EXPECT_TRUE(Has(Line(docs, "| `/sold`"), "Always `{}`."));
  EXPECT_TRUE(Has(docs, "profile `empty`"));
  EXPECT_TRUE(Has(docs, "- `short`: Less."));
}

}  // namespace
}  // namespace candor
