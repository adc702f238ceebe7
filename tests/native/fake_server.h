// A TCP server on loopback that does with each connection what it is told to, on a thread of it.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>

namespace candor {

class FakeServer {
 public:
  // `serve` is given one connected socket at a time, which is closed after it.
  explicit FakeServer(std::function<void(int)> serve);
  // Ends what reads from or writes to the socket.
  ~FakeServer();
  FakeServer(const FakeServer&) = delete;
  FakeServer& operator=(const FakeServer&) = delete;

  std::uint16_t port() const { return port_; }
  int connections() const { return connections_; }

 private:
  void Run();

  const std::function<void(int)> serve_;
  int listener_;
  std::uint16_t port_ = 0;
  std::atomic<int> connections_ = 0, current_ = -1;
  std::atomic<bool> ends_ = false;
  std::thread thread_;
};

// Writes all; false when the other side is gone.
bool WriteAll(int socket, const std::string& bytes);
// At most `most` bytes of what comes next; "" at the end.
std::string ReadSome(int socket, std::size_t most = 4096);

}  // namespace candor
