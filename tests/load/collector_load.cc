// Load for benchmarks. On standard output: one line of numbers, for scripts.
//
// Usage: collector_load post PORT POSTS CONNECTIONS FIRST   posts unique reports from the FIRST on,
// as
//            fast as they are answered: seconds, p50 and p99 in ms; fails unless all get 202
//        collector_load repeat PORT POSTS CONNECTIONS FIRST  the same reports again: all get 200
//        collector_load honest PORT PER_SECOND SECONDS FIRST  as they are due, on 64 connections:
//            posts, p50, p99 and longest in ms; fails unless all get 202
//        collector_load stored FILE                         how many reports are in a collector's
//            database, or one behind the other in another file, and a sum over them
//        collector_load sync FOLDER                         p50 of writing and syncing one, in ms
#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/load/latencies.h"
#include "tests/load/load_connections.h"
#include "tests/load/load_reports.h"
#include "tests/load/open_loop.h"
#include "tests/load/stored_reports.h"

namespace candor {
namespace {

using Time = std::chrono::steady_clock;

[[noreturn]] void Die(const std::string& what) {
  std::fprintf(stderr, "collector_load: %s\n", what.c_str());
  std::exit(1);
}

struct Load {
  std::uint16_t port;
  std::uint32_t posts;
  std::size_t connections;
  std::uint32_t first;
};

void Post(const Load& load, int right) {
  const LoadReports texts(LoadReports::kWithoutDigests);
  // Made before, so that their making takes no time from whom is measured.
  std::vector<std::string> requests;
  for (std::uint32_t i = 0; i < load.posts; ++i) requests.push_back(texts.Request(load.first + i));
  std::vector<Time::time_point> begun(load.posts);
  Latencies took;
  LoadConnections connections(load.connections, 1, [&](std::uint64_t i, const auto& answer) {
    took.Add(Time::now() - begun[i]);
    if (answer.status != right) Die("answered " + std::to_string(answer.status));
  });
  connections.MoveTo(0, load.port);
  const Time::time_point start = Time::now();
  for (std::uint32_t next = 0; next < load.posts || connections.busy() > 0;) {
    for (; next < load.posts && connections.HasRoom(); ++next) {
      begun[next] = Time::now();
      connections.Send(next, std::move(requests[next]));
    }
    connections.Turn(100);
  }
  const std::chrono::duration<double> seconds = Time::now() - start;
  std::printf("%.3f %.3f %.3f\n", seconds.count(), took.At(0.5), took.At(0.99));
}

void Honest(const Load& load, int seconds) {
  OpenLoop loop(load.port, 64, load.first);
  OpenLoopTotals said = loop.Run(static_cast<double>(load.posts), std::chrono::seconds(seconds),
                                 std::chrono::seconds(60));
  std::printf("%llu %.1f %.1f %.1f\n", static_cast<unsigned long long>(said.due),
              said.of_accepted.At(0.5), said.of_accepted.At(0.99), said.of_accepted.At(1));
  if (said.accepted != said.due) Die("not all were accepted");
}

// Of the reports' numbers, whatever their order.
void PrintStored(const std::string& file) {
  const LoadReports texts;
  std::uint64_t count = 0, sum = 0;
  const auto add = [&](std::string_view bytes) {
    const auto n = texts.NumberOf(bytes);
    if (!n) Die(file + " holds what nobody sent");
    ++count;
    sum += *n;
  };
  if (file.ends_with(".db")) {
    VisitSqliteReports(file, add);
  } else {
    std::ifstream all(file, std::ios::binary);
    std::string one(texts.Body(0).size(), '\0');
    while (all.read(one.data(), static_cast<std::streamsize>(one.size()))) add(one);
  }
  std::printf("%llu %llu\n", static_cast<unsigned long long>(count),
              static_cast<unsigned long long>(sum));
}

void Sync(const std::string& folder) {
  const std::string path = folder + "/synced", body = LoadReports().Body(0);
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  Latencies took;
  for (int i = 0; i < 1000; ++i) {
    const Time::time_point start = Time::now();
    const ssize_t written = ::write(file, body.data(), body.size());
    if (written < 0 || ::fdatasync(file) != 0) Die("cannot sync " + path);
    took.Add(Time::now() - start);
  }
  ::close(file);
  ::unlink(path.c_str());
  std::printf("%.3f\n", took.At(0.5));
}

}  // namespace
}  // namespace candor

int main(int count, char** words) {
  using namespace candor;
  const std::vector<std::string> all(words + 1, words + count);
  const auto number = [&](std::size_t i) {
    return static_cast<std::uint32_t>(std::stoul(all.at(i)));
  };
  if (all.size() == 5) {
    const Load load = {static_cast<std::uint16_t>(number(1)), number(2), number(3), number(4)};
    if (all[0] == "post") return Post(load, 202), 0;
    if (all[0] == "repeat") return Post(load, 200), 0;
    if (all[0] == "honest") return Honest(load, static_cast<int>(number(3))), 0;
  }
  if (all.size() == 2 && all[0] == "stored") return PrintStored(all[1]), 0;
  if (all.size() == 2 && all[0] == "sync") return Sync(all[1]), 0;
  Die("see the first lines of its source");
}
