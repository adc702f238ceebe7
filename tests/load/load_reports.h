// Reports for load: a real engine's report of 1.5 kB with other installations and counts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace candor {

class LoadReports {
 public:
  // Of one installation, which differ in one count.
  static constexpr std::uint32_t kOfInstallation = 3;

  enum Digests : bool { kWithoutDigests, kWithDigests };
  explicit LoadReports(Digests digests = kWithDigests);

  // The nth report's bytes; no two are the same.
  std::string Body(std::uint32_t n) const;
  // As an HTTP/1.1 request, from the nth sender behind a proxy on this machine. Half of them carry
  // a key, which is another only within their installation, and half of those their digest, which
  // takes its time.
  std::string Request(std::uint32_t n) const;
  // Which one these bytes are; nothing when they are none.
  std::optional<std::uint32_t> NumberOf(std::string_view body) const;

 private:
  const Digests digests_;
  std::string before_, between_, after_;  // The installation and the count stand between them.
};

}  // namespace candor
