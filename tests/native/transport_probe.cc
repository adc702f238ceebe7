// One process that posts one report, for tests of what concerns a process as a whole.
//
//   transport_probe post ENDPOINT TIMEOUT_MS [CA_FILE [PROXY]]
//   transport_probe system-trust FOLDER ENDPOINT [CA_FILE]    FOLDER lies over /etc/ssl/certs
//   transport_probe silent-dns TIMEOUT_MS       in a network of its own, whose name server is mute
//   transport_probe no-memory ENDPOINT CA_FILE  every allocation but OpenSSL's fails in turn,
//                                              once and for ever
//
// Prints "OUTCOME STATUS MILLISECONDS ERROR" (of no-memory: for each attempt). Exit status 77: the
// machine does not permit it.
#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string>
#include <string_view>

#include "core/sha256.h"
#include "native/transport/http_transport.h"

// What curl/curl.h declares; only native/transport sees that.
extern "C" int curl_global_init_mem(long flags, void* (*)(size_t), void (*)(void*),
                                    void* (*)(void*, size_t), char* (*)(const char*),
                                    void* (*)(size_t, size_t));

namespace candor {
namespace {

constexpr int kNotPermitted = 77;

void Print(const PostResult& result, std::int64_t millis) {
  constexpr const char* kNames[] = {"answered", "not-sent", "uncertain"};
  std::printf("%s %d %lld %s\n", kNames[static_cast<int>(result.outcome)], result.status,
              static_cast<long long>(millis), result.error.c_str());
}

// How many allocations succeed before one fails, or before all do; -1: all succeed.
std::atomic<long> allowed{-1};
bool for_ever = false;

bool MayAllocate() {
  if (allowed.load() > 0) {
    --allowed;
    return true;
  }
  if (allowed.load() == 0 && !for_ever) {
    allowed = -2;  // One failed.
    return false;
  }
  return allowed.load() < 0;
}
void* Allocate(size_t size) { return MayAllocate() ? std::malloc(size) : nullptr; }
void* Reallocate(void* old, size_t size) {
  return MayAllocate() ? std::realloc(old, size) : nullptr;
}
char* Duplicate(const char* text) { return MayAllocate() ? strdup(text) : nullptr; }
void* AllocateZero(size_t count, size_t size) {
  return MayAllocate() ? std::calloc(count, size) : nullptr;
}

// With memory for `most` allocations only, of which `left` are left then.
int Post(const HttpOptions& options, long most = -1, long* left = nullptr) {
  const Result<std::unique_ptr<Transport>> transport = MakeHttpTransport(options);
  if (!transport.ok()) return 1;
  const std::string body = "{}\n", digest = Sha256Hex(body);
  const auto start = std::chrono::steady_clock::now();
  allowed = most;
  const PostResult result =
      transport.value()->Post({.body = body, .id = "an-id", .digest = digest});
  if (left != nullptr) *left = allowed.load();
  allowed = -1;
  Print(result, std::chrono::duration_cast<std::chrono::milliseconds>(
                    std::chrono::steady_clock::now() - start)
                    .count());
  return 0;
}

// A file system of its own.
bool LeaveMounts(int more = 0) {
  return (unshare(CLONE_NEWNS | more) == 0 || unshare(CLONE_NEWUSER | CLONE_NEWNS | more) == 0) &&
         mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

bool Bind(const char* from, const char* to) {
  return mount(from, to, nullptr, MS_BIND, nullptr) == 0;
}

// A name server on 127.0.0.1:53 that takes every question and answers none.
bool BeMute() {
  if (!LeaveMounts(CLONE_NEWNET)) return false;
  const int server = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  ifreq loopback{};
  std::strcpy(loopback.ifr_name, "lo");
  loopback.ifr_flags = IFF_UP | IFF_RUNNING;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(53);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (ioctl(server, SIOCSIFFLAGS, &loopback) != 0 ||
      bind(server, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    return false;
  }
  std::string name = "/tmp/candor-resolv-XXXXXX";
  const int file = mkstemp(name.data());
  constexpr std::string_view kText = "nameserver 127.0.0.1\n";
  const bool good = write(file, kText.data(), kText.size()) == std::ssize(kText) &&
                    Bind(name.c_str(), "/etc/resolv.conf");
  close(file);
  unlink(name.c_str());
  return good;
}

int PostWithoutMemory(const HttpOptions& options) {
  constexpr long kDefault = 3;  // CURL_GLOBAL_DEFAULT
  if (curl_global_init_mem(kDefault, Allocate, std::free, Reallocate, Duplicate, AllocateZero) !=
      0) {
    return 1;
  }
  for (const bool mode : {false, true}) {
    for_ever = mode;
    long left = 0;
    for (long n = 0; left <= 0 && left != -1; ++n) {
      if (Post(options, n, &left) != 0) return 1;
    }
  }
  return 0;
}

int Main(int count, char** texts) {
  const std::string_view mode = count > 1 ? texts[1] : "";
  if (mode == "post" && count >= 4) {
    return Post({.endpoint = texts[2],
                 .timeout_ms = std::atoi(texts[3]),
                 .ca_file = count > 4 ? texts[4] : "",
                 .proxy = count > 5 ? texts[5] : ""});
  }
  if (mode == "system-trust" && count >= 4) {
    if (!LeaveMounts() || !Bind(texts[2], "/etc/ssl/certs")) return kNotPermitted;
    return Post({.endpoint = texts[3], .ca_file = count > 4 ? texts[4] : ""});
  }
  if (mode == "silent-dns" && count == 3) {
    if (!BeMute()) return kNotPermitted;
    return Post({.endpoint = "https://telemetry.test/", .timeout_ms = std::atoi(texts[2])});
  }
  if (mode == "no-memory" && count == 4) {
    return PostWithoutMemory({.endpoint = texts[2], .timeout_ms = 5000, .ca_file = texts[3]});
  }
  return 1;
}

}  // namespace
}  // namespace candor

void* operator new(std::size_t size) {
  void* const memory = candor::Allocate(size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t /*size*/) noexcept { std::free(memory); }

int main(int count, char** texts) { return candor::Main(count, texts); }
