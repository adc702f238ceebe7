// Where bytes go as they are made, so that a report need never be held whole.
#pragma once

#include <string>
#include <string_view>

namespace candor {

class Sink {
 public:
  virtual ~Sink() = default;
  // Takes the next bytes; `bytes` is borrowed for the call. A sink that can fail remembers it for
  // its owner to ask: producers never stop half-way.
  virtual void Write(std::string_view bytes) = 0;
};

class StringSink : public Sink {
 public:
  void Write(std::string_view bytes) override { text_.append(bytes); }
  const std::string& text() const& { return text_; }
  std::string&& text() && { return std::move(text_); }

 private:
  std::string text_;
};

// Counts and drops: for checking that something can be written before writing it.
class NullSink : public Sink {
 public:
  void Write(std::string_view bytes) override { size_ += bytes.size(); }
  std::size_t size() const { return size_; }

 private:
  std::size_t size_ = 0;
};

}  // namespace candor
