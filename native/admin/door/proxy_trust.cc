#include "native/admin/door/proxy_trust.h"

#include <algorithm>
#include <array>

#include "core/text.h"
#include "native/http/headers.h"

namespace candor {
namespace {

constexpr std::size_t kMostGroups = 1'000;

struct Family {
  std::string_view user, email, groups;
};
constexpr Family kForwarded{"X-Forwarded-User", "X-Forwarded-Email", "X-Forwarded-Groups"};
constexpr Family kAuthRequest{"X-Auth-Request-User", "X-Auth-Request-Email",
                              "X-Auth-Request-Groups"};
// Every header that says who somebody is; the names of people are never used.
constexpr std::array<std::string_view, 8> kAll = {
    kForwarded.user,   kForwarded.email,   kForwarded.groups,   "X-Forwarded-Preferred-Username",
    kAuthRequest.user, kAuthRequest.email, kAuthRequest.groups, "X-Auth-Request-Preferred-Username",
};

bool Has(const std::vector<std::string>& list, std::string_view one) {
  return std::find(list.begin(), list.end(), one) != list.end();
}

std::vector<std::string> Split(std::string_view list) {
  std::vector<std::string> parts;
  while (!list.empty() && parts.size() < kMostGroups) {
    const std::size_t comma = std::min(list.find(','), list.size());
    const std::string_view part = Trimmed(list.substr(0, comma));
    if (!part.empty()) parts.emplace_back(part);
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return parts;
}

std::string_view Value(const HttpRequest& request, std::string_view name) {
  return OnlyHeader(request, name).value_or(std::string_view());
}

}  // namespace

bool IsUserText(std::string_view text) {
  return text.size() <= kMostUserBytes && FindInvalidUtf8(text) == std::string_view::npos &&
         std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

bool ProxyTrust::Trusts(const HttpPeer& peer) const { return Has(options_.peers, peer.address); }

ProxyTrust::Named ProxyTrust::UserOf(const HttpRequest& request, const HttpPeer& peer) const {
  const Family& family = options_.auth_request_headers ? kAuthRequest : kForwarded;
  const std::string_view prefix = family.user.substr(0, family.user.size() - 4);
  const bool trusted = Trusts(peer);
  Named named;
  for (const std::string_view name : kAll) {
    const std::size_t count = CountHeaders(request, name);
    if (count == 0) continue;
    if (!trusted) {
      named.refusal = std::string(name) + " is for trusted proxies, and this peer is none";
    } else if (name.substr(0, prefix.size()) != prefix) {
      named.refusal = std::string(name) + " is not what the proxy is trusted with, but " +
                      std::string(family.user) + " and its like";
    } else if (count > 1 || (name != family.groups && !IsUserText(Value(request, name)))) {
      named.refusal = std::string(name) + " must be given once, with at most 256 bytes of UTF-8";
    }
    if (!named.refusal.empty()) return named;
  }
  if (!trusted) return named;
  const std::string email(Value(request, family.email));
  named.user = Value(request, family.user);
  if (named.user.empty()) named.user = email;
  if (!named.user.empty()) {
    named.role = RoleOf(named.user, email, Split(Value(request, family.groups)));
  }
  return named;
}

Role ProxyTrust::RoleOf(const std::string& user, const std::string& email,
                        const std::vector<std::string>& groups) const {
  const auto in = [&groups](const std::vector<std::string>& wanted) {
    return std::any_of(groups.begin(), groups.end(),
                       [&wanted](const std::string& group) { return Has(wanted, group); });
  };
  if (Has(options_.superusers, user) || (!email.empty() && Has(options_.superusers, email)) ||
      in(options_.superuser_groups)) {
    return Role::kSuperuser;
  }
  return options_.viewer_groups.empty() || in(options_.viewer_groups) ? Role::kViewer : Role::kNone;
}

}  // namespace candor
