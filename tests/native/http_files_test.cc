#include "native/transport/http_files.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/native/folder.h"

namespace candor {
namespace {

ErrorCode CodeOf(const std::string& path, bool secret = true) {
  const Result<std::string> read = ReadWholeFile(path, secret, "/caFile");
  if (read.ok()) return ErrorCode{};
  EXPECT_EQ(read.error().where, "/caFile");
  return read.error().code;
}

TEST(ReadWholeFileTest, ReadsWhatOnlyItsOwnerCanRead) {
  const Folder folder;
  const std::string text(10'000, 'x');
  for (const mode_t mode : {0600, 0400}) {
    const Result<std::string> read = ReadWholeFile(folder.Write("a", text, mode), true, "");
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read.value(), text);
    unlink(folder.Path("a").c_str());
  }
}

TEST(ReadWholeFileTest, RefusesSecretsThatOthersCanRead) {
  const Folder folder;
  for (const mode_t mode : {0644, 0604, 0602, 0620, 0660, 0601, 0666, 04600}) {
    EXPECT_EQ(CodeOf(folder.Write("a", "x", mode)), ErrorCode::kOutOfRange) << std::oct << mode;
    EXPECT_EQ(CodeOf(folder.Path("a"), false), ErrorCode{});
  }
}

TEST(ReadWholeFileTest, AGroupMayReadRootsSecretsOnly) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root, to give files away";
  const Folder folder;
  const std::string path = folder.Write("a", "x", 0640);
  EXPECT_EQ(CodeOf(path), ErrorCode{});
  ASSERT_EQ(chown(path.c_str(), 65534, 65534), 0);
  EXPECT_EQ(CodeOf(path), ErrorCode::kOutOfRange);
}

TEST(ReadWholeFileTest, ReadsThroughALinkAsKubernetesMountsThem) {
  const Folder folder;
  folder.Write("a", "x");
  ASSERT_EQ(symlink("a", folder.Path("b").c_str()), 0);
  EXPECT_EQ(CodeOf(folder.Path("b")), ErrorCode{});
}

TEST(ReadWholeFileTest, RefusesWhatIsNoRegularFile) {
  const Folder folder;
  EXPECT_EQ(CodeOf(folder.Path("")), ErrorCode::kUnavailable);
  EXPECT_EQ(CodeOf(folder.Path("missing")), ErrorCode::kUnavailable);
  EXPECT_EQ(CodeOf("/dev/zero"), ErrorCode::kUnavailable);
  ASSERT_EQ(mkfifo(folder.Path("pipe").c_str(), 0600), 0);
  EXPECT_EQ(CodeOf(folder.Path("pipe")), ErrorCode::kUnavailable);
  EXPECT_EQ(CodeOf(folder.Write("big", std::string(1024 * 1024 + 1, 'x'))), ErrorCode::kOverLimit);
}

TEST(CheckPemTest, TellsCertificatesFromKeysAndEncryptedOnes) {
  EXPECT_EQ(CheckPemCertificates("#\n-----BEGIN CERTIFICATE-----\n"), "");
  EXPECT_NE(CheckPemCertificates("-----BEGIN PRIVATE KEY-----\n"), "");
  EXPECT_NE(CheckPemCertificates(""), "");
  EXPECT_EQ(CheckPemKey("-----BEGIN PRIVATE KEY-----\n"), "");
  EXPECT_EQ(CheckPemKey("-----BEGIN EC PRIVATE KEY-----\n"), "");
  EXPECT_NE(CheckPemKey("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"), "");
  EXPECT_NE(CheckPemKey("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n"), "");
  EXPECT_NE(CheckPemKey("-----BEGIN CERTIFICATE-----\n"), "");
}

TEST(ReadProxyCredentialsTest, ReadsOneLine) {
  const Folder folder;
  for (const std::string end : {"", "\n", "\r\n"}) {
    const auto read = ReadProxyCredentials(folder.Write("a", "u s:p:%41 \xc3\xa4" + end), "");
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read.value().user, "u s");
    EXPECT_EQ(read.value().password, "p:%41 \xc3\xa4");
  }
  const auto empty = ReadProxyCredentials(folder.Write("a", "u:"), "");
  ASSERT_TRUE(empty.ok());
  EXPECT_EQ(empty.value().password, "");
}

TEST(ReadProxyCredentialsTest, RefusesTricksAndNeverQuotesThem) {
  const Folder folder;
  for (const std::string& text :
       {std::string("secret"), std::string(":secret"), std::string(),
        std::string("user:secret\nProxy-Evil: 1"), std::string("user:secret\n\n"),
        std::string("user:sec\rret"), std::string("user:secret\0", 12),
        std::string("us\ter:secret"), std::string("user:secret\x7f"),
        "user:secret" + std::string(1024, 'x')}) {
    const auto read = ReadProxyCredentials(folder.Write("a", text), "/proxyCredentialsFile");
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_EQ(read.error().code, ErrorCode::kOutOfRange);
    EXPECT_EQ(read.error().where, "/proxyCredentialsFile");
    EXPECT_EQ(read.error().message.find("sec"), std::string::npos);
  }
}

}  // namespace
}  // namespace candor
