// What concerns a process as a whole: its environment, its name servers, its memory.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <sstream>
#include <string>
#include <vector>

#include "tests/native/folder.h"
#include "tests/native/receiver.h"

namespace candor {
namespace {

struct Ran {
  int status = 0;
  std::vector<std::string> lines;
  std::int64_t millis = 0;
};

// Runs the probe, with variables before its name as a shell takes them.
Ran Probe(const std::string& arguments, const std::string& variables = "") {
  const auto start = std::chrono::steady_clock::now();
  const std::string command = variables + " " CANDOR_PROBE " " + arguments;
  FILE* const output = popen(command.c_str(), "r");
  Ran ran;
  std::array<char, 4096> line;
  while (std::fgets(line.data(), line.size(), output) != nullptr)
    ran.lines.emplace_back(line.data());
  ran.status = WEXITSTATUS(pclose(output));
  ran.millis = std::chrono::duration_cast<std::chrono::milliseconds>(
                   std::chrono::steady_clock::now() - start)
                   .count();
  return ran;
}

std::string FirstLine(const Ran& ran) { return ran.lines.empty() ? "" : ran.lines.front(); }

TEST(HttpTransportProcessTest, TheEnvironmentDoesNotSayWhereBytesGo) {
  const CertificateAuthority ca("Test authority");
  const Folder folder;
  const std::string ca_file = folder.Write("ca.pem", ca.certificate(), 0644);
  folder.Write(".netrc", "default login user password secret\n");
  folder.Write(".curlrc", "proxy = http://127.0.0.1:1\n");
  ReceiverOptions tls;
  tls.tls = true;
  tls.identity = ca.Issue({});
  Receiver http, https(tls), decoy;
  const std::string proxy = "http://127.0.0.1:" + std::to_string(decoy.port());
  std::string variables = "no_proxy= NO_PROXY= HOME=" + folder.Path("") +
                          " CURL_HOME=" + folder.Path("") + " NETRC=" + folder.Path(".netrc");
  for (const std::string name :
       {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "HTTP_PROXY"}) {
    variables += " " + name + "=" + proxy;
  }
  EXPECT_EQ(FirstLine(Probe("post " + http.Endpoint() + " 5000", variables)).substr(0, 12),
            "answered 202");
  const std::string endpoint = https.Endpoint("localhost");
  EXPECT_EQ(FirstLine(Probe("post " + endpoint + " 5000 " + ca_file, variables)).substr(0, 12),
            "answered 202");
  EXPECT_EQ(decoy.connections(), 0u);
  for (const Receiver* receiver : {&http, &https}) {
    ASSERT_EQ(receiver->requests().size(), 1u);
    EXPECT_EQ(receiver->requests()[0].Header("Authorization"), "");
  }
}

TEST(HttpTransportProcessTest, TheEnvironmentLeadsNothingPastTheProxy) {
  const CertificateAuthority ca("Test authority");
  const Folder folder;
  const std::string ca_file = folder.Write("ca.pem", ca.certificate(), 0644);
  ReceiverOptions tls;
  tls.tls = true;
  tls.identity = ca.Issue({.names = {"telemetry.test"}});
  Receiver receiver(tls);
  ReceiverOptions proxy_options;
  proxy_options.tunnel_to = receiver.port();
  Receiver proxy(proxy_options);
  const Ran ran = Probe("post https://telemetry.test/ 5000 " + ca_file +
                            " http://127.0.0.1:" + std::to_string(proxy.port()),
                        "no_proxy='*' NO_PROXY=telemetry.test");
  EXPECT_EQ(FirstLine(ran).substr(0, 12), "answered 202");
  EXPECT_EQ(proxy.connections(), 1u);
}

TEST(HttpTransportProcessTest, TheEnvironmentNamesNoAuthorities) {
  const CertificateAuthority ca("Test authority");
  const Folder folder;
  const std::string ca_file = folder.Write("ca.pem", ca.certificate(), 0644);
  ReceiverOptions tls;
  tls.tls = true;
  tls.identity = ca.Issue({});
  Receiver receiver(tls);
  const Ran ran = Probe("post " + receiver.Endpoint("localhost") + " 5000",
                        "SSL_CERT_FILE=" + ca_file + " CURL_CA_BUNDLE=" + ca_file +
                            " SSL_CERT_DIR=" + folder.Path(""));
  EXPECT_EQ(FirstLine(ran).substr(0, 10), "not-sent 0");
  EXPECT_EQ(receiver.requests().size(), 0u);
}

TEST(HttpTransportProcessTest, TheCaFileStandsInPlaceOfTheSystemsAuthorities) {
  const CertificateAuthority ca("Test authority"), system("The system's authority");
  const Folder folder, certs;
  const std::string ca_file = folder.Write("ca.pem", ca.certificate(), 0644);
  certs.Write("ca-certificates.crt", system.certificate(), 0644);
  certs.Write(system.FileName(), system.certificate(), 0644);
  ReceiverOptions tls;
  tls.tls = true;
  tls.identity = system.Issue({});
  Receiver receiver(tls);
  const std::string arguments =
      "system-trust " + certs.Path("") + " " + receiver.Endpoint("localhost");
  const Ran trusted = Probe(arguments);
  if (trusted.status == 77) GTEST_SKIP() << "this machine permits no mount namespaces";
  EXPECT_EQ(FirstLine(trusted).substr(0, 12), "answered 202");
  EXPECT_EQ(FirstLine(Probe(arguments + " " + ca_file)).substr(0, 10), "not-sent 0");
}

TEST(HttpTransportProcessTest, KeysAreNotLogged) {
  const CertificateAuthority ca("Test authority");
  const Folder folder;
  const std::string ca_file = folder.Write("ca.pem", ca.certificate(), 0644);
  const std::string keys = folder.Write("keys", "");
  ReceiverOptions tls;
  tls.tls = true;
  tls.identity = ca.Issue({});
  Receiver receiver(tls);
  const Ran ran =
      Probe("post " + receiver.Endpoint("localhost") + " 5000 " + ca_file, "SSLKEYLOGFILE=" + keys);
  EXPECT_EQ(FirstLine(ran).substr(0, 12), "answered 202");
  EXPECT_EQ(std::filesystem::file_size(keys), 0u);
}

TEST(HttpTransportProcessTest, AMuteNameServerHoldsUpNeitherThePostNorTheEnd) {
  const Ran ran = Probe("silent-dns 400");
  if (ran.status == 77) GTEST_SKIP() << "this machine permits no network namespaces";
  EXPECT_EQ(ran.status, 0);
  std::istringstream line(FirstLine(ran));
  std::string outcome;
  std::int64_t status = 0, millis = 0;
  line >> outcome >> status >> millis;
  EXPECT_EQ(outcome, "not-sent");
  EXPECT_GE(millis, 390);
  EXPECT_LE(millis, 700);
  EXPECT_LE(ran.millis, 2000);
}

TEST(HttpTransportProcessTest, EveryAllocationMayFailOnceOrForEver) {
  const CertificateAuthority ca("Test authority");
  const Folder folder;
  const std::string ca_file = folder.Write("ca.pem", ca.certificate(), 0644);
  ReceiverOptions tls;
  tls.tls = true;
  tls.identity = ca.Issue({});
  Receiver receiver(tls);
  const Ran ran = Probe("no-memory " + receiver.Endpoint("localhost") + " " + ca_file);
  EXPECT_EQ(ran.status, 0);
  ASSERT_GT(ran.lines.size(), 50u);
  EXPECT_EQ(ran.lines.back().substr(0, 12), "answered 202");
  // Whatever the service has was never called unsent, and all that is called answered is there.
  std::size_t answered = 0, unsent = 0;
  for (const std::string& line : ran.lines) {
    if (line.starts_with("answered 202")) ++answered;
    if (line.starts_with("not-sent")) ++unsent;
  }
  std::size_t times = 0;
  for (const auto& [id, accepted] : receiver.accepted()) times += accepted.times;
  EXPECT_LE(answered, times);
  EXPECT_LE(times, ran.lines.size() - unsent);
}

}  // namespace
}  // namespace candor
