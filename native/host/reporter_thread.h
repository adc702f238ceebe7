// The reporter's one thread: asleep in poll until the next due time, a change of the store, or a
// call. It never delays its host: the work it does is shared with it, so that a thread that is
// stuck in a disk or a resolver can be left behind.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

namespace candor {

// What the thread does. Owned by the thread and its maker together.
class ReporterWork {
 public:
  virtual ~ReporterWork() = default;
  // Milliseconds until the next turn; nothing: only after a wake-up. Must not throw.
  virtual std::optional<std::int64_t> Turn() noexcept = 0;
  // The last turn, after a stop was asked for.
  virtual void LastTurn() noexcept = 0;
  // Everything that blocks ends within `grace_ms`. Called from the stopping thread.
  virtual void Hurry(std::int64_t grace_ms) noexcept = 0;
  // Polls readable when something changed elsewhere; -1 for none. Drained before a turn.
  virtual int change_descriptor() noexcept = 0;
  virtual void DrainChanges() noexcept = 0;
};

class ReporterThread {
 public:
  ReporterThread() = default;
  // As Stop with a budget of 0.
  ~ReporterThread();
  ReporterThread(const ReporterThread&) = delete;
  ReporterThread& operator=(const ReporterThread&) = delete;

  // true when it runs already. false when there is no memory, descriptor or thread to be had.
  bool Start(std::shared_ptr<ReporterWork> work) noexcept;
  // Asks for a turn now. Also from the child of a fork, where it does nothing.
  void Wake() noexcept;
  // Does the same for others, also after this object has ended: then it returns false.
  std::function<bool()> Waker() const;
  // Asks for the last turn and waits for its end, at most `budget_ms` and a little. false when the
  // thread was left behind; it then ends by itself.
  bool Stop(std::int64_t budget_ms) noexcept;
  bool running() const noexcept;

 private:
  struct Shared;
  // In the child of a fork: what belongs to the parent's thread is neither used nor destroyed.
  void ForgetParents() noexcept;

  std::shared_ptr<Shared> shared_;
};

}  // namespace candor
