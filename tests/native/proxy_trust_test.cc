#include "native/admin/door/proxy_trust.h"

#include <gtest/gtest.h>

#include <string>

#include "native/http/proxy_peer.h"

namespace candor {
namespace {

const HttpPeer kProxy{.address = "10.0.0.7", .port = 4711};
const HttpPeer kStranger{.address = "10.0.0.8", .port = 4711};

HttpRequest With(HttpHeaders headers) { return {"GET", "/", std::move(headers), ""}; }

ProxyTrust Trust(ProxyOptions options = {}) {
  options.peers = {"10.0.0.7"};
  return ProxyTrust(std::move(options));
}

TEST(ProxyTrustTest, BelievesATrustedPeerAlone) {
  const HttpRequest request = With({{"X-Forwarded-User", "ada"}});
  const ProxyTrust::Named named = Trust().UserOf(request, kProxy);
  EXPECT_EQ(named.user, "ada");
  EXPECT_EQ(named.role, Role::kViewer);
  EXPECT_EQ(named.refusal, "");
  EXPECT_NE(Trust().UserOf(request, kStranger).refusal, "");
  EXPECT_NE(Trust().UserOf(request, {.address = "unix"}).refusal, "");
  EXPECT_NE(ProxyTrust({}).UserOf(request, kProxy).refusal, "");
}

TEST(ProxyTrustTest, RefusesEveryHeaderThatNamesSomebodyFromOthers) {
  for (const char* name :
       {"X-Forwarded-User", "X-Forwarded-Email", "X-Forwarded-Groups",
        "X-Forwarded-Preferred-Username", "X-Auth-Request-User", "X-Auth-Request-Email",
        "X-Auth-Request-Groups", "X-Auth-Request-Preferred-Username", "x-forwarded-USER"}) {
    EXPECT_NE(Trust().UserOf(With({{name, "ada"}}), kStranger).refusal, "") << name;
    EXPECT_NE(Trust().UserOf(With({{name, ""}}), kStranger).refusal, "") << name;
  }
  EXPECT_EQ(Trust().UserOf(With({{"X-Forwarded-For", "192.0.2.1"}}), kStranger).refusal, "");
}

TEST(ProxyTrustTest, RefusesSeveral) {
  EXPECT_NE(Trust()
                .UserOf(With({{"X-Forwarded-User", "ada"}, {"x-forwarded-user", "bob"}}), kProxy)
                .refusal,
            "");
  EXPECT_NE(Trust()
                .UserOf(With({{"X-Forwarded-User", "ada"},
                              {"X-Forwarded-Groups", "a"},
                              {"X-Forwarded-Groups", "camunda-admin"}}),
                        kProxy)
                .refusal,
            "");
}

// oauth2-proxy replaces the headers that it sets, and lets the other family through.
TEST(ProxyTrustTest, RefusesTheFamilyThatTheProxyDoesNotSet) {
  EXPECT_NE(
      Trust()
          .UserOf(With({{"X-Forwarded-User", "eve"}, {"X-Auth-Request-Groups", "camunda-admin"}}),
                  kProxy)
          .refusal,
      "");
  EXPECT_NE(Trust().UserOf(With({{"X-Auth-Request-User", "ada"}}), kProxy).refusal, "");
  ProxyOptions options;
  options.auth_request_headers = true;
  const ProxyTrust other = Trust(options);
  EXPECT_EQ(other.UserOf(With({{"X-Auth-Request-User", "ada"}}), kProxy).user, "ada");
  EXPECT_NE(other.UserOf(With({{"X-Forwarded-User", "ada"}}), kProxy).refusal, "");
}

TEST(ProxyTrustTest, KnowsSuperusersByNameEmailAndGroup) {
  ProxyOptions options;
  options.superusers = {"ada", "bob@example.org"};
  options.superuser_groups = {"camunda-admin", "ops"};
  const ProxyTrust trust = Trust(options);
  const auto role = [&](HttpHeaders headers) {
    return trust.UserOf(With(std::move(headers)), kProxy).role;
  };
  EXPECT_EQ(role({{"X-Forwarded-User", "ada"}}), Role::kSuperuser);
  EXPECT_EQ(role({{"X-Forwarded-User", "Ada"}}), Role::kViewer);
  EXPECT_EQ(role({{"X-Forwarded-User", "4711"}, {"X-Forwarded-Email", "bob@example.org"}}),
            Role::kSuperuser);
  EXPECT_EQ(role({{"X-Forwarded-User", "cyd"}, {"X-Forwarded-Groups", "users, ops"}}),
            Role::kSuperuser);
  EXPECT_EQ(role({{"X-Forwarded-User", "cyd"}, {"X-Forwarded-Groups", "oops,opsy, ,"}}),
            Role::kViewer);
  EXPECT_EQ(role({{"X-Forwarded-User", "cyd"}, {"X-Forwarded-Preferred-Username", "ada"}}),
            Role::kViewer);
  EXPECT_EQ(role({{"X-Forwarded-Groups", "ops"}}), Role::kNone);
}

TEST(ProxyTrustTest, LetsNobodyLookOutsideTheViewersGroups) {
  ProxyOptions options;
  options.viewer_groups = {"auditors"};
  const ProxyTrust trust = Trust(options);
  const auto role = [&](const char* groups) {
    return trust.UserOf(With({{"X-Forwarded-User", "cyd"}, {"X-Forwarded-Groups", groups}}), kProxy)
        .role;
  };
  EXPECT_EQ(role("users"), Role::kNone);
  EXPECT_EQ(role("users,auditors"), Role::kViewer);
  EXPECT_EQ(role("camunda-admin"), Role::kSuperuser);
}

TEST(ProxyTrustTest, RefusesNamesThatAreNoText) {
  EXPECT_NE(Trust().UserOf(With({{"X-Forwarded-User", "a\xff"}}), kProxy).refusal, "");
  EXPECT_NE(Trust().UserOf(With({{"X-Forwarded-User", std::string(257, 'a')}}), kProxy).refusal,
            "");
  EXPECT_EQ(Trust().UserOf(With({{"X-Forwarded-User", "J\xC3\xBCrgen"}}), kProxy).user,
            "J\xC3\xBCrgen");
}

TEST(ProxyTrustTest, ReadsExactPeersOnly) {
  EXPECT_EQ(ProxyPeer("10.0.0.7"), "10.0.0.7");
  EXPECT_EQ(ProxyPeer("::ffff:10.0.0.7"), "10.0.0.7");
  EXPECT_EQ(ProxyPeer("2001:DB8:0::1"), "2001:db8::1");
  EXPECT_EQ(ProxyPeer("unix"), "unix");
  for (const char* wrong : {"10.0.0.0/8", "10.0.7", "localhost", "", "*", "10.0.0.7:80", "[::1]"}) {
    EXPECT_FALSE(ProxyPeer(wrong)) << wrong;
  }
}

TEST(ProxyTrustTest, TakesTheClientFromTheProxyAlone) {
  const HttpRequest request = With({{"X-Forwarded-For", "203.0.113.9, 192.0.2.1"}});
  EXPECT_EQ(Trust().ClientOf(request, kProxy), "192.0.2.1");
  EXPECT_EQ(Trust().ClientOf(request, kStranger), "10.0.0.8");
  EXPECT_EQ(Trust().ClientOf(With({{"X-Forwarded-For", "192.0.2.1, rubbish"}}), kProxy),
            "10.0.0.7");
  EXPECT_EQ(Trust().ClientOf(With({}), kProxy), "10.0.0.7");
}

TEST(ProxyTrustTest, FindsTheClientBehindSeveralProxies) {
  const std::vector<std::string> proxies = {"10.0.0.7", "10.0.0.6"};
  EXPECT_EQ(SenderBehind(proxies, With({{"X-Forwarded-For", "203.0.113.9, 192.0.2.1, 10.0.0.6"}}),
                         kProxy),
            "192.0.2.1");
  const HttpRequest fields =
      With({{"X-Forwarded-For", "192.0.2.9, 192.0.2.1"}, {"x-forwarded-for", "::ffff:10.0.0.6"}});
  EXPECT_EQ(SenderBehind(proxies, fields, kProxy), "192.0.2.1") << "fields are one list";
  EXPECT_EQ(SenderBehind(proxies, With({{"X-Forwarded-For", "192.0.2.1, , 10.0.0.6"}}), kProxy),
            "10.0.0.6")
      << "nobody knows who is behind it";
}

}  // namespace
}  // namespace candor
