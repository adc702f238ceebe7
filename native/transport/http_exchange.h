// One request and its answer as a libcurl handle, set up and judged. Internal to native/transport.
#pragma once

#include <curl/curl.h>

#include <array>
#include <initializer_list>
#include <memory>
#include <string>

#include "native/transport/answer.h"
#include "native/transport/curl_handles.h"
#include "native/transport/http_transport.h"
#include "native/transport/transport.h"

namespace candor {

// Why no more happens to it.
enum class Ending { kDone, kTimedOut, kCancelled, kBroken };

class HttpExchange {
 public:
  // All are borrowed. Nothing is opened yet, save files. Not thread-safe.
  HttpExchange(const HttpOptions& options, const PostRequest& request);
  HttpExchange(const HttpOptions& options, const AskRequest& request);
  HttpExchange(const HttpExchange&) = delete;
  HttpExchange& operator=(const HttpExchange&) = delete;

  // Sets all options; what forbids it, or "". The only function here that may throw
  // (std::bad_alloc).
  std::string Prepare();
  CURL* easy() const { return easy_.get(); }

  // What came of it. `code` is libcurl's for kDone.
  PostResult Finish(Ending ending, CURLcode code) noexcept;

 private:
  template <typename T>
  void Set(CURLoption option, T value);
  void SetRequest();
  void SetLimits();
  std::string SetTrust();
  std::string SetFile(const std::string& path, bool secret, std::string* text,
                      std::initializer_list<CURLoption> blobs);
  std::string SetProxy();
  std::string SetHeaders();
  std::string SetReportHeaders();
  void AddHeader(const std::string& line);
  bool IsWholeBodySent() const;
  std::string Explain(Ending ending, CURLcode code) const;
  const char* Stage() const;

  // libcurl's callbacks; `self` is the exchange. None of them throws.
  static size_t OnRead(char* out, size_t size, size_t count, void* self);
  static size_t OnHeader(char* line, size_t size, size_t count, void* self);
  static size_t OnBody(char* bytes, size_t size, size_t count, void* self);
  static curl_socket_t OnSocket(void* self, curlsocktype purpose, curl_sockaddr* address);

  const HttpOptions& options_;
  const PostRequest request_;
  const std::string_view path_;  // In place of the endpoint's; "" for that, and for a report.
  std::string url_;
  bool https_ = false, tunnel_ = false;
  Answer answer_{false};
  std::size_t handed_ = 0;     // Bytes of the body that libcurl has.
  bool body_started_ = false;  // It asked for the first of them.
  CURLcode refused_ = CURLE_OK;
  std::array<char, CURL_ERROR_SIZE> error_{};
  std::string ca_, certificate_, key_;  // PEM; libcurl borrows them.
  CurlList headers_;
  CurlEasy easy_;
};

}  // namespace candor
