// The facts of a command that runs beside a host, or without one: from a file, or else what the
// host last remembered in the state folder; and the host's counters, where it has any.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/result.h"
#include "core/time_text.h"
#include "native/counters/counters.h"
#include "native/reporter/fact_source.h"
#include "native/reporter/facts_draft.h"
#include "native/state/state_store.h"

namespace candor {

struct FactFiles {
  std::string facts;                 // "" for what the host remembered.
  std::vector<std::string> scrapes;  // "COMPONENT=FILE" or "RELEASE/COMPONENT=FILE".
};

class FolderFacts : public FactSource {
 public:
  // Opens nothing yet: until then there are no facts and no counts.
  FolderFacts(std::string state_folder, StateStore& store)
      : folder_(std::move(state_folder)), store_(store) {}

  // The host's counters; none are made where there are none. Errors: kUnavailable.
  Problems OpenCounters();
  // Every problem of every file. Errors: those of ReadFile, ParseFacts and StateStore::ReadFacts;
  // kBadRequest for what is no COMPONENT=FILE; kNotUtf8.
  Problems Read(const FactFiles& files);
  // When components were asked for them; nothing for facts without a time.
  std::optional<UnixMillis> collected_at() const { return collected_at_; }
  // The problems of a report made of these facts, with the files and places that they came from.
  Problems Placed(const Problems& problems) const;

  std::string Facts() override { return text_; }
  CounterTotals Totals() override;
  bool SyncTotals() override;

 private:
  Result<std::string> Document(const std::string& file);
  Problems AddScrape(const std::string& argument);

  std::string folder_;
  StateStore& store_;
  std::unique_ptr<Counters> counters_;
  std::string name_;    // Of the facts, for problems.
  bool known_ = false;  // There are any.
  std::optional<UnixMillis> collected_at_;
  std::vector<std::string> scrape_files_;  // By their index in the document; "" for its own.
  FactsDraft draft_;
  std::string text_ = "{}";
};

}  // namespace candor
