#include "native/serve/facts_folder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "native/host/facts_book.h"

namespace candor {
namespace {

class FactsFolderTest : public testing::Test {
 protected:
  FactsFolderTest() : folder_(MakeFolder()), facts_(folder_.string()) {
    Write("shop.json", R"({"values": {"product": {"name": "Shop", "version": "1"}}})");
  }
  ~FactsFolderTest() override { std::filesystem::remove_all(folder_); }

  static std::filesystem::path MakeFolder() {
    std::string pattern = std::filesystem::temp_directory_path() / "candor-facts-XXXXXX";
    return ::mkdtemp(pattern.data());
  }
  std::string Path(const std::string& name) const { return (folder_ / name).string(); }
  void Write(const std::string& name, const std::string& text) {
    std::ofstream(Path(name)) << text;
  }

  // The value at a pointer as text, "" for none; what is wrong goes to `problems_`.
  std::string Text(const std::string& pointer) {
    FactsDraft draft;
    problems_ = facts_.AddTo(draft);
    const JsonValue* value = draft.Find(pointer);
    return value == nullptr ? "" : value->text();
  }
  std::string Problem() const { return problems_.empty() ? "" : problems_.list().front().message; }

  const std::filesystem::path folder_;
  FactsFolder facts_;
  Problems problems_;
};

TEST_F(FactsFolderTest, LaterNamesWin) {
  Write("zz.json", R"({"values": {"product": {"version": "2"}}})");
  EXPECT_EQ(Text("/product/version"), "2");
  EXPECT_EQ(Text("/product/name"), "Shop");
  EXPECT_TRUE(problems_.empty());
}

TEST_F(FactsFolderTest, AFileThatIsGoneHasSaidNothing) {
  EXPECT_EQ(Text("/product/name"), "Shop");
  std::filesystem::remove(Path("shop.json"));
  EXPECT_EQ(Text("/product/name"), "");
}

TEST_F(FactsFolderTest, OfAHalfWrittenFileCountsWhatItSaidBefore) {
  EXPECT_EQ(Text("/product/name"), "Shop");
  Write("shop.json", R"({"values": {"product": {"na)");
  EXPECT_EQ(Text("/product/name"), "Shop");
  EXPECT_EQ(problems_.list().front().source, Path("shop.json"));
  Write("shop.json", R"({"values": {"product": {"name": "Store"}}})");
  EXPECT_EQ(Text("/product/name"), "Store");
  EXPECT_TRUE(problems_.empty());
}

TEST_F(FactsFolderTest, SymbolicLinksAreNotFollowed) {
  std::filesystem::rename(Path("shop.json"), Path("elsewhere"));
  std::filesystem::create_symlink(Path("elsewhere"), Path("shop.json"));
  EXPECT_EQ(Text("/product/name"), "");
  EXPECT_EQ(Problem(), "is a symbolic link");
}

TEST_F(FactsFolderTest, WhatOthersMayChangeIsNotTrusted) {
  ::chmod(Path("shop.json").c_str(), 0666);
  EXPECT_EQ(Text("/product/name"), "");
  EXPECT_NE(Problem().find("chmod go-w"), std::string::npos);
}

TEST_F(FactsFolderTest, WhatBelongsToOthersIsNotTrusted) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  ASSERT_EQ(::chown(Path("shop.json").c_str(), 65534, 65534), 0);
  EXPECT_EQ(Text("/product/name"), "");
  EXPECT_NE(Problem().find("belongs to another user"), std::string::npos);
}

TEST_F(FactsFolderTest, PipesAndFoldersAreNoFiles) {
  std::filesystem::create_directory(Path("folder.json"));
  ASSERT_EQ(::mkfifo(Path("pipe.json").c_str(), 0600), 0);
  EXPECT_EQ(Text("/product/name"), "Shop");
  EXPECT_EQ(problems_.list().size(), 2u);
}

TEST_F(FactsFolderTest, LongFilesAndTooManyAreRefused) {
  Write("long.json", std::string(kMaxFactFileBytes + 1, ' '));
  EXPECT_EQ(Text("/product/name"), "Shop");
  EXPECT_EQ(Problem(), "is longer than 1 MiB");
  for (std::size_t i = 0; i < kMaxFactFiles; ++i) Write(std::to_string(i) + ".json", "{}");
  EXPECT_EQ(Text("/product/name"), "Shop") << "as before";
  EXPECT_EQ(Problem(), "holds more than 256 files");
}

TEST_F(FactsFolderTest, OnlyValuesAreTaken) {
  Write("shop.json", R"({"licenseKey": "signature;body"})");
  EXPECT_EQ(Text("/product/name"), "");
  EXPECT_EQ(Problem(), "may hold \"values\" only");
}

TEST(FactsBookTest, TheSignatureOfAReplacedLicenseKeyIsDropped) {
  FactsDraft draft;
  draft.PutTop("licenseKey",
               JsonValue::String("c2lnbmF0dXJl;customer = ACME;expiryDate = 2027-01-01"));
  FactsBook book;
  book.Replace(draft);
  EXPECT_EQ(book.Copy().Write().find("c2lnbmF0dXJl"), std::string::npos);
  EXPECT_NE(book.Copy().Write().find("ACME"), std::string::npos);
}

}  // namespace
}  // namespace candor
