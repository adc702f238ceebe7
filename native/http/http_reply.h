// Answers that are given later, from another thread than the one that took the request.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "native/http/message.h"

namespace candor {

using MakeAnswer = std::function<HttpAnswer()>;

// Where the replies of one gate come together. Thread-safe. Internal to native/http.
class HttpReplies {
 public:
  // `wake`: an eventfd, borrowed until Leave.
  explicit HttpReplies(int wake) : wake_(wake) {}
  void Add(std::uint64_t number, MakeAnswer make);
  std::vector<std::pair<std::uint64_t, MakeAnswer>> Take();
  // Nobody takes any more.
  void Leave();

 private:
  std::mutex mutex_;
  int wake_;
  std::vector<std::pair<std::uint64_t, MakeAnswer>> added_;
};

// One request's answer, given once. When it is dropped without one, the answer is 503.
class HttpReply {
 public:
  HttpReply(std::shared_ptr<HttpReplies> replies, std::uint64_t number)
      : replies_(std::move(replies)), number_(number) {}
  HttpReply(HttpReply&& other) noexcept = default;
  HttpReply& operator=(HttpReply&& other) = delete;
  ~HttpReply();

  // REQUIRES: neither was called yet.
  void operator()(HttpAnswer answer);
  // What takes its time is made by the thread that sends it, once, or never if nobody waits for it
  // any more.
  void Later(MakeAnswer make);

 private:
  std::shared_ptr<HttpReplies> replies_;  // Null once it is answered.
  std::uint64_t number_;
};

}  // namespace candor
