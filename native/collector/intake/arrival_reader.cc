#include "native/collector/intake/arrival_reader.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "core/erasure.h"
#include "core/field_value.h"
#include "core/json_reader.h"
#include "core/json_writer.h"
#include "core/sink.h"
#include "core/text.h"
#include "native/collector/store/content_digest.h"
#include "native/collector/store/report_values.h"

namespace candor {
namespace {

// Deeper than any catalogue's report.
constexpr std::size_t kMostDepth = 16;
// What is longer is no version, vendor or edition, and nothing to count by.
constexpr std::size_t kMostTextBytes = 256;
// Numbers and texts of one report: an engine has some 400 kinds of commands.
constexpr std::size_t kMostValues = 4096;
// Of what the catalogue does not name, as it is set apart.
constexpr std::size_t kMostUnknownBytes = std::size_t{1} << 20;
constexpr std::string_view kComponentCount = "component-count";

std::size_t Complaints(const ReceivedReport& report) {
  return report.problems.count() + report.unknown.size();
}

// What statistics are made of, out of a report's values.
class Extract {
 public:
  void Add(const ReceivedValue& received) {
    const JsonValue& value = *received.value;
    switch (received.field->type) {
      case FieldType::kCount:
      case FieldType::kInteger:
        return AddNumber(received.pointer, value);
      case FieldType::kDataPoints:
        return AddPoints(received.pointer, value);
      case FieldType::kString:
        if (IsCountable(*received.field)) AddText(received.pointer, value);
        return;
      case FieldType::kStringList:
        if (!IsCountable(*received.field)) return;
        for (const JsonValue& item : value.items()) AddText(received.pointer, item);
        return;
      default:
        return;
    }
  }

  Result<std::string> Values() && {
    for (const auto& [place, sum] : points_) values_.numbers.emplace_back(place, sum);
    values_.Order();
    if (values_.size() > kMostValues) {
      problems_.Add({ErrorCode::kOverLimit, "",
                     "has more than " + std::to_string(kMostValues) + " counts and texts"});
    }
    if (!problems_.empty()) return std::move(problems_);
    return WriteReportValues(values_);
  }

 private:
  // What may be counted by: nothing that tells who sent it.
  static bool IsCountable(const Field& field) { return field.sensitivity == "none"; }

  void AddNumber(std::string_view place, const JsonValue& value) {
    std::int64_t number = 0;
    if (value.AsInteger(&number)) values_.numbers.emplace_back(place, number);
  }

  void AddPoints(std::string_view where, const JsonValue& points) {
    for (const JsonValue& point : points.items()) {
      const std::string& key = point.Find("key")->text();
      const std::string place = std::string(where) + PointerStep(key);
      AddWindow(place, point);
      std::int64_t number = 0;
      const JsonValue& value = *point.Find("value");
      if (!value.AsInteger(&number)) continue;
      const auto sum = points_.try_emplace(place, 0).first;
      AddTo(*sum, number, value.at());
      if (key != kComponentCount) continue;
      // Which ones there are, beside how many.
      for (const JsonValue& entity : point.Find("entities")->items()) {
        if (entity.Find("type")->text() == "component") AddText(sum->first, *entity.Find("id"));
      }
    }
  }

  // The time that the points of one key tell of: inspection looks at it, and statistics do not.
  void AddWindow(const std::string& place, const JsonValue& point) {
    const JsonValue* const end = point.Find("tsTo");
    std::int64_t from = 0, to = 0;
    if (end == nullptr || !end->AsInteger(&to) || !point.Find("tsFrom")->AsInteger(&from)) return;
    std::int64_t& first = points_.try_emplace(place + "/tsFrom", from).first->second;
    std::int64_t& last = points_.try_emplace(place + "/tsTo", to).first->second;
    first = std::min(first, from);
    last = std::max(last, to);
  }

  // Each addend is within +-(2^53-1), and so is each sum that was let through.
  void AddTo(std::pair<const std::string, std::int64_t>& sum, std::int64_t number, Position at) {
    if (sum.second + number > kMaxSafeInteger || sum.second + number < -kMaxSafeInteger) {
      problems_.Add(
          {ErrorCode::kOverLimit, sum.first, "adds up to more than 9007199254740991", at});
    } else {
      sum.second += number;
    }
  }

  void AddText(std::string_view place, const JsonValue& value) {
    if (value.text().empty() || value.text().size() > kMostTextBytes) return;
    values_.texts.emplace_back(place, value.text());
  }

  ReportValueViews values_;
  // Of points: one number for each place, however many are of one key.
  std::map<std::string, std::int64_t> points_;
  Problems problems_;
};

// The engine's and Optimize's id, or the Console's iid. "" where it is the word for unknown.
std::string InstallationIn(const ReceivedReport& report) {
  for (const ReceivedValue& value : report.values) {
    if (value.pointer != "/installation" && value.pointer != "/installation/iid") continue;
    return InstallationName(value.value->text());
  }
  return {};
}

// "" where the sender cannot have meant it: nobody could ever name the secret to such a text.
std::string ErasureIn(const ReceivedReport& report) {
  for (const ReceivedValue& value : report.values) {
    if (value.pointer == kErasurePlace && IsErasureText(value.value->text()))
      return value.value->text();
  }
  return {};
}

// What stands among open keys is set apart even so: no engine could help it that Java calls a
// lambda by another name at each start, and its other counts are good.
void RefuseUnknown(const std::vector<UnknownMember>& members, Problems& problems) {
  for (const UnknownMember& member : members) {
    if (member.open_key) continue;
    problems.Add(
        {ErrorCode::kUnknownKey, member.pointer, "is nothing that the catalogue names", member.at});
  }
}

// A sink that is full keeps nothing more: white space makes the text longer than the report is.
class ShortText : public Sink {
 public:
  void Write(std::string_view bytes) override {
    full_ = full_ || text_.size() + bytes.size() > kMostUnknownBytes;
    if (!full_) text_ += bytes;
  }
  bool full() const { return full_; }
  std::string text() && { return std::move(text_); }

 private:
  bool full_ = false;
  std::string text_;
};

// {"/pointer": value}, or "" for none.
Result<std::string> WriteUnknown(const std::vector<UnknownMember>& members) {
  if (members.empty()) return std::string();
  ShortText text;
  JsonWriter writer(text);
  writer.BeginObject();
  for (const UnknownMember& member : members) {
    writer.Key(member.pointer);
    writer.Value(*member.value);
  }
  writer.EndObject();
  writer.Finish();
  if (members.size() == ReceivedReportReader::kMostUnknown || text.full()) {
    return Error{ErrorCode::kOverLimit, "", "holds too much that its catalogue does not name"};
  }
  return std::move(text).text();
}

}  // namespace

std::string InstallationName(std::string name) {
  if (!IsUuid4(name)) return name;
  // RFC 9562 section 4: whoever writes digits large means the same.
  for (char& c : name) {
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  }
  return name;
}

ArrivalReader::ArrivalReader(std::vector<Catalogue> catalogues, UnknownFields unknown)
    : unknown_(unknown) {
  for (Catalogue& catalogue : catalogues) known_.emplace_back(std::move(catalogue));
}

Result<Arrival> ArrivalReader::Read(std::string bytes) const {
  std::string digest = DigestOf(bytes);
  return Read(std::move(bytes), std::move(digest));
}

Result<Arrival> ArrivalReader::Read(std::string bytes, std::string digest) const {
  JsonLimits limits;
  limits.max_depth = kMostDepth;
  const Result<JsonValue> document = ReadJson(bytes, limits);
  if (!document.ok()) return document.problems();
  const Known* nearest = nullptr;
  ReceivedReport report;
  for (const Known& known : known_) {
    ReceivedReport read = known.reader.Read(document.value());
    const bool nearer = nearest == nullptr || read.named > report.named ||
                        (read.named == report.named && Complaints(read) < Complaints(report));
    if (!nearer) continue;
    nearest = &known;
    report = std::move(read);
    if (Complaints(report) == 0) break;
  }
  Problems problems = std::move(report.problems);
  if (document.value().Find("installation") == nullptr && problems.empty()) {
    problems.Add({ErrorCode::kMissing, "/installation", "must be given: it is nobody's report"});
  }
  if (unknown_ == UnknownFields::kRefuse) RefuseUnknown(report.unknown, problems);
  if (!problems.empty()) return problems;
  Result<std::string> apart = WriteUnknown(report.unknown);
  if (!apart.ok()) return std::move(apart).problems();
  Extract extract;
  for (const ReceivedValue& value : report.values) extract.Add(value);
  Result<std::string> values = std::move(extract).Values();
  if (!values.ok()) return std::move(values).problems();
  Arrival arrival;
  arrival.values = std::move(values).value();
  arrival.unknown = std::move(apart).value();
  arrival.digest = std::move(digest);
  arrival.installation = InstallationIn(report);
  arrival.erasure = ErasureIn(report);
  arrival.catalogue = nearest->catalogue->name;
  arrival.bytes = std::move(bytes);
  return arrival;
}

}  // namespace candor
