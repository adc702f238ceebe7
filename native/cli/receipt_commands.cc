#include "native/cli/receipt_commands.h"

#include <map>
#include <utility>

#include "core/json_reader.h"
#include "core/operation.h"
#include "core/text.h"
#include "native/base/read_file.h"
#include "native/base/receipt_check.h"
#include "native/cli/answer.h"
#include "native/reporter/status_text.h"

namespace candor {
namespace {

std::string Text(const JsonValue& body, std::string_view name) {
  const JsonValue* const member = body.Find(name);
  return member != nullptr ? member->text() : "";
}

// What a walk through the journal has seen.
struct Seen {
  std::vector<ReceiptKey> keys;
  std::map<std::string, std::string> digests;  // By report.
};

void ReadKeys(const JsonValue& body, std::vector<ReceiptKey>* keys) {
  const JsonValue* const list = body.Find("keys");
  if (list == nullptr) return;
  for (const JsonValue& item : list->items()) {
    std::optional<ReceiptKey> key = ReceiptKeyOf(item.text());
    if (key && FindReceiptKey(*keys, key->id) == nullptr) keys->push_back(*std::move(key));
  }
}

void Count(const JsonValue& body, std::int64_t seq, const Seen& seen, CheckedReceipts* checked) {
  const std::string report = Text(body, "report");
  const auto sealed = seen.digests.find(report);
  const std::string digest = sealed == seen.digests.end() ? Text(body, "digest") : sealed->second;
  switch (CheckReceipt(Text(body, "receipt"), digest, seen.keys)) {
    case ReceiptVerdict::kGood:
      ++checked->good;
      return;
    case ReceiptVerdict::kUnsigned:
      ++checked->unsigned_;
      return;
    case ReceiptVerdict::kUnknownKey:
      ++checked->of_unknown_key;
      return;
    case ReceiptVerdict::kWrong:
      checked->wrong.Add({ErrorCode::kCorrupt, "",
                          "the receipt in entry " + Decimal(seq) +
                              " is wrong: it is not what a "
                              "known key signed for the report of SHA-256 " +
                              Quotable(digest, 64)});
  }
}

Problems CannotCheck(const Receipt& receipt) {
  return OneProblem(ErrorCode::kNotFound, "/receiptKeys",
                    "do not hold the key " + receipt.key +
                        " that signed this receipt; bring along what the service answers at "
                        "/v1/keys and give it as --keys FILE, or configure the key");
}

// Everything about the receipt that can be refused without the history.
Problems CheckBrought(const Receipt& receipt, const std::vector<ReceiptKey>& known) {
  const ReceiptKey* const key = FindReceiptKey(known, receipt.key);
  if (key == nullptr) return CannotCheck(receipt);
  if (IsSignedBy(receipt, *key)) return {};
  return OneProblem(ErrorCode::kCorrupt, "",
                    "the receipt is wrong: the key " + receipt.key + " did not sign it");
}

std::string PlacedText(const PlacedReceipt& placed, const Receipt& receipt) {
  const std::string of =
      placed.report ? "report " + placed.report->id + ", " + std::string(Name(placed.report->fate))
                    : "a report that was downloaded";
  return (placed.was_there ? "was there already: " : "added: ") + of + ", SHA-256 " +
         receipt.digest + "\n";
}

std::string PlacedJson(const PlacedReceipt& placed) {
  return JsonObject([&](JsonWriter& writer) {
    writer.Key("added");
    writer.Boolean(!placed.was_there);
    writer.Key("report");
    if (placed.report) {
      WriteReport(*placed.report, writer);
    } else {
      writer.Null();
    }
  });
}

}  // namespace

CheckedReceipts CheckReceipts(const std::vector<JournalEntry>& journal,
                              const std::vector<ReceiptKey>& pinned) {
  Seen seen{pinned, {}};
  std::vector<std::pair<std::int64_t, JsonValue>> bodies;
  // Keys come after the first receipt that asks for them.
  for (const JournalEntry& entry : journal) {
    Result<JsonValue> body = ReadJson(entry.body);
    if (!body.ok()) continue;
    if (entry.kind == "sealed") {
      seen.digests[Text(body.value(), "report")] = Text(body.value(), "digest");
    } else if (entry.kind == "keys" && pinned.empty()) {
      ReadKeys(body.value(), &seen.keys);
    } else if (entry.kind == "accepted" || entry.kind == "receipt") {
      bodies.emplace_back(entry.seq, std::move(body).value());
    }
  }
  CheckedReceipts checked;
  for (const auto& [seq, body] : bodies) Count(body, seq, seen, &checked);
  return checked;
}

std::vector<ReceiptKey> PinnedKeys(const Config& config) {
  std::vector<ReceiptKey> keys;
  for (const std::string& text : config.receipt_keys.value) {
    if (std::optional<ReceiptKey> key = ReceiptKeyOf(text)) keys.push_back(*std::move(key));
  }
  return keys;
}

int ReceiptAddCommand(const SessionOptions& options, const ReceiptOptions& wanted) {
  const Result<std::string> text = ReadFile(wanted.file, kMaxReceiptBytes);
  if (!text.ok()) return Refuse(text.problems(), options.json);
  const std::optional<Receipt> receipt = ParseReceipt(text.value());
  if (!receipt) {
    return Refuse(OneProblem(ErrorCode::kOutOfRange, "",
                             Quotable(wanted.file, 300) +
                                 " is no receipt: that is {\"digest\", \"time\", \"key\", "
                                 "\"signature\"}, as the service answered it"),
                  options.json);
  }
  std::vector<ReceiptKey> brought;
  if (!wanted.keys.empty()) {
    const Result<std::string> file = ReadFile(wanted.keys, kMaxReceiptBytes);
    if (!file.ok()) return Refuse(file.problems(), options.json);
    Result<std::vector<ReceiptKey>> keys = ParseReceiptKeys(file.value());
    if (!keys.ok()) {
      Problems problems = std::move(keys).problems();
      problems.SetSource(wanted.keys);
      return Refuse(problems, options.json);
    }
    brought = std::move(keys).value();
  }
  const Result<std::unique_ptr<Session>> session = Session::Open(options);
  if (!session.ok()) return Refuse(session.problems(), options.json);
  std::vector<ReceiptKey> known = PinnedKeys(session.value()->config());
  if (known.empty()) {
    const Result<Snapshot> snapshot = session.value()->store().Read();
    if (!snapshot.ok()) return Refuse(snapshot.problems(), options.json);
    known = snapshot.value().state.receipt_keys;
    known.insert(known.end(), brought.begin(), brought.end());
  } else {
    brought.clear();  // Pinned keys alone are believed.
  }
  if (const Problems problems = CheckBrought(*receipt, known); !problems.empty()) {
    return Refuse(problems, options.json);
  }
  const Result<PlacedReceipt> placed = session.value()->reporter().AddReceipt(*receipt, brought);
  if (!placed.ok()) return Refuse(placed.problems(), options.json);
  return Give(options.json ? PlacedJson(placed.value()) : PlacedText(placed.value(), *receipt));
}

}  // namespace candor
