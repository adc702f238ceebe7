// Cuts chunks of any size into lines. Keeps nothing but the incomplete last line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/exposition_bytes.h"

namespace candor {

class LineFeeder {
 public:
  // Lines longer than `max_line_bytes` are reported once and not kept.
  explicit LineFeeder(std::size_t max_line_bytes) : max_line_bytes_(max_line_bytes) {}

  // `Handler` has
  //   bool OnLine(const char* begin, const char* end, const char* readable);
  //     a line without its line feed; bytes up to `readable` may be looked at;
  //   void OnLongLine();
  // OnLine returns false to have all further input ignored. line() is the line's number meanwhile.
  template <typename Handler>
  void Feed(std::string_view chunk, Handler& handler) {
    const char* at = chunk.data();
    const char* const end = at + chunk.size();
    if (stopped_ || at == end) return;
    if (!tail_.empty() || long_line_) {
      const char* const feed = FindLineFeed(at, end);
      Keep(at, feed == nullptr ? end : feed, handler);
      if (feed == nullptr) return;
      at = feed + 1;
      if (!TakeTail(handler)) return;
    }
    while (const char* const feed = FindLineFeed(at, end)) {
      ++line_;
      if (static_cast<std::size_t>(feed - at) > max_line_bytes_) {
        handler.OnLongLine();
      } else if (!handler.OnLine(at, feed, end)) {
        stopped_ = true;
        return;
      }
      at = feed + 1;
    }
    Keep(at, end, handler);
  }

  // Hands over what follows the last line feed. Returns whether there was anything but a line that
  // was reported as too long.
  template <typename Handler>
  bool Finish(Handler& handler) {
    if (stopped_ || tail_.empty()) return false;
    TakeTail(handler);
    return true;
  }

  std::uint32_t line() const { return line_; }

 private:
  template <typename Handler>
  void Keep(const char* from, const char* to, Handler& handler) {
    if (long_line_) return;
    if (tail_.size() + static_cast<std::size_t>(to - from) <= max_line_bytes_) {
      tail_.append(from, to);
      return;
    }
    tail_.clear();
    long_line_ = true;
    ++line_;
    handler.OnLongLine();
  }

  template <typename Handler>
  bool TakeTail(Handler& handler) {
    if (long_line_) {
      long_line_ = false;
      return true;
    }
    ++line_;
    const char* const begin = tail_.data();
    const char* const end = begin + tail_.size();
    stopped_ = !handler.OnLine(begin, end, end);
    tail_.clear();
    return !stopped_;
  }

  std::size_t max_line_bytes_;
  std::string tail_;
  std::uint32_t line_ = 0;
  bool long_line_ = false;
  bool stopped_ = false;
};

}  // namespace candor
