#include <gtest/gtest.h>

#include <string>

#include "core/sha256.h"
#include "native/transport/http_transport.h"
#include "tests/native/receiver.h"

namespace candor {
namespace {

using Outcome = PostResult::Outcome;

constexpr const char* kId = "8343cc7a-8ad1-42d4-97d2-43452c0bdfa3";

PostResult Post(const HttpOptions& options, const std::string& body) {
  Result<std::unique_ptr<Transport>> transport = MakeHttpTransport(options);
  EXPECT_TRUE(transport.ok());
  if (!transport.ok()) return {};
  const std::string digest = Sha256Hex(body);
  return transport.value()->Post({.body = body, .id = kId, .digest = digest});
}

TEST(HttpTransportTest, PostsTheBytesAsTheyAre) {
  Receiver receiver;
  const std::string body = "{\n  \"installation\": \"\xc3\xa4\"\n}\n";
  const PostResult result = Post({.endpoint = receiver.Endpoint()}, body);
  EXPECT_EQ(result.outcome, Outcome::kAnswered) << result.error;
  EXPECT_EQ(result.status, 202);
  EXPECT_EQ(result.receipt, std::string("{\"receipt\": \"") + kId + "\"}\n");
  EXPECT_FALSE(result.retry_after_ms.has_value());
  EXPECT_EQ(result.error, "");
  EXPECT_FALSE(result.cancelled);
  ASSERT_EQ(receiver.requests().size(), 1u);
  const Received request = receiver.requests()[0];
  EXPECT_EQ(request.body, body);
  EXPECT_TRUE(request.HasItsDigest());
}

}  // namespace
}  // namespace candor
