// Reads an answer line by line as it comes, and keeps what matters of it. A plain value without
// allocations after Reserve: it is fed by callbacks that may not throw.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "native/transport/retry_after.h"
#include "native/transport/transport.h"

namespace candor {

class Answer {
 public:
  // All header lines of all answers together: interim ones, a proxy's, trailers.
  static constexpr std::size_t kMaxHeaderBytes = 64 * 1024;

  // With `tunnel` the first answer is the proxy's to CONNECT; a refusal of it is none of the
  // service's answers.
  explicit Answer(bool tunnel) : tunnel_(tunnel) {}
  void Reserve() { receipt_.reserve(kMaxReceiptBytes); }

  // One line with its end: a status line, a field, or the empty line. false: no more is wanted.
  bool ReadHeaderLine(std::string_view line);
  // Bytes of the body. false: no more is wanted, as there was no header before them or the receipt
  // is complete.
  bool ReadBody(std::string_view bytes);

  // A status line from 200 to 599 and a whole header came.
  bool complete() const { return complete_; }
  int status() const { return complete_ ? status_ : 0; }
  bool header_too_long() const { return header_bytes_ > kMaxHeaderBytes; }
  // What a proxy answered instead of making a tunnel, 0 for nothing.
  int proxy_status() const { return proxy_status_; }
  std::optional<std::int64_t> retry_after_ms() const { return retry_after_.Millis(); }
  std::string&& receipt() && { return std::move(receipt_); }

 private:
  void StartHeader(std::string_view status_line);
  void ReadField(std::string_view field);
  void EndHeader();

  bool tunnel_ = false;
  bool complete_ = false;
  int status_ = 0;  // Of the header that is being read, 0 when its status line made no sense.
  int proxy_status_ = 0;
  std::size_t header_bytes_ = 0;
  RetryAfter retry_after_;
  std::string receipt_;
};

}  // namespace candor
