#include "tests/load/load_reports.h"

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "core/base64.h"
#include "core/sha256.h"

namespace candor {
namespace {

constexpr std::string_view kInstallation = "8343cc7a-8ad1-42d4-97d2-43452c0bdfa3";
constexpr std::string_view kCount = "\"count\": ";
constexpr std::uint32_t kFirstCount = 1'000'000'000;  // All are of one length.

template <typename... Values>
std::string Printed(const char* format, Values... values) {
  char text[256];
  return {text, static_cast<std::size_t>(std::snprintf(text, sizeof text, format, values...))};
}

// As random ids are spread, so that they stand anywhere in an index.
std::string IdOf(std::uint32_t installation) {
  return Printed("%08x-8ad1-42d4-97d2-%012u", installation * 2'654'435'761U, installation);
}

std::string DigestHeader(const std::string& body) {
  Sha256 hash;
  hash.Update(body);
  return "Content-Digest: sha-256=:" + Base64(hash.Finish()) + ":\r\n";
}

}  // namespace

LoadReports::LoadReports(Digests digests) : digests_(digests) {
  std::ifstream file(CANDOR_LOAD_REPORT, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const std::size_t id = text.find(kInstallation), count = text.find(kCount);
  if (id == std::string::npos || count == std::string::npos) {
    std::fprintf(stderr, "%s is not the report it was\n", CANDOR_LOAD_REPORT);
    std::exit(2);
  }
  before_ = text.substr(0, id);
  const std::size_t between = id + kInstallation.size(), digits = count + kCount.size();
  between_ = text.substr(between, digits - between);
  after_ = text.substr(text.find_first_not_of("0123456789", digits));
}

std::string LoadReports::Body(std::uint32_t n) const {
  return before_ + IdOf(n / kOfInstallation) + between_ + std::to_string(kFirstCount + n) + after_;
}

std::string LoadReports::Request(std::uint32_t n) const {
  const std::string body = Body(n);
  const std::uint32_t sender = n / kOfInstallation;
  std::string request = Printed(
      "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
      "Content-Length: %zu\r\nX-Forwarded-For: 10.%u.%u.%u\r\n",
      n % 2 == 0 ? "/v1/reports" : "/pings", body.size(), sender >> 16 & 255, sender >> 8 & 255,
      sender & 255);
  if (n % 2 == 0) request += Printed("Idempotency-Key: %u\r\n", n % kOfInstallation);
  if (digests_ == kWithDigests && n % 4 == 0) request += DigestHeader(body);
  return request + "\r\n" + body;
}

std::optional<std::uint32_t> LoadReports::NumberOf(std::string_view body) const {
  const std::size_t at = before_.size() + kInstallation.size() + between_.size();
  std::uint32_t count = 0;
  if (body.size() < at) return std::nullopt;
  std::from_chars(body.data() + at, body.data() + body.size(), count);
  if (count < kFirstCount || body != Body(count - kFirstCount)) return std::nullopt;
  return count - kFirstCount;
}

}  // namespace candor
