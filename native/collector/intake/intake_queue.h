// Group commit: what arrives while a batch is being written becomes the next batch, so that many
// reports share one wait for the disk.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "native/base/clock.h"
#include "native/collector/store/collector_store.h"

namespace candor {

class IntakeQueue {
 public:
  // Called on the queue's thread, once for each arrival that was taken: the report is durable, or
  // the error says why not.
  using Done = std::function<void(const Result<Kept>& kept)>;

  struct Limits {
    std::size_t batch = 1000;
    // Waiting, in all: what is more is refused, and nothing that was promised is lost.
    std::size_t reports = 4096;
    std::size_t bytes = std::size_t{64} << 20;
    // And as many as can be stored in this time, as long as the last ones took; `least` always.
    std::int64_t wait_ms = 100;
    std::size_t least = 64;
  };

  // Both are borrowed.
  IntakeQueue(CollectorStore& store, Clock& clock, const Limits& limits);
  ~IntakeQueue() { Close(); }
  IntakeQueue(const IntakeQueue&) = delete;
  IntakeQueue& operator=(const IntakeQueue&) = delete;

  // From any thread. false, and nothing is taken, where too much waits already, and
  // after Close.
  bool Add(Arrival& arrival, Done& done);
  // Whether Add would refuse whatever comes now.
  bool IsFull() const;
  // Takes nothing more, writes what waits, and says so; then nothing of it goes on.
  void Close();

 private:
  struct Batch {
    std::vector<Arrival> arrivals;
    std::vector<Done> done;
    std::size_t bytes = 0;
  };

  void Run();
  void Write(const Batch& batch);
  void WriteSome(const Batch& batch, std::size_t from, std::size_t to);
  // The mutex is held.
  bool HasNoRoom() const;

  CollectorStore& store_;
  Clock& clock_;
  const Limits limits_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  Batch waiting_;
  std::size_t writing_ = 0;  // Taken out of `waiting_` and not yet stored.
  // What storing one took lately, its share of the wait for the disk in it; a guess at first.
  double each_ms_ = 0.25;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace candor
