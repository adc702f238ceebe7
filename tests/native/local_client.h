// A client that says exactly what it is told to, byte by byte if need be.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace candor {

struct ClientAnswer {
  int status = 0;  // 0: the connection ended without an answer.
  std::string head, body;
};

class LocalClient {
 public:
  // "unix:/PATH", "127.0.0.1:PORT" or "[::1]:PORT". Waits at most `patience` for each answer.
  explicit LocalClient(const std::string& address,
                       std::chrono::milliseconds patience = std::chrono::seconds(20));
  ~LocalClient();
  LocalClient(const LocalClient&) = delete;
  LocalClient& operator=(const LocalClient&) = delete;

  bool connected() const { return descriptor_ >= 0; }
  // false when the other side does not take it any more.
  bool Send(std::string_view bytes);
  // `head_only`: to HEAD, which has no body whatever its length.
  ClientAnswer Receive(bool head_only = false);
  // Whether `text` comes; what came up to its end is gone then.
  bool WaitFor(std::string_view text);
  // Whether the other side ends the connection before the patience does.
  bool Ends();
  ClientAnswer Ask(std::string_view request) {
    Send(request);
    return Receive(request.starts_with("HEAD "));
  }

 private:
  int descriptor_ = -1;
  std::string left_;  // Received behind the last answer.
};

// "METHOD target HTTP/1.1" with Host, `headers` (each line with its CRLF) and a JSON body, if any.
std::string RequestText(std::string_view method, std::string_view target,
                        std::string_view body = "", std::string_view headers = "");

// On a connection of its own.
ClientAnswer AskOnce(const std::string& address, std::string_view request);

}  // namespace candor
