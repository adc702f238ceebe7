#include "core/receipt.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/base64.h"
#include "core/json_members.h"
#include "core/json_reader.h"
#include "core/json_writer.h"
#include "core/sha256.h"
#include "core/text.h"

namespace candor {
namespace {

constexpr std::size_t kDigestDigits = 64, kIdDigits = 16, kKeyBytes = 32, kSignatureBytes = 64;
constexpr std::string_view kAlgorithm = "Ed25519";
constexpr std::array<std::string_view, 4> kNames = {"digest", "time", "key", "signature"};
// One damaged byte spoils one name at most.
constexpr auto kEnoughNames = static_cast<std::ptrdiff_t>(kNames.size() - 1);

bool IsHex(std::string_view text, std::size_t digits) {
  return text.size() == digits && text.find_first_not_of("0123456789abcdef") == text.npos;
}

bool IsBase64Of(std::string_view text, std::size_t bytes) {
  const std::optional<std::string> decoded = BytesOfBase64(text);
  return decoded && decoded->size() == bytes;
}

void Member(JsonWriter& json, std::string_view key, std::string_view value) {
  json.Key(key);
  json.String(value);
}

std::optional<ReceiptKey> ReadKey(const JsonValue& item, const std::string& where,
                                  Problems& problems) {
  JsonMembers members(item, where, problems);
  const JsonValue* algorithm = members.Get("algorithm", JsonKind::kString, Need::kRequired);
  const JsonValue* bytes = members.Get("public", JsonKind::kString, Need::kRequired);
  const JsonValue* id = members.Get("id", JsonKind::kString, Need::kRequired);
  if (algorithm == nullptr || bytes == nullptr || id == nullptr) return std::nullopt;
  if (algorithm->text() != kAlgorithm) return std::nullopt;
  std::optional<ReceiptKey> key = ReceiptKeyOf(bytes->text());
  if (!key) {
    members.Fail(ErrorCode::kOutOfRange, "public", "must be 32 bytes in base64");
  } else if (key->id != id->text()) {
    members.Fail(ErrorCode::kOutOfRange, "id",
                 "must be " + key->id + ", the first 16 digits of this key's SHA-256");
    key.reset();
  }
  return key;
}

}  // namespace

std::string SignedText(const Receipt& receipt) {
  return "candor-receipt-1\n" + receipt.digest + '\n' + receipt.time + '\n' + receipt.key + '\n';
}

std::string WriteReceipt(const Receipt& receipt) {
  return JsonObject([&](JsonWriter& json) {
    Member(json, "digest", receipt.digest);
    Member(json, "time", receipt.time);
    Member(json, "key", receipt.key);
    Member(json, "signature", receipt.signature);
  });
}

bool IsMeantAsReceipt(std::string_view answer) {
  return std::count_if(kNames.begin(), kNames.end(), [&](std::string_view name) {
           return answer.find('"' + std::string(name) + '"') != answer.npos;
         }) >= kEnoughNames;
}

std::optional<Receipt> ParseReceipt(std::string_view answer) {
  const Result<JsonValue> document = ReadJson(answer);
  if (!document.ok()) return std::nullopt;
  std::array<std::string, kNames.size()> texts;
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    const JsonValue* const member = document.value().Find(kNames[i]);
    if (member == nullptr || !member->is_string()) return std::nullopt;
    texts[i] = member->text();
  }
  Receipt receipt{texts[0], texts[1], texts[2], texts[3]};
  const bool whole = IsHex(receipt.digest, kDigestDigits) && IsHex(receipt.key, kIdDigits) &&
                     receipt.time.find('\n') == std::string::npos &&
                     IsBase64Of(receipt.signature, kSignatureBytes);
  if (!whole) return std::nullopt;
  return receipt;
}

std::optional<ReceiptKey> ReceiptKeyOf(std::string_view text) {
  const std::optional<std::string> bytes = BytesOfBase64(text);
  if (!bytes || bytes->size() != kKeyBytes) return std::nullopt;
  return ReceiptKey{Sha256Hex(*bytes).substr(0, kIdDigits), std::string(text)};
}

std::string WriteReceiptKeys(const std::vector<ReceiptKey>& keys) {
  return JsonObject([&](JsonWriter& json) {
    json.Key("keys");
    json.BeginArray();
    for (const ReceiptKey& key : keys) {
      json.BeginObject();
      Member(json, "id", key.id);
      Member(json, "algorithm", kAlgorithm);
      Member(json, "public", key.bytes);
      json.EndObject();
    }
    json.EndArray();
  });
}

Result<std::vector<ReceiptKey>> ParseReceiptKeys(std::string_view json) {
  const Result<JsonValue> document = ReadJson(json);
  if (!document.ok()) return document.problems();
  Problems problems;
  JsonMembers members(document.value(), "", problems);
  const JsonValue* const list = members.Get("keys", JsonKind::kArray, Need::kRequired);
  std::vector<ReceiptKey> keys;
  if (list != nullptr && list->items().size() > kMostReceiptKeys) {
    members.Fail(ErrorCode::kOverLimit, "keys",
                 "has more than " + Decimal(kMostReceiptKeys) + " entries");
  } else if (list != nullptr) {
    for (std::size_t i = 0; i < list->items().size(); ++i) {
      std::optional<ReceiptKey> key = ReadKey(list->items()[i], ItemPointer("/keys", i), problems);
      if (key && FindReceiptKey(keys, key->id) == nullptr) keys.push_back(*std::move(key));
    }
  }
  if (!problems.empty()) return problems;
  return keys;
}

const ReceiptKey* FindReceiptKey(const std::vector<ReceiptKey>& keys, std::string_view id) {
  const auto found =
      std::find_if(keys.begin(), keys.end(), [id](const ReceiptKey& key) { return key.id == id; });
  return found == keys.end() ? nullptr : &*found;
}

}  // namespace candor
