#include "native/collector/intake/intake_queue.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace candor {

IntakeQueue::IntakeQueue(CollectorStore& store, Clock& clock, const Limits& limits)
    : store_(store), clock_(clock), limits_(limits), thread_([this] { Run(); }) {}

void IntakeQueue::Close() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

bool IntakeQueue::Add(Arrival& arrival, Done& done) {
  {
    const std::lock_guard lock(mutex_);
    const std::size_t bytes = waiting_.bytes + arrival.bytes.size();
    if (HasNoRoom() || bytes > limits_.bytes) return false;
    waiting_.bytes = bytes;
    waiting_.arrivals.push_back(std::move(arrival));
    waiting_.done.push_back(std::move(done));
  }
  wake_.notify_one();
  return true;
}

bool IntakeQueue::IsFull() const {
  const std::lock_guard lock(mutex_);
  return HasNoRoom();
}

bool IntakeQueue::HasNoRoom() const {
  if (stop_ || waiting_.arrivals.size() >= limits_.reports) return true;
  const std::size_t before = waiting_.arrivals.size() + writing_;
  return before >= limits_.least &&
         static_cast<double>(before) * each_ms_ >= static_cast<double>(limits_.wait_ms);
}

void IntakeQueue::Run() {
  for (;;) {
    Batch batch;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stop_ || !waiting_.arrivals.empty(); });
      if (waiting_.arrivals.empty()) return;
      std::swap(batch, waiting_);
      writing_ = batch.arrivals.size();
    }
    Write(batch);
  }
}

void IntakeQueue::Write(const Batch& batch) {
  for (std::size_t from = 0; from < batch.arrivals.size(); from += limits_.batch) {
    WriteSome(batch, from, std::min(from + limits_.batch, batch.arrivals.size()));
  }
}

void IntakeQueue::WriteSome(const Batch& batch, std::size_t from, std::size_t to) {
  const auto start = std::chrono::steady_clock::now();
  const Result<std::vector<Kept>> kept =
      store_.Keep(std::span(batch.arrivals).subspan(from, to - from), clock_.Wall());
  {
    // Who is answered now may send the next at once.
    const std::lock_guard lock(mutex_);
    writing_ -= to - from;
  }
  for (std::size_t i = from; i < to; ++i) {
    batch.done[i](kept.ok() ? Result<Kept>(kept.value()[i - from]) : Result<Kept>(kept.error()));
  }
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  // A batch alone may have been unlucky, and a trend shows after a few.
  const std::lock_guard lock(mutex_);
  each_ms_ += 0.25 * (took.count() / static_cast<double>(to - from) - each_ms_);
}

}  // namespace candor
