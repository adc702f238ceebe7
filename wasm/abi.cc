#include "wasm/abi.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <new>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/operation.h"

namespace {

// Grows by realloc, which extends in place at the end of a WebAssembly heap: a report of 30 MB then
// costs 30 MB, where a std::string would hold the old and the new copy at once.
class ReplySink : public candor::Sink {
 public:
  ReplySink() = default;
  ReplySink(const ReplySink&) = delete;
  ReplySink& operator=(const ReplySink&) = delete;
  ~ReplySink() override { std::free(data_); }

  void Write(std::string_view bytes) override {
    if (bytes.empty() || !Reserve(bytes.size())) return;
    std::memcpy(data_ + size_, bytes.data(), bytes.size());
    size_ += static_cast<std::uint32_t>(bytes.size());
  }
  const std::uint8_t* data() const { return data_; }
  std::uint32_t size() const { return size_; }
  // There was no room for the output: nothing of it is held.
  bool overflowed() const { return overflowed_; }

 private:
  void Drop() {
    std::free(data_);
    data_ = nullptr;
    size_ = capacity_ = 0;
  }

  // False when the bytes have no place.
  bool Reserve(std::size_t more) {
    if (overflowed_) return false;
    if (more <= capacity_ - size_) return true;
    constexpr std::uint64_t kMost = std::numeric_limits<std::uint32_t>::max();
    const std::uint64_t needed = std::uint64_t{size_} + more;
    const std::uint64_t wanted = std::min(kMost, needed + needed / 4);
    void* grown = needed > kMost ? nullptr : std::realloc(data_, static_cast<std::size_t>(wanted));
    if (grown == nullptr) {
      Drop();
      overflowed_ = true;
      return false;
    }
    data_ = static_cast<std::uint8_t*>(grown);
    capacity_ = static_cast<std::uint32_t>(wanted);
    return true;
  }

  std::uint8_t* data_ = nullptr;
  std::uint32_t size_ = 0;
  std::uint32_t capacity_ = 0;
  bool overflowed_ = false;
};

std::string_view View(const std::uint8_t* data, std::uint32_t size) {
  if (size == 0) return {};
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace

struct candor_reply {
  std::uint32_t status = candor::kExitFailed;
  ReplySink output;
  std::string errors;
};

namespace {

void Fill(candor_reply& reply, std::string_view operation, const candor_input* inputs,
          std::uint32_t count) {
  std::vector<candor::Input> named(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    named[i] = {View(inputs[i].name, inputs[i].name_size),
                View(inputs[i].data, inputs[i].data_size)};
  }
  candor::Outcome outcome = candor::Perform(operation, named, reply.output);
  reply.status = outcome.status;
  reply.errors = std::move(outcome.errors);
  if (reply.output.overflowed()) {
    reply.status = candor::kExitFailed;
    reply.errors = "out of memory\n";
  }
}

}  // namespace

uint32_t candor_abi_version(void) { return CANDOR_ABI_VERSION; }

void* candor_alloc(uint32_t size) { return std::malloc(size); }

void candor_free(void* memory) { std::free(memory); }

#if defined(__cpp_exceptions)
candor_reply* candor_perform(const uint8_t* operation, uint32_t operation_size,
                             const candor_input* inputs, uint32_t count) {
  candor_reply* reply = new (std::nothrow) candor_reply;
  if (reply == nullptr) return nullptr;
  try {
    Fill(*reply, View(operation, operation_size), inputs, count);
    return reply;
  } catch (...) {  // Only std::bad_alloc: the core throws nothing.
    delete reply;
    return nullptr;
  }
}
#else
candor_reply* candor_perform(const uint8_t* operation, uint32_t operation_size,
                             const candor_input* inputs, uint32_t count) {
  candor_reply* reply = new (std::nothrow) candor_reply;
  if (reply != nullptr) Fill(*reply, View(operation, operation_size), inputs, count);
  return reply;
}
#endif

uint32_t candor_reply_status(const candor_reply* reply) { return reply->status; }

const uint8_t* candor_reply_data(const candor_reply* reply, uint32_t part) {
  if (part == CANDOR_OUTPUT) return reply->output.data();
  if (part != CANDOR_ERRORS || reply->errors.empty()) return nullptr;
  return reinterpret_cast<const uint8_t*>(reply->errors.data());
}

uint32_t candor_reply_size(const candor_reply* reply, uint32_t part) {
  if (part == CANDOR_OUTPUT) return reply->output.size();
  return part == CANDOR_ERRORS ? static_cast<uint32_t>(reply->errors.size()) : 0;
}

void candor_reply_free(candor_reply* reply) { delete reply; }
