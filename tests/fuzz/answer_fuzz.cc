// Any bytes as an answer, line by line and then as a body: what is kept of it is within bounds, and
// a date that is read is the one that was written.
#include "core/text.h"
#include "native/transport/answer.h"
#include "native/transport/retry_after.h"
#include "tests/fuzz/fuzz.h"

namespace candor {
namespace {

void CheckDate(std::string_view line) {
  const std::optional<UnixMillis> time = ParseHttpDate(line);
  if (!time) return;
  const std::string iso = TimeText(*time);  // "1994-11-06T08:49:37Z"
  Require(*time >= 0 && *time <= kLatestTime, "a date lies between 1970 and 9999");
  Require(iso.substr(0, 4) == line.substr(12, 4) && iso.substr(8, 2) == line.substr(5, 2) &&
              iso.substr(11, 8) == line.substr(17, 8),
          "and is the one that was written");
}

void CheckAnswer(std::string_view text, bool tunnel) {
  Answer answer(tunnel);
  std::size_t read = 0;
  while (!text.empty() && !answer.complete()) {
    const std::string_view line =
        text.substr(0, text.find('\n') == text.npos ? text.size() : text.find('\n') + 1);
    CheckDate(line.substr(0, line.find('\n')));
    read += line.size();
    if (!answer.ReadHeaderLine(line)) {
      Require(answer.header_too_long() && read > Answer::kMaxHeaderBytes, "headers may be short");
      return;
    }
    text.remove_prefix(line.size());
  }
  const bool complete = answer.complete();
  Require(complete == (answer.status() >= 200), "a status stands for a whole header");
  Require(answer.status() <= 599, "and is one of HTTP's");
  Require(answer.retry_after_ms().value_or(0) >= 0, "nobody waits for less than nothing");
  const bool more = answer.ReadBody(text);
  Require(more == (complete && text.size() < kMaxReceiptBytes), "a receipt is filled to its end");
  const std::string receipt = std::move(answer).receipt();
  Require(receipt == (complete ? text.substr(0, kMaxReceiptBytes) : ""), "with the body's start");
}

}  // namespace
}  // namespace candor

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = candor::AsText(data, size);
  candor::CheckAnswer(text, false);
  candor::CheckAnswer(text, true);
  return 0;
}
