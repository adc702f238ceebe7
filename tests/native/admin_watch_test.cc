// What makes an event, and that nothing is done while nobody listens.
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "native/admin/change_watch.h"
#include "native/http/event_stream.h"
#include "tests/native/handlers_rig.h"

namespace candor {
namespace {

using std::chrono::milliseconds;

// What came on a stream within `most`, up to `end` if it comes.
std::string Heard(EventStream& stream, const std::string& end, milliseconds most) {
  std::string text, part(4096, '\0');
  const auto until = std::chrono::steady_clock::now() + most;
  while (std::chrono::steady_clock::now() < until) {
    const std::ptrdiff_t size = stream.Take(
        part.data(), part.size(), [] {}, [] {});
    if (size > 0) text.append(part, 0, static_cast<std::size_t>(size));
    if (!end.empty() && text.find(end) != std::string::npos) break;
    std::this_thread::sleep_for(milliseconds(5));
  }
  return text;
}

class ChangeWatchTest : public testing::Test {
 protected:
  std::shared_ptr<AdminTarget> Target() {
    // The rig's own target goes with the rig.
    return {&rig_.target(), [](AdminTarget*) {}};
  }

  HandlersRig rig_{AdminConfig("engine")};
  AdminEvents events_;
};

TEST_F(ChangeWatchTest, ADecisionIsToldToEverybodyWhoListens) {
  ChangeWatch watch(events_);
  watch.Use(Target());
  const auto all = [](const Caller&) { return true; };
  const auto first = events_.Open(rig_.ada, all), second = events_.Open(rig_.eve, all);
  // So that the watch has seen what stands.
  Heard(*first, "", milliseconds(300));
  ASSERT_EQ(rig_.Decide(R"({"verdict": "denied"})", rig_.Tag(), rig_.bob).status, 200);
  EXPECT_NE(Heard(*first, "event: status", milliseconds(10'000)).find("event: status"),
            std::string::npos);
  EXPECT_NE(Heard(*second, "event: status", milliseconds(10'000)).find("event: status"),
            std::string::npos);
}

TEST_F(ChangeWatchTest, LookingIsNoEvent) {
  ChangeWatch watch(events_);
  watch.Use(Target());
  ASSERT_EQ(rig_.Preview(R"({"as": "grant"})", rig_.ada).status, 200);
  const auto stream = events_.Open(rig_.ada, [](const Caller&) { return true; });
  Heard(*stream, "", milliseconds(300));
  for (int i = 0; i < 20; ++i) rig_.Preview(R"({"as": "grant"})", rig_.ada);
  EXPECT_EQ(Heard(*stream, "", milliseconds(300)), "");
}

TEST_F(ChangeWatchTest, ManyChangesAtOnceAreFewEvents) {
  ChangeWatch watch(events_);
  watch.Use(Target());
  const auto stream = events_.Open(rig_.ada, [](const Caller&) { return true; });
  Heard(*stream, "", milliseconds(300));
  const auto began = std::chrono::steady_clock::now();
  for (int i = 0; i < 40; ++i) {
    const std::string place = i % 2 == 0 ? "jdk" : "webapps";
    ASSERT_EQ(rig_.Decide(R"({"verdict": "granted", "unseen": true, "withheld": )"
                          R"(["/product/internals/)" +
                              place + "\"]}",
                          rig_.Tag(), rig_.ada)
                  .status,
              200);
  }
  const auto took =
      std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - began);
  const std::string heard = Heard(*stream, "", milliseconds(500));
  std::int64_t events = 0;
  for (std::size_t at = heard.find("event:"); at != std::string::npos;
       at = heard.find("event:", at + 1)) {
    ++events;
  }
  EXPECT_GE(events, 1);
  EXPECT_LE(events, took.count() / 100 + 6);
}

TEST_F(ChangeWatchTest, AnotherConfigurationIsAnEvent) {
  ChangeWatch watch(events_);
  const auto stream = events_.Open(rig_.ada, [](const Caller&) { return true; });
  watch.Use(Target());
  EXPECT_NE(Heard(*stream, "event: components", milliseconds(5'000)).find("event: status"),
            std::string::npos);
}

TEST_F(ChangeWatchTest, WhileNobodyListensNoStoreIsOpened) {
  ChangeWatch watch(events_);
  watch.Use(Target());
  std::this_thread::sleep_for(milliseconds(200));
  EXPECT_FALSE(std::filesystem::exists(rig_.StateFolder() + "/state.db"));
}

}  // namespace
}  // namespace candor
