// A report as it arrives, held against a catalogue: BuildReport's other end.
//
// How it was spelled does not matter here: white space, key order, and null for what is not known
// are read as other versions of the product wrote them. The catalogue stays the allow-list.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/catalogue.h"
#include "core/json_value.h"
#include "core/received_points.h"
#include "core/report_tree.h"
#include "core/result.h"

namespace candor {

struct ReceivedValue {
  const Field* field = nullptr;  // The catalogue's.
  std::string_view pointer;      // With the open keys filled in.
  const JsonValue* value = nullptr;
};

// A member that the catalogue does not name.
struct UnknownMember {
  std::string pointer;
  const JsonValue* value = nullptr;
  Position at;
  // It stands among open keys and does not look like one of them, as the names of Java's lambdas
  // among those of commands; else there is no place for it at all.
  bool open_key = false;
};

// Everything borrows from the catalogue and the document.
struct ReceivedReport {
  std::vector<ReceivedValue> values;  // What is known and good, in the catalogue's order.
  // kWrongType, kOutOfRange, kOverLimit, kNotUtf8, kMissing: with any of them it is no report.
  Problems problems;
  std::vector<UnknownMember> unknown;  // The first kMostUnknown.
  // Members of the document that stand at places which the catalogue names, good or not: of several
  // catalogues the one with most of them is the one that was meant.
  std::size_t named = 0;
  // What pointers with open keys in them are views of; others are the catalogue's.
  std::vector<std::unique_ptr<const std::string>> open_pointers;
};

class ReceivedReportReader {
 public:
  static constexpr std::size_t kMostUnknown = 4096;

  // `catalogue` is borrowed; a reader may be used from several threads.
  explicit ReceivedReportReader(const Catalogue& catalogue);

  // All that is to be said about it, also where it is no report.
  ReceivedReport Read(const JsonValue& document) const;

  const Catalogue& catalogue() const { return catalogue_; }

 private:
  const Catalogue& catalogue_;
  ReportTree tree_;
  std::map<const Field*, PointKeys> points_;
};

}  // namespace candor
