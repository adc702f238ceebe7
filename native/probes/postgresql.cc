#include "native/probes/postgresql.h"

#include <libpq-fe.h>
#include <poll.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <memory>

#include "core/text.h"
#include "native/base/clock.h"
#include "native/state/conninfo.h"

namespace candor {
namespace {

constexpr std::size_t kMaxReasonBytes = 400;
// More than a login needs, with certificates and Kerberos.
constexpr rlim_t kMemoryBytes = rlim_t{64} << 20;

struct Finisher {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
using Connection = std::unique_ptr<PGconn, Finisher>;

void LimitMemory() {
  // Pages: size, resident, shared, text, 0, data.
  std::ifstream file("/proc/self/statm");
  rlim_t pages = 0;
  for (int i = 0; i < 6; ++i) file >> pages;
  const rlim_t most = pages * static_cast<rlim_t>(::sysconf(_SC_PAGESIZE)) + kMemoryBytes;
  const rlimit limit = {most, most};
  if (file) ::setrlimit(RLIMIT_DATA, &limit);
}

// libpq's messages are lines.
std::string OneLine(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const bool space = c == '\n' || c == '\t' || c == ' ';
    if (!space) line += c;
    if (space && !line.empty() && line.back() != ' ') line += ' ';
  }
  while (line.ends_with(' ')) line.pop_back();
  return Quotable(line, kMaxReasonBytes);
}

Connection StartConnecting(const std::string& conninfo) {
  const std::array<const char*, 3> keys = {"dbname", "fallback_application_name", nullptr};
  const std::array<const char*, 3> values = {conninfo.c_str(), "candor", nullptr};
  Connection connection(PQconnectStartParams(keys.data(), values.data(), 1));
  // Otherwise they are printed.
  PQsetNoticeReceiver(
      connection.get(), [](void*, const PGresult*) {}, nullptr);
  return connection;
}

// "", or why it is not connected.
std::string FinishConnecting(PGconn* connection, std::int64_t until) {
  PostgresPollingStatusType state = PGRES_POLLING_WRITING;
  while (PQstatus(connection) != CONNECTION_BAD) {
    pollfd wait = {PQsocket(connection),
                   static_cast<short>(state == PGRES_POLLING_READING ? POLLIN : POLLOUT), 0};
    const std::int64_t left = until - SystemClock().BootMillis();
    if (left <= 0 || ::poll(&wait, 1, static_cast<int>(left)) == 0) {
      return "no login within " + Decimal(kPostgresqlTimeoutMs) + " ms";
    }
    state = PQconnectPoll(connection);
    if (state == PGRES_POLLING_OK) return "";
    if (state == PGRES_POLLING_FAILED) break;
  }
  return PQerrorMessage(connection);
}

int Complain(std::string_view why) {
  const std::string line = OneLine(why);
  std::fprintf(stderr, "%s\n", line.empty() ? "there was no login" : line.c_str());
  return 1;
}

}  // namespace

Result<ProbedProduct> ReadServerVersion(std::string_view version) {
  if (!IsProductText(version) || version[0] < '0' || version[0] > '9') {
    return NoAnswer("what it says is no version of PostgreSQL");
  }
  return ProbedProduct{"PostgreSQL", std::string(version)};
}

Result<ProbedProduct> AskPostgresql(const std::string& program, const std::string& conninfo,
                                    const Cancellation& cancellation) {
  ProcessLimits limits;
  limits.timeout_ms = kPostgresqlTimeoutMs + 500;
  EndedProcess ended =
      RunProcess({program, kPostgresqlCommand, conninfo}, {}, limits, cancellation);
  if (!ended.problem.empty()) return NoAnswer(ended.problem);
  if (ended.status != 0) {
    const std::string why = OneLine(ended.error);
    return NoAnswer(why.empty() ? "it ended with status " + Decimal(ended.status) : why);
  }
  if (ended.output.ends_with('\n')) ended.output.pop_back();
  return ReadServerVersion(ended.output);
}

int AnswerForPostgresql(const std::string& conninfo) {
  const std::int64_t until = SystemClock().BootMillis() + kPostgresqlTimeoutMs;
  LimitMemory();
  // Whoever asked may be gone.
  ::alarm(kPostgresqlTimeoutMs / 1000 + 3);
  if (const std::string wrong = WhyNoConninfo(conninfo); !wrong.empty()) return Complain(wrong);
  const Connection connection = StartConnecting(conninfo);
  if (connection == nullptr) return Complain("out of memory");
  const std::string failed = FinishConnecting(connection.get(), until);
  if (!failed.empty()) return Complain(failed);
  const char* const version = PQparameterStatus(connection.get(), "server_version");
  const Result<ProbedProduct> product = ReadServerVersion(version == nullptr ? "" : version);
  if (!product.ok()) return Complain(product.error().message);
  std::printf("%s\n", product.value().version.c_str());
  return 0;
}

}  // namespace candor
