#include "native/http/http_reply.h"

#include <unistd.h>

#include <exception>

#include "native/http/problem.h"

namespace candor {

void HttpReplies::Add(std::uint64_t number, MakeAnswer make) {
  const std::lock_guard lock(mutex_);
  if (wake_ < 0) return;
  added_.emplace_back(number, std::move(make));
  const std::uint64_t one = 1;
  // Once for all that wait to be taken.
  if (added_.size() == 1) static_cast<void>(!::write(wake_, &one, sizeof one));
}

std::vector<std::pair<std::uint64_t, MakeAnswer>> HttpReplies::Take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(added_, {});
}

void HttpReplies::Leave() {
  const std::lock_guard lock(mutex_);
  wake_ = -1;
}

HttpReply::~HttpReply() {
  if (replies_ == nullptr) return;
  try {
    (*this)(ProblemAnswer(503, "The server could not do this now; please try again."));
  } catch (const std::exception&) {
    // Without memory the connection ends by its silence.
  }
}

void HttpReply::operator()(HttpAnswer answer) {
  Later([answer = std::move(answer)]() mutable { return std::move(answer); });
}

void HttpReply::Later(MakeAnswer make) {
  std::exchange(replies_, nullptr)->Add(number_, std::move(make));
}

}  // namespace candor
