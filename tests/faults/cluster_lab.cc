#include "tests/faults/cluster_lab.h"

#include <fcntl.h>
#include <libpq-fe.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "core/journal.h"
#include "core/json_reader.h"
#include "native/counters/counters.h"
#include "native/reporter/setup.h"
#include "native/state/postgres_store.h"

namespace candor {
namespace {

using std::chrono::milliseconds;

constexpr char kCounter[] = "/product/internals/commands/WorkCmd/count";

void Shell(const std::string& command) {
  if (std::system(command.c_str()) != 0) throw std::runtime_error("failed: " + command);
}

std::string Number(int number) { return std::to_string(number); }

// The thread is in the namespace of `process` while this lives.
class Inside {
 public:
  explicit Inside(pid_t process) : home_(::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)) {
    Enter(process);
  }
  ~Inside() {
    static_cast<void>(::setns(home_, CLONE_NEWNET));
    ::close(home_);
  }
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;

  static void Enter(pid_t process) {
    const std::string path = "/proc/" + std::to_string(process) + "/ns/net";
    const int there = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (::setns(there, CLONE_NEWNET) != 0) throw std::runtime_error("no namespace " + path);
    ::close(there);
  }

 private:
  int home_;
};

const JsonValue* At(const JsonValue& document, std::initializer_list<const char*> steps) {
  const JsonValue* place = &document;
  for (const char* step : steps) {
    if (place != nullptr) place = place->Find(step);
  }
  return place;
}

std::uint64_t CountIn(const std::string& body) {
  const Result<JsonValue> report = ReadJson(body);
  if (!report.ok()) return 0;
  const JsonValue* place =
      At(report.value(), {"product", "internals", "commands", "WorkCmd", "count"});
  std::int64_t count = 0;
  return place != nullptr && place->AsInteger(&count) ? static_cast<std::uint64_t>(count) : 0;
}

std::string TextAt(const JournalEntry& entry, const char* key) {
  const Result<JsonValue> body = ReadJson(entry.body);
  const JsonValue* text = body.ok() ? body.value().Find(key) : nullptr;
  return text != nullptr && text->is_string() ? text->text() : "";
}

std::uint64_t NumberIn(const std::string& text) { return std::strtoull(text.c_str(), nullptr, 10); }

std::uint64_t ValueOf(const CounterTotals& totals, std::string_view name) {
  for (const auto& [of, value] : totals.values) {
    if (of == name) return value;
  }
  return 0;
}

}  // namespace

bool ClusterLab::IsPossible() {
  return ::geteuid() == 0 && PostgresServer::IsInstalled() &&
         std::system(
             "unshare --net ip link add test0 type veth peer name test1"
             " > /dev/null 2>&1") == 0;
}

ClusterLab::ClusterLab(std::uint64_t seed) : random_(seed), nodes_(kNodes) {
  std::string pattern = std::filesystem::temp_directory_path() / "candor-cluster-XXXXXX";
  folder_ = ::mkdtemp(pattern.data());
  const int file = ::open((folder_ / "oracle").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (::ftruncate(file, sizeof(ClusterOracle)) != 0) throw std::runtime_error("no oracle");
  oracle_ = static_cast<ClusterOracle*>(
      ::mmap(nullptr, sizeof(ClusterOracle), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0));
  ::close(file);
  if (::unshare(CLONE_NEWNET) != 0) throw std::runtime_error("no network namespace");
  Shell("ip link set lo up");
  // Before any thread is there: the namespace is the thread's.
  for (int node = 0; node < kNodes; ++node) MakeNamespace(node);
  PostgresServer::Options options;
  options.listen_addresses = "*";
  database_ = std::make_unique<PostgresServer>(options);
  database_->Start();
  for (int node = 0; node < kNodes; ++node) {
    nodes_[node].folder = folder_ / ("node" + Number(node));
    ReceiverOptions receiver;
    receiver.decide = [this](const Received&) {
      const std::uint64_t answer = answers_.fetch_add(1) % 7;
      Script script;
      if (!loses_.load() || answer > 2) return script;
      if (answer == 0) return Answers(503);
      script.until = answer == 1 ? Script::Stage::kRequest : Script::Stage::kBody;
      script.act = Script::Act::kReset;
      return script;
    };
    const Inside inside(nodes_[node].holder);
    nodes_[node].receiver = std::make_unique<Receiver>(receiver);
  }
  store_ = OpenPostgresStore(database_->Conninfo()).value();
}

ClusterLab::~ClusterLab() {
  for (int node = 0; node < kNodes; ++node) Kill(node);
  for (Node& node : nodes_) {
    ::kill(node.holder, SIGKILL);
    ::waitpid(node.holder, nullptr, 0);
  }
  std::filesystem::remove_all(folder_);
}

// Held by a process that does nothing and ends with this one.
void ClusterLab::MakeNamespace(int node) {
  const pid_t holder = ::fork();
  if (holder == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::unshare(CLONE_NEWNET) != 0) ::_exit(1);
    for (;;) ::pause();
  }
  nodes_[node].holder = holder;
  const std::string home = std::filesystem::read_symlink("/proc/self/ns/net");
  const std::string there = "/proc/" + std::to_string(holder) + "/ns/net";
  while (std::filesystem::read_symlink(there) == home) {
    std::this_thread::sleep_for(milliseconds(1));
  }
  const std::string link = "node" + Number(node), net = "10.77." + Number(node) + ".";
  const std::string enter = "nsenter --net=" + there + " ";
  Shell("ip link add " + link + " type veth peer name eth0 netns " + std::to_string(holder));
  Shell("ip addr add " + net + "1/24 dev " + link + " && ip link set " + link + " up");
  Shell(enter + "ip addr add " + net + "2/24 dev eth0");
  Shell(enter + "ip link set eth0 up && " + enter + "ip link set lo up");
}

std::string ClusterLab::NodeConninfo(int node) const {
  return "host=10.77." + Number(node) + ".1 port=" + Number(database_->port()) +
         " user=" + PostgresServer::kUser + " dbname=postgres passfile=" + database_->PassFile();
}

std::uint64_t ClusterLab::Below(std::uint64_t most) {
  std::uint64_t z = random_ += 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return (z ^ (z >> 31)) % most;
}

void ClusterLab::Start(int number) {
  Node& node = nodes_[number];
  node.output = node.folder.string() + ".out";
  const std::string log = node.folder.string() + ".log", database = NodeConninfo(number);
  const std::string endpoint = node.receiver->Endpoint(), oracle = folder_ / "oracle";
  const pid_t parent = ::getpid();
  node.process = ::fork();
  if (node.process != 0) return;
  Inside::Enter(node.holder);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(1);
  ::dup2(::open(node.output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), STDOUT_FILENO);
  ::dup2(::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600), STDERR_FILENO);
  ::closefrom(3);
  ::execl(CANDOR_NODE, CANDOR_NODE, node.folder.c_str(), database.c_str(), endpoint.c_str(),
          oracle.c_str(), nullptr);
  ::_exit(127);
}

void ClusterLab::Kill(int number) {
  Node& node = nodes_[number];
  if (node.process == 0) return;
  ::kill(node.process, SIGKILL);
  ::waitpid(node.process, nullptr, 0);
  node.process = 0;
}

std::int64_t ClusterLab::Stop(int number) {
  Node& node = nodes_[number];
  if (node.process == 0) return -1;
  ::kill(node.process, SIGTERM);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (::waitpid(node.process, nullptr, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() >= end) {
      Kill(number);
      return -1;
    }
    std::this_thread::sleep_for(milliseconds(5));
  }
  node.process = 0;
  std::ifstream file(node.output);
  std::string word;
  std::int64_t took = -1;
  file >> word >> took;
  return took;
}

void ClusterLab::Pause(int number) { ::kill(nodes_[number].process, SIGSTOP); }
void ClusterLab::Resume(int number) { ::kill(nodes_[number].process, SIGCONT); }
void ClusterLab::Cut(int number) { Shell("ip link set node" + Number(number) + " down"); }
void ClusterLab::Heal(int number) { Shell("ip link set node" + Number(number) + " up"); }

int ClusterLab::SharingNodes() {
  const Result<Snapshot> now = store_->Read();
  if (!now.ok() || now.value().state.consent_seq == 0) return 0;
  int sharing = 0;
  for (const Node& node : nodes_) {
    const auto path = CountersPath(node.folder);
    if (!std::filesystem::exists(path)) continue;
    const auto seen = store_->node_counts()->SeenConsent(Counters(path).Totals().epoch);
    sharing += seen.ok() && seen.value() == now.value().state.consent_seq ? 1 : 0;
  }
  return sharing;
}

std::map<std::string, Receiver::Accepted> ClusterLab::Accepted(std::string& problem) const {
  std::map<std::string, Receiver::Accepted> all;
  for (const Node& node : nodes_) {
    for (const auto& [key, report] : node.receiver->accepted()) {
      const auto [at, is_new] = all.emplace(key, report);
      const bool differs = report.differed || (!is_new && at->second.body != report.body);
      if (differs) problem = "one key came with two bodies";
    }
  }
  return all;
}

// What nodes counted that the others do not know.
std::uint64_t ClusterLab::Unshared(std::string& problem) const {
  std::uint64_t unshared = 0;
  for (const Node& node : nodes_) {
    const CounterTotals totals = Counters(CountersPath(node.folder)).Totals();
    const std::string rows =
        " FROM candor_counts WHERE epoch = '" + totals.epoch + "' AND name = '" + kCounter + "'";
    const std::uint64_t counted = ValueOf(totals, kCounter);
    const std::uint64_t shared = NumberIn(Ask("SELECT total" + rows));
    if (shared > counted) problem = "a node shared more than it counted";
    if (NumberIn(Ask("SELECT dropped" + rows)) != 0) problem = "a node dropped counts";
    unshared += counted - std::min(shared, counted);
  }
  return unshared;
}

std::string ClusterLab::Ask(const std::string& sql) const {
  const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(
      PQconnectdb(database_->Conninfo().c_str()), PQfinish);
  const std::unique_ptr<PGresult, decltype(&PQclear)> rows(PQexec(connection.get(), sql.c_str()),
                                                           PQclear);
  return PQntuples(rows.get()) == 1 ? PQgetvalue(rows.get(), 0, 0) : "";
}

ClusterLab::Sum ClusterLab::AddUp() {
  Sum sum;
  // A connection that died with the database is noticed at its next use.
  static_cast<void>(store_->Read());
  const auto accepted = Accepted(sum.problem);
  for (const auto& [key, report] : accepted) sum.reported += CountIn(report.body);
  sum.reports = accepted.size();
  const Result<Snapshot> snapshot = store_->Read();
  const auto journal = store_->ReadJournal(0, 1'000'000);
  const auto shared = store_->node_counts()->Share({}, {});
  if (!snapshot.ok() || !journal.ok() || !shared.ok()) {
    sum.problem = "the state cannot be read";
    return sum;
  }
  const auto& pending = snapshot.value().pending;
  if (pending && accepted.count(pending->id) == 0) sum.open += CountIn(pending->bytes);
  for (const auto& [name, count] : CountedSince(snapshot.value().state.baselines, shared.value())) {
    if (name == kCounter) sum.open += count;
  }
  sum.open += Unshared(sum.problem);
  if (CountLinked(journal.value()) != journal.value().size()) sum.problem = "the journal is broken";
  std::map<std::string, std::string> kinds;
  std::int64_t last_scheduled = 0, last_accepted = 0, installations = 0;
  for (const JournalEntry& entry : journal.value()) {
    if (entry.kind == "installation") ++installations;
    const std::string id = TextAt(entry, "report");
    if (entry.kind == "sealed") kinds[id] = TextAt(entry, "kind");
    if (entry.kind != "accepted") continue;
    if (last_accepted != 0) {
      sum.longest_gap_ms = std::max(sum.longest_gap_ms, entry.at_ms - last_accepted);
    }
    last_accepted = entry.at_ms;
    if (kinds[id] == "initial") ++sum.initial;
    if (kinds[id] != "scheduled") continue;
    const std::int64_t since = entry.at_ms - last_scheduled;
    if (last_scheduled != 0) {
      sum.closest_ms = sum.closest_ms == 0 ? since : std::min(sum.closest_ms, since);
    }
    last_scheduled = entry.at_ms;
    ++sum.scheduled;
  }
  if (installations != 1) sum.problem = "there are several installations";
  const std::uint64_t begun = oracle_->begun, done = oracle_->done;
  const std::uint64_t found = sum.reported + sum.open;
  sum.lost = done > found ? done - found : 0;
  sum.doubled = found > begun ? found - begun : 0;
  return sum;
}

}  // namespace candor
