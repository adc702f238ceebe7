#include "tests/native/state_samples.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <utility>

#include "core/json_writer.h"
#include "core/problems.h"
#include "core/sha256.h"

namespace candor {

TemporaryFolder::TemporaryFolder() {
  // In memory where there is such a folder: thousands of syncs to a disk take minutes.
  const std::filesystem::path memory = "/dev/shm";
  const bool has_memory = access(memory.c_str(), W_OK) == 0;
  std::string name =
      ((has_memory ? memory : std::filesystem::temp_directory_path()) / "candor-state-XXXXXX")
          .string();
  if (mkdtemp(name.data()) == nullptr) abort();
  path_ = std::move(name);
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

ConsentRecord SampleConsent(Verdict verdict) {
  ConsentRecord record;
  record.verdict = verdict;
  record.catalogue = "engine";
  record.scope = {{"/installation", "uuid; product-improvement"},
                  {"/product/name", "string 1024; product-improvement"}};
  record.scope_digest = ScopeDigest(record.scope);
  record.withheld = {"/product/version"};
  record.who = "ada";
  record.when_ms = 1712228731639;
  record.through = "page";
  record.report_digest = std::string(64, 'a');
  return record;
}

std::string ConsentText(const ConsentRecord& record) {
  StringSink sink;
  JsonWriter writer(sink);
  WriteConsent(record, writer);
  writer.Finish();
  return std::move(sink).text();
}

State SampleState() {
  State state;
  state.installation = "0190c6a1-7d2f-4b8c-9f3e-2a1b3c4d5e6f";
  state.consent = SampleConsent(Verdict::kGranted);
  state.last_accepted_at = 1'700'000'000'001;
  state.due_at = 1'700'000'000'002;
  state.retry_at = 1'700'000'000'003;
  state.anchor = {"4f1c-boot", 123'456, 1'700'000'000'004};
  state.failed_rounds = 7;
  state.counting_since = 1'700'000'000'005;
  state.baselines = {{"00112233445566778899aabbccddeeff",
                      {{"engine.job", 3}, {"executed-decision", 18'446'744'073'709'551'615u}}},
                     {"ffeeddccbbaa99887766554433221100", {}}};
  state.initial = Fate::kAccepted;
  return state;
}

SealedReport SampleReport(const std::string& id, const std::string& bytes) {
  SealedReport report;
  report.id = id;
  report.kind = ReportKind::kShown;
  report.bytes = bytes;
  report.digest = Sha256Hex(bytes);
  report.size = static_cast<std::int64_t>(bytes.size());
  report.catalogue = "engine";
  report.scope_digest = std::string(64, 'b');
  report.withheld = {"/product/edition", "/product/version"};
  report.sealed_at = 1'700'000'000'010;
  report.from = 1'700'000'000'011;
  report.to = 1'700'000'000'012;
  report.consent_seq = 2;
  report.counted_from = SampleState().baselines;
  report.fate = Fate::kAttempted;
  report.attempts = 3;
  report.uncertain = true;
  report.status = 503;
  report.receipt = "line one\nline \"two\"";
  report.last_error = "timed out";
  report.changed_at = 1'700'000'000'013;
  return report;
}

StateChange SampleChange(const SealedReport& report) {
  StateChange change;
  change.state = SampleState();
  change.state.pending = report.id;
  change.journal = {{"installation", "{\"id\": \"" + change.state.installation + "\"}"},
                    {"consent", ConsentText(*change.state.consent)},
                    {"sealed", "{\"report\": \"" + report.id + "\", \"consentSeq\": 0}"}};
  change.report = report;
  change.at = 1'700'000'000'020;
  return change;
}

std::string Text(const State& state) { return WriteStoredState(state); }
std::string Text(const SealedReport& report) { return WriteReportRecord(report) + report.bytes; }

std::unique_ptr<StateStore> OpenStore(const std::string& folder) {
  Result<std::unique_ptr<StateStore>> store = OpenSqliteStore(folder);
  if (store.ok()) return std::move(store).value();
  ADD_FAILURE() << ProblemsAsText(store.problems());
  return nullptr;
}

}  // namespace candor
