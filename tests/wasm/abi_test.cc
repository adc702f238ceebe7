#include "wasm/abi.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

struct ReplyDeleter {
  void operator()(candor_reply* reply) const { candor_reply_free(reply); }
};
using Reply = std::unique_ptr<candor_reply, ReplyDeleter>;

const std::uint8_t* Bytes(std::string_view text) {
  return reinterpret_cast<const std::uint8_t*>(text.data());
}

Reply Perform(std::string_view operation,
              const std::vector<std::pair<std::string_view, std::string_view>>& inputs) {
  std::vector<candor_input> named;
  for (const auto& [name, data] : inputs) {
    named.push_back({Bytes(name), static_cast<std::uint32_t>(name.size()), Bytes(data),
                     static_cast<std::uint32_t>(data.size())});
  }
  return Reply(candor_perform(Bytes(operation), static_cast<std::uint32_t>(operation.size()),
                              named.data(), static_cast<std::uint32_t>(named.size())));
}

std::string Part(const Reply& reply, std::uint32_t part) {
  const std::uint8_t* data = candor_reply_data(reply.get(), part);
  const std::uint32_t size = candor_reply_size(reply.get(), part);
  return data == nullptr ? "" : std::string(reinterpret_cast<const char*>(data), size);
}

TEST(CandorPerformTest, GivesTheOutputOfTheOperation) {
  const Reply reply = Perform("digest", {{"file:abc", "abc"}});
  ASSERT_NE(reply, nullptr);
  EXPECT_EQ(candor_reply_status(reply.get()), 0u);
  EXPECT_EQ(Part(reply, CANDOR_OUTPUT),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  abc\n");
  EXPECT_EQ(Part(reply, CANDOR_ERRORS), "");
}

TEST(CandorPerformTest, GivesProblemsWithoutOutput) {
  const Reply reply = Perform("check-json", {{"file:a.json", "{"}, {"option:json", ""}});
  ASSERT_NE(reply, nullptr);
  EXPECT_EQ(candor_reply_status(reply.get()), 2u);
  EXPECT_EQ(candor_reply_size(reply.get(), CANDOR_OUTPUT), 0u);
  EXPECT_NE(Part(reply, CANDOR_ERRORS).find("\"malformed-json\""), std::string::npos);
}

TEST(CandorPerformTest, TakesNullForEmptyPartsAndNoInputs) {
  const candor_input input = {Bytes("file:x"), 6, nullptr, 0};
  const Reply digest(candor_perform(Bytes("digest"), 6, &input, 1));
  EXPECT_EQ(Part(digest, CANDOR_OUTPUT),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  x\n");
  const Reply nothing(candor_perform(nullptr, 0, nullptr, 0));
  EXPECT_EQ(candor_reply_status(nothing.get()), 1u);
  EXPECT_NE(candor_reply_size(nothing.get(), CANDOR_ERRORS), 0u);
}

TEST(CandorPerformTest, ReadsDataByItsSize) {
  const Reply reply = Perform("digest", {{"file:nul", std::string_view("\0", 1)}});
  EXPECT_EQ(Part(reply, CANDOR_OUTPUT).substr(0, 8), "6e340b9c");
}

TEST(CandorReplyTest, HasNoOtherParts) {
  const Reply reply = Perform("digest", {{"file:abc", "abc"}});
  EXPECT_EQ(candor_reply_data(reply.get(), 7), nullptr);
  EXPECT_EQ(candor_reply_size(reply.get(), 7), 0u);
  candor_reply_free(nullptr);
}

TEST(CandorAllocTest, GivesRoomForInputs) {
  void* memory = candor_alloc(3 * sizeof(candor_input));
  ASSERT_NE(memory, nullptr);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(memory) % alignof(candor_input), 0u);
  candor_free(memory);
  candor_free(nullptr);
}

TEST(CandorAbiVersionTest, IsTheHeaders) { EXPECT_EQ(candor_abi_version(), CANDOR_ABI_VERSION); }

}  // namespace
