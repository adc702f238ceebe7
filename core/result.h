// The one error type of the core.
//
// Every fallible core function returns Result<T>: a T, or every problem found at once.
// Nothing in core/ throws out of its own .cc, logs, aborts, or reads the clock, environment,
// disk or network. All types here are plain values; distinct objects may be used from
// distinct threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace candor {

// Stable numbers: they cross the C ABI and stand in machine output. Append only; never renumber.
enum class ErrorCode : std::uint32_t {
  kMalformedJson = 1,        // Not JSON (RFC 8259), or with a byte order mark.
  kDuplicateKey = 2,         // The same key twice in one object.
  kOverLimit = 3,            // Too large, too deep, too long or too many; the message says which.
  kWrongType = 4,            // A JSON value of another type than the place asks for.
  kOutOfRange = 5,           // Right type, value not allowed.
  kUnknownKey = 6,           // A key that nothing reads.
  kMissing = 7,              // A value that must be given is not.
  kNotUtf8 = 8,              // Bytes that are not UTF-8, or text with NUL.
  kMalformedExposition = 9,  // Not a Prometheus or OpenMetrics exposition.
  kMalformedLicense = 10,    // A licence key that cannot be split from its signature.
  kConflict = 11,            // Two statements that cannot both hold.
  kMalformedYaml = 12,       // Not YAML, or YAML that JSON cannot express.
  kMalformedXml = 13,        // Not XML, or not the engine's configuration.
  kNotFound = 14,            // A name (catalogue, profile, component, field) that does not exist.
  kBadRequest = 15,          // An operation called with the wrong inputs.
  kUnavailable = 16,         // A file, database or service that cannot be used now.
  kCorrupt = 17,             // Stored bytes that are not what was stored.
  kInternal = 99,            // A bug or out of memory; see message.
};

// A place in a text: both 1-based, columns in bytes; {0, 0} when there is none.
struct Position {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string where;        // JSON pointer (RFC 6901) into the input, "" for the whole of it.
  std::string message;      // For people: what is wrong and what would be right. Never parsed.
  Position at = {};         // Place in the text of `source`.
  std::string source = {};  // Which input, e.g. "facts.json"; set by whoever knows the name.
};

// Problems are collected until the end of a document. After kMaxProblems they are only counted, so
// that hostile input cannot make the answer larger than itself.
class Problems {
 public:
  static constexpr std::size_t kMaxProblems = 100;

  void Add(Error error) {
    if (list_.size() < kMaxProblems) {
      list_.push_back(std::move(error));
    } else {
      ++suppressed_;
    }
  }
  void AddAll(Problems other) {
    for (Error& error : other.list_) Add(std::move(error));
    suppressed_ += other.suppressed_;
  }
  // Names the input of every problem that does not name one yet.
  void SetSource(const std::string& source) {
    for (Error& error : list_) {
      if (error.source.empty()) error.source = source;
    }
  }
  bool empty() const { return list_.empty(); }
  const std::vector<Error>& list() const { return list_; }
  // How many more there were than the list holds.
  std::size_t suppressed() const { return suppressed_; }
  // With those.
  std::size_t count() const { return list_.size() + suppressed_; }

 private:
  std::vector<Error> list_;
  std::size_t suppressed_ = 0;
};

// Holds a T or the Problems that prevented it. Reading value() of a failure is a bug.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Problems problems) : state_(std::in_place_index<1>, std::move(problems)) {}
  Result(Error error) : state_(std::in_place_index<1>) {
    std::get_if<1>(&state_)->Add(std::move(error));
  }
  bool ok() const { return state_.index() == 0; }
  const T& value() const& { return *std::get_if<0>(&state_); }
  T&& value() && { return std::move(*std::get_if<0>(&state_)); }
  const Problems& problems() const& { return *std::get_if<1>(&state_); }
  Problems&& problems() && { return std::move(*std::get_if<1>(&state_)); }
  // The first problem; there is always one when !ok().
  const Error& error() const { return problems().list().front(); }

 private:
  std::variant<T, Problems> state_;
};

}  // namespace candor
