#include "native/cli/folder_facts.h"

#include <unistd.h>

#include "core/facts.h"
#include "core/json_members.h"
#include "core/text.h"
#include "native/base/read_file.h"
#include "native/cli/answer.h"
#include "native/reporter/setup.h"

namespace candor {
namespace {

constexpr std::size_t kMaxInputBytes = std::size_t{1} << 30;

}  // namespace

Problems FolderFacts::OpenCounters() {
  const std::string path = CountersPath(folder_);
  if (counters_ != nullptr || ::access(path.c_str(), F_OK) != 0) return {};
  counters_ = std::make_unique<Counters>(path);
  if (counters_->why_in_memory().empty()) return {};
  return OneProblem(ErrorCode::kUnavailable, "",
                    "the counters cannot be read: " + counters_->why_in_memory());
}

Result<std::string> FolderFacts::Document(const std::string& file) {
  if (!file.empty()) {
    name_ = file;
    return ReadFile(file, kMaxInputBytes);
  }
  name_ = "facts in " + folder_;
  return store_.ReadFacts();
}

Problems FolderFacts::Read(const FactFiles& files) {
  Problems problems;
  Result<std::string> document = Document(files.facts);
  if (!document.ok()) {
    problems.AddAll(std::move(document).problems());
  } else if (known_ = !document.value().empty(); known_) {
    // Here the places are still those of the file.
    const Result<candor::Facts> facts = ParseFacts(document.value());
    if (!facts.ok()) problems.AddAll(facts.problems());
    problems.SetSource(name_);
    if (facts.ok()) {
      collected_at_ = facts.value().collected_at;
      scrape_files_.resize(facts.value().scrapes.size());
      problems.AddAll(draft_.Read(document.value()));
    }
  }
  for (const std::string& scrape : files.scrapes) problems.AddAll(AddScrape(scrape));
  if (problems.empty()) text_ = draft_.Write();
  return problems;
}

Problems FolderFacts::AddScrape(const std::string& argument) {
  const std::size_t equals = argument.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == argument.size()) {
    return OneProblem(ErrorCode::kBadRequest, "--scrape " + argument, "must be COMPONENT=FILE");
  }
  std::string component = argument.substr(0, equals);
  const std::string file = argument.substr(equals + 1);
  Result<std::string> text = ReadFile(file, kMaxInputBytes);
  if (!text.ok()) return std::move(text).problems();
  if (FindInvalidUtf8(text.value()) != std::string::npos) {
    Problems problems = OneProblem(ErrorCode::kNotUtf8, "", "is not UTF-8");
    problems.SetSource(file);
    return problems;
  }
  std::vector<JsonMember> members;
  if (const std::size_t slash = component.rfind('/'); slash != std::string::npos) {
    members.push_back({"release", JsonValue::String(component.substr(0, slash)), {}});
    component.erase(0, slash + 1);
  }
  members.push_back({"component", JsonValue::String(std::move(component)), {}});
  members.push_back({"exposition", JsonValue::String(std::move(text).value()), {}});
  std::vector<JsonValue> scrapes;
  if (const JsonValue* given = draft_.FindTop("scrapes")) scrapes = given->items();
  scrapes.push_back(JsonValue::Object(std::move(members)));
  draft_.PutTop("scrapes", JsonValue::Array(std::move(scrapes)));
  scrape_files_.push_back(file);
  return {};
}

Problems FolderFacts::Placed(const Problems& problems) const {
  Problems placed;
  bool missing = false;
  for (Error error : problems.list()) {
    for (std::size_t i = 0; i < scrape_files_.size(); ++i) {
      const std::string place = ItemPointer("/scrapes", i);
      if (error.source != place) continue;
      error.source = scrape_files_[i].empty() ? name_ + " " + place : scrape_files_[i];
    }
    if (error.source.empty() && error.where.rfind("/values", 0) == 0) {
      // The document that was checked is a rewritten one; only the pointers are the same.
      const JsonValue* value = draft_.Find(error.where.substr(7));
      error.at = value == nullptr ? Position() : value->at();
      error.source = name_;
      missing = missing || error.code == ErrorCode::kMissing;
    }
    placed.Add(std::move(error));
  }
  if (missing && !known_) {
    placed.Add({ErrorCode::kMissing, "",
                "no host has left its facts in " + folder_ + "; give them with --facts FILE"});
  }
  return placed;
}

CounterTotals FolderFacts::Totals() {
  return counters_ == nullptr ? CounterTotals() : counters_->Totals();
}

bool FolderFacts::SyncTotals() { return counters_ == nullptr || counters_->Sync(); }

}  // namespace candor
