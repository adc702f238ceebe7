#include "core/sha256.h"

#include <gtest/gtest.h>

#include <string>

#include "core/md5.h"

namespace candor {
namespace {

TEST(Sha256Test, GivesThePublishedDigests) {
  // FIPS 180-4 examples.
  EXPECT_EQ(Sha256Hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Sha256Hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(Sha256Hex(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256Test, DoesNotDependOnHowTheBytesArrive) {
  for (std::size_t length = 0; length <= 200; ++length) {
    std::string text;
    for (std::size_t i = 0; i < length; ++i) text += static_cast<char>(i * 31);
    const std::string whole = Sha256Hex(text);
    for (const std::size_t cut : {length / 3, length / 2, length}) {
      Sha256Sink sink;
      sink.Write(std::string_view(text).substr(0, cut));
      sink.Write(std::string_view(text).substr(cut));
      EXPECT_EQ(sink.FinishHex(), whole) << length << " cut at " << cut;
    }
  }
}

TEST(Md5Test, GivesThePublishedDigests) {
  // RFC 1321 appendix A.5.
  EXPECT_EQ(Md5Hex(""), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(Md5Hex("message digest"), "f96b697d7cb7938d525a2f31aaf161d0");
  EXPECT_EQ(Md5Hex("1234567890123456789012345678901234567890123456789012345678901234567890"
                   "1234567890"),
            "57edf4a22be3c955ac49da2e2107b67a");
  // The Console's cluster id of the release "camunda-platform".
  EXPECT_EQ(Md5Hex("camunda-platform"), "a22efefbb00546c04512fc7d4b455e77");
}

}  // namespace
}  // namespace candor
