// SQLite's files with a disk that can be told to fail.
#pragma once

namespace candor {

struct FaultPlan {
  enum class Reason { kFull, kBroken, kNoMemory };
  Reason reason = Reason::kBroken;
  int at = 0;            // The how manieth call fails, from 1; 0 for none.
  bool forever = false;  // And all after it.
};

class FaultVfs {
 public:
  // From now on for every database of this process.
  static void Install();
  // Starts counting calls anew.
  static void Plan(const FaultPlan& plan);
  static void Heal() { Plan({}); }
  // Whether the call that was to fail came.
  static bool Failed();
  // As a disk that says it has written, and has not.
  static void IgnoreSync();
};

}  // namespace candor
