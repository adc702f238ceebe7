#include "tests/native/reporter_rig.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "core/json_reader.h"
#include "native/reporter/engine_places.h"

namespace candor {

void TestSource::Count(const std::string& name, std::uint64_t n) {
  for (auto& [known, count] : totals.values) {
    if (known == name) {
      count += n;
      return;
    }
  }
  totals.values.emplace_back(name, n);
  std::sort(totals.values.begin(), totals.values.end());
}

PostResult TestTransport::Post(const PostRequest& request) noexcept {
  posted.push_back(
      {std::string(request.body), std::string(request.id), std::string(request.digest)});
  if (during) during();
  if (answers.empty()) return Answered(202);
  PostResult result = answers.front();
  answers.pop_front();
  return result;
}

PostResult TestTransport::Ask(const AskRequest& request) noexcept {
  asked.emplace_back(request.path);
  asked_with.emplace_back(request.body);
  if (told.empty()) return Answered(404);
  PostResult result = told.front();
  told.pop_front();
  return result;
}

PostResult Answered(int status, std::optional<std::int64_t> retry_after_ms) {
  PostResult result;
  result.outcome = PostResult::Outcome::kAnswered;
  result.status = status;
  result.retry_after_ms = retry_after_ms;
  return result;
}

PostResult NotSent() {
  PostResult result;
  result.outcome = PostResult::Outcome::kNotSent;
  result.error = "the name cannot be resolved";
  return result;
}

PostResult LostReply() {
  PostResult result;
  result.outcome = PostResult::Outcome::kUncertain;
  result.error = "the connection ended before the answer";
  return result;
}

std::size_t TestLog::Count(LogEvent event) const {
  return static_cast<std::size_t>(
      std::count_if(records.begin(), records.end(),
                    [event](const LogRecord& record) { return record.event == event; }));
}

Rig::Rig(const std::string& name) {
  catalogue = ParseCatalogue(FindBuiltInCatalogue(name)->json).value();
  config.mode.value = Mode::kOnline;
  config.catalogue.value = name;
  config.endpoint.value = "https://telemetry.example/pings";
  std::string pattern = std::filesystem::temp_directory_path() / "candor-reporter-XXXXXX";
  folder = ::mkdtemp(pattern.data());
  store = OpenSqliteStore(folder / "state").value();
  Restart();
}

Rig::~Rig() {
  reporter_.reset();
  store.reset();
  std::filesystem::remove_all(folder);
}

Reporter& Rig::Restart() {
  const auto make_transport = [this]() -> Result<Transport*> {
    ++transports_made;
    return &transport;
  };
  reporter_ = std::make_unique<Reporter>(
      ReporterParts{config, catalogue, *store, source, clock, random, log, make_transport},
      OfferedCatalogue(config, catalogue).value(), clock.BootMillis());
  return *reporter_;
}

void Rig::Run(std::int64_t ms) {
  const std::int64_t end = clock.BootMillis() + ms;
  for (int steps = 0; steps < 100'000; ++steps) {
    const std::optional<std::int64_t> next = reporter_->Step();
    const std::int64_t left = end - clock.BootMillis();
    if (!next || *next > left) {
      clock.Pass(left);
      return;
    }
    clock.Pass(*next);
  }
  FAIL() << "the reporter never rests";
}

State Rig::ReadState() { return store->Read().value().state; }

std::vector<std::string> Rig::JournalKinds() {
  std::vector<std::string> kinds;
  const auto journal = store->ReadJournal(0, 1'000'000);
  for (const JournalEntry& entry : journal.value()) kinds.push_back(entry.kind);
  return kinds;
}

std::int64_t Rig::PostedCount(std::size_t index, const std::string& command) {
  const JsonValue body = ReadJson(transport.posted.at(index).body).value();
  const JsonValue* place = &body;
  for (const std::string& step : {std::string("product"), std::string("internals"),
                                  std::string("commands"), command, std::string("count")}) {
    place = place->Find(step);
    if (place == nullptr) return -1;
  }
  std::int64_t count = -1;
  place->AsInteger(&count);
  return count;
}

std::string CommandCounter(const std::string& name) {
  return places::CountAt(places::kCommands, name);
}

}  // namespace candor
