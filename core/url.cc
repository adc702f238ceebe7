#include "core/url.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/text.h"

namespace candor {
namespace {

constexpr std::size_t kMaxHostBytes = 253;
constexpr std::size_t kMaxLabelBytes = 63;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsHexDigit(char c) { return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool IsAlnum(char c) { return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool EqualsIgnoringCase(std::string_view text, std::string_view lower) {
  return text.size() == lower.size() && std::equal(text.begin(), text.end(), lower.begin(),
                                                   [](char a, char b) { return Lower(a) == b; });
}

Error Refused(std::string message) { return Error{ErrorCode::kOutOfRange, "", std::move(message)}; }

// A decimal number of one to `max_digits` digits without a leading zero, at most `max`.
bool ReadNumber(std::string_view text, std::size_t max_digits, std::int64_t max,
                std::int64_t* out) {
  if (text.empty() || text.size() > max_digits || (text.size() > 1 && text[0] == '0')) return false;
  return IsDigit(text[0]) && ParseDecimal(text, out) && *out <= max;
}

// Exactly four decimal numbers; `first` receives the first of them.
bool IsIpv4(std::string_view host, std::int64_t* first) {
  for (int part = 0; part < 4; ++part) {
    const std::size_t dot = host.find('.');
    if ((dot == std::string_view::npos) != (part == 3)) return false;
    std::int64_t value = 0;
    if (!ReadNumber(host.substr(0, dot), 3, 255, &value)) return false;
    if (part == 0) *first = value;
    host.remove_prefix(part == 3 ? host.size() : dot + 1);
  }
  return true;
}

// Whether some programs would take a host that ends in this label for an IPv4 address.
bool LooksNumeric(std::string_view label) {
  const bool digits = std::all_of(label.begin(), label.end(), IsDigit);
  const bool hex = label.size() >= 2 && label[0] == '0' && Lower(label[1]) == 'x' &&
                   std::all_of(label.begin() + 2, label.end(), IsHexDigit);
  return digits || hex;
}

bool IsLabel(std::string_view label) {
  if (label.empty() || label.size() > kMaxLabelBytes) return false;
  if (label.front() == '-' || label.back() == '-') return false;
  return std::all_of(label.begin(), label.end(),
                     [](char c) { return IsAlnum(c) || c == '-' || c == '_'; });
}

bool IsName(std::string_view host) {
  if (host.size() > kMaxHostBytes) return false;
  if (!host.empty() && host.back() == '.') host.remove_suffix(1);  // The root, written out.
  for (;;) {
    const std::size_t dot = host.find('.');
    const std::string_view label = host.substr(0, dot);
    if (!IsLabel(label)) return false;
    if (dot == std::string_view::npos) return !LooksNumeric(label);
    host.remove_prefix(dot + 1);
  }
}

// The groups on one side of "::"; false when one of them is none. Returns their number in `count`
// and whether all but a last 1 are zero in `sum` (the sum of the groups, and the last one).
struct Groups {
  std::size_t count = 0;
  std::uint32_t sum = 0, last = 0;
};

bool ReadGroups(std::string_view text, Groups* groups) {
  if (text.empty()) return true;
  for (;;) {
    const std::size_t colon = text.find(':');
    const std::string_view group = text.substr(0, colon);
    if (group.empty() || group.size() > 4 || !std::all_of(group.begin(), group.end(), IsHexDigit)) {
      return false;
    }
    groups->last = 0;
    for (const char c : group) {
      groups->last = groups->last * 16 + (IsDigit(c) ? c - '0' : Lower(c) - 'a' + 10);
    }
    groups->sum += groups->last;
    ++groups->count;
    if (colon == std::string_view::npos) return true;
    text.remove_prefix(colon + 1);
  }
}

// RFC 4291 section 2.2, forms 1 and 2; the form with an IPv4 address in it is refused.
bool IsIpv6(std::string_view address, bool* loopback) {
  const std::size_t gap = address.find("::");
  Groups head, tail;
  if (!ReadGroups(address.substr(0, gap), &head)) return false;
  if (gap != std::string_view::npos && !ReadGroups(address.substr(gap + 2), &tail)) return false;
  const std::size_t count = head.count + tail.count;
  if (gap == std::string_view::npos ? count != 8 : count > 7) return false;
  const Groups& end = tail.count > 0 || gap != std::string_view::npos ? tail : head;
  *loopback = head.sum + tail.sum == 1 && end.last == 1;
  return true;
}

// Whether `text` is made of pchar, "/" and "?" (RFC 3986 sections 3.3 and 3.4).
bool IsTarget(std::string_view text) {
  constexpr std::string_view kAllowed = "-._~!$&'()*+,;=:@/?";
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (text.size() - i < 3 || !IsHexDigit(text[i + 1]) || !IsHexDigit(text[i + 2])) return false;
      i += 2;
    } else if (!IsAlnum(text[i]) && kAllowed.find(text[i]) == std::string_view::npos) {
      return false;
    }
  }
  return true;
}

// Splits "host" or "host:port" and checks both; "" when they are good, or what is wrong.
std::string ReadAuthority(std::string_view authority, Url* url) {
  if (authority.find('@') != std::string_view::npos) {
    return "must not hold a user name or password; remove everything up to '@'";
  }
  const bool bracketed = !authority.empty() && authority[0] == '[';
  const std::size_t end = bracketed ? authority.find(']') : authority.find(':');
  if (bracketed && end == std::string_view::npos) return "lacks the ']' of its IPv6 address";
  const std::string_view host = authority.substr(0, bracketed ? end + 1 : end);
  const std::string_view rest = authority.substr(host.size());
  if (host.empty()) return "names no host";
  std::int64_t first = 0;
  if (bracketed) {
    if (!IsIpv6(host.substr(1, host.size() - 2), &url->loopback)) {
      return "holds '" + Quotable(host) + "', which is not an IPv6 address";
    }
  } else if (IsIpv4(host, &first)) {
    url->loopback = first == 127;
  } else if (IsName(host)) {
    url->loopback = EqualsIgnoringCase(host, "localhost");
  } else {
    return "holds '" + Quotable(host) +
           "', which is neither a host name in ASCII nor an IPv4 address of four decimal numbers";
  }
  url->host = host;
  if (rest.empty()) return "";
  std::int64_t port = 0;
  if (rest[0] != ':' || !ReadNumber(rest.substr(1), 5, 65535, &port) || port == 0) {
    return "must name a port from 1 to 65535 after ':', or none";
  }
  url->port = static_cast<std::uint16_t>(port);
  return "";
}

}  // namespace

Result<Url> ParseUrl(std::string_view text) {
  if (text.size() > kMaxUrlBytes) {
    return Error{ErrorCode::kOverLimit, "", "is longer than " + Decimal(kMaxUrlBytes) + " bytes"};
  }
  const std::size_t separator = text.find("://");
  const std::string_view scheme = text.substr(0, separator);
  Url url;
  url.https = EqualsIgnoringCase(scheme, "https");
  if (separator == std::string_view::npos || !(url.https || EqualsIgnoringCase(scheme, "http"))) {
    return Refused("must start with https:// or http://");
  }
  url.port = url.https ? 443 : 80;
  text.remove_prefix(separator + 3);
  const std::size_t target_at = std::min(text.find_first_of("/?#"), text.size());
  std::string wrong = ReadAuthority(text.substr(0, target_at), &url);
  if (!wrong.empty()) return Refused(std::move(wrong));
  url.target = text.substr(target_at);
  if (url.target.find('#') != std::string_view::npos) {
    return Refused("must not have a fragment; remove everything from '#'");
  }
  if (!IsTarget(url.target)) {
    return Refused("holds a character that must be percent-encoded in a URL");
  }
  return url;
}

Result<Url> ParseEndpoint(std::string_view text) {
  Result<Url> url = ParseUrl(text);
  if (url.ok() && !url.value().https && !url.value().loopback) {
    return Refused("must start with https://; plain http:// is for this machine only");
  }
  return url;
}

}  // namespace candor
