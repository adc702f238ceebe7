#include "core/license_key.h"

#include <algorithm>
#include <cstdint>

#include "core/text.h"

namespace candor {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::size_t kMaxNameBytes = 64;
constexpr std::size_t kLongestPlainWord = 24;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsAsciiLetter(char c) { return IsUpper(c) || IsLower(c); }
bool IsControl(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }
std::string_view Trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return text.substr(text.size());
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// All views below lie within one text; the place of one is its distance from the start.
struct Reader {
  std::string_view text;
  Problems problems;

  Position At(const char* place) const {
    Position at{1, 1};
    for (const char* c = text.data(); c != place; ++c) {
      at = *c == '\n' ? Position{at.line + 1, 1} : Position{at.line, at.column + 1};
    }
    return at;
  }
  void Refuse(std::string_view place, std::string message,
              ErrorCode code = ErrorCode::kMalformedLicense) {
    problems.Add({code, "", std::move(message), At(place.data())});
  }
};

// Whether `line`, without the dashes at both ends, is "<edge> ... LICENSE KEY".
bool IsArmour(std::string_view line, std::string_view edge) {
  constexpr std::string_view kEnd = "LICENSE KEY";
  if (line.substr(0, edge.size()) != edge || line.size() < edge.size() + kEnd.size()) return false;
  if (line.substr(line.size() - kEnd.size()) != kEnd) return false;
  return std::all_of(line.begin(), line.end(), [](char c) { return IsUpper(c) || c == ' '; });
}

// Folding may have joined the lines of an issued key, so the armour need not stand on its own line.
std::string_view WithoutArmour(std::string_view text) {
  text = Trim(text);
  const std::size_t begin = text.find_first_not_of('-');
  const std::size_t dashes = text.find("---", begin);
  if (begin != std::string_view::npos && begin >= 3 && dashes != std::string_view::npos &&
      IsArmour(Trim(text.substr(begin, dashes - begin)), "BEGIN ")) {
    const std::size_t body = text.find_first_not_of('-', dashes);
    text = Trim(text.substr(std::min(body, text.size())));
  }
  const std::size_t end = text.find_last_not_of('-');
  if (end == std::string_view::npos || text.size() - end <= 3) return text;
  const std::size_t start = text.rfind("---", end);
  if (start == std::string_view::npos) return text;
  if (!IsArmour(Trim(text.substr(start + 3, end - start - 2)), "END ")) return text;
  return Trim(text.substr(0, text.find_last_not_of('-', start) + 1));
}

// Trimmed segments; the empty one after a last ';' is left out.
std::vector<std::string_view> Split(std::string_view body) {
  std::vector<std::string_view> segments;
  while (true) {
    const std::size_t end = body.find(';');
    segments.push_back(Trim(body.substr(0, end)));
    if (end == std::string_view::npos) break;
    body.remove_prefix(end + 1);
    // One more than is allowed is enough to refuse.
    if (segments.size() > kMaxLicenseProperties + 2) break;
  }
  if (segments.size() > 1 && segments.back().empty()) segments.pop_back();
  return segments;
}

bool IsDate(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  int number[3] = {};  // Year, month, day.
  int part = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i == 4 || i == 7) {
      ++part;
    } else if (!IsDigit(text[i])) {
      return false;
    } else {
      number[part] = number[part] * 10 + (text[i] - '0');
    }
  }
  const auto [year, month, day] = number;
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day <= kDays[month - 1] + (month == 2 && leap ? 1 : 0);
}

bool IsExpiry(std::string_view text) { return text == "unlimited" || IsDate(text); }

// A signature may have been cut into words by folding, so the words of a segment are added up. Only
// those count that are no plain words: with a digit, '+', '/', '_' or a capital letter within.
bool HoldsSignature(std::string_view body) {
  std::size_t total = 0;
  std::size_t word = 0;
  bool plain = true;
  char before = ' ';
  for (std::size_t i = 0; i <= body.size(); ++i) {
    const char c = i < body.size() ? body[i] : ';';
    const bool sign = IsDigit(c) || c == '+' || c == '/' || c == '_';
    if (sign || IsAsciiLetter(c)) {
      plain = plain && !sign && !(IsUpper(c) && IsLower(before));
      ++word;
    } else {
      if (!plain && word >= 8) total += word;
      if (total >= kShortestSignature) return true;
      if (c == ';') total = 0;
      word = 0;
      plain = true;
    }
    before = c;
  }
  return false;
}

// See the header: several words that no signature would be cut into.
bool IsUnmistakableName(std::string_view text) {
  if (text.find(' ') == std::string_view::npos) return false;
  std::size_t word = 0;
  bool mixed = false;
  char before = ' ';
  for (const char c : text) {
    if (IsDigit(c) || c == '+' || c == '/' || c == '=' || c == '_') return false;
    if (c == ' ') {
      word = 0;
      mixed = false;
    } else {
      mixed = mixed || (word > 0 && IsUpper(c) && IsLower(before));
      if (++word > kLongestPlainWord || (mixed && word > 4)) return false;
    }
    before = c;
  }
  return true;
}

struct Property {
  std::string_view name, value;
};

// A property's name is what tells it from "AbC==", the end of a signature.
std::optional<Property> AsProperty(std::string_view segment) {
  const std::size_t equals = segment.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  const Property property{Trim(segment.substr(0, equals)), Trim(segment.substr(equals + 1))};
  const std::string_view name = property.name;
  if (name.empty() || name.size() > kMaxNameBytes || !IsAsciiLetter(name[0])) return std::nullopt;
  for (const char c : name) {
    if (!IsAsciiLetter(c) && !IsDigit(c) && c != '_' && c != '.' && c != '-') return std::nullopt;
  }
  if (property.value.empty()) return std::nullopt;
  return property;
}

bool SameName(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return IsUpper(c) ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

void SetExpiry(std::string_view expiry, LicenseKey& key) {
  key.unlimited = expiry == "unlimited";
  if (!key.unlimited) key.valid_until = std::string(expiry);
}

void ReadLegacy(const std::vector<std::string_view>& segments, Reader& reader, LicenseKey& key) {
  key.type = "OPTIMIZE";
  const std::string_view customer = segments[0];
  if (segments.size() != 2) {
    reader.Refuse(customer, "a legacy body has two parts, customer;date, with ';' between them");
    return;
  }
  if (customer.empty() || IsExpiry(customer)) {
    reader.Refuse(customer, "a customer's name must stand before the date");
  }
  if (!IsExpiry(segments[1])) {
    reader.Refuse(segments[1], "the expiry must be a day that exists, as yyyy-MM-dd, or unlimited");
    return;
  }
  key.customer = customer;
  SetExpiry(segments[1], key);
}

void ReadUnified(const std::vector<std::string_view>& segments, Reader& reader, LicenseKey& key) {
  key.type = "UNIFIED";
  if (segments.size() > kMaxLicenseProperties) {
    reader.Refuse(segments[0], "at most 100 properties are read", ErrorCode::kOverLimit);
    return;
  }
  std::vector<std::string_view> names;
  for (const std::string_view segment : segments) {
    const std::optional<Property> property = AsProperty(segment);
    if (!property) {
      reader.Refuse(segment, "a property must be a plain name, '=' and a value");
      continue;
    }
    const std::string_view name = property->name;
    const std::string_view value = property->value;
    if (std::any_of(names.begin(), names.end(),
                    [&](std::string_view other) { return SameName(other, name); })) {
      reader.Refuse(segment, "a property of this name stands further up; each may stand once");
      continue;
    }
    names.push_back(name);
    if (name == "customer") {
      key.customer = value;
    } else if (name != "expiryDate") {
      key.features.emplace_back(name, value);
    } else if (IsExpiry(value)) {
      SetExpiry(value, key);
    } else {
      reader.Refuse(value, "expiryDate must be a day that exists, as yyyy-MM-dd, or unlimited");
    }
  }
  for (const std::string_view needed : {"customer", "expiryDate"}) {
    if (std::find(names.begin(), names.end(), needed) == names.end()) {
      reader.Refuse(segments[0], "the body lacks its property " + std::string(needed));
    }
  }
}

// The body within the key: all of it when it stands alone, else what follows the first ';'.
std::string_view FindBody(std::string_view key) {
  const std::size_t first = key.find(';');
  const std::optional<Property> property = AsProperty(Trim(key.substr(0, first)));
  if (property && property->name == "customer") return key;
  if (first == std::string_view::npos) return {};
  const std::string_view rest = Trim(key.substr(first + 1));
  const std::vector<std::string_view> segments = Split(rest);
  if (segments.size() != 1 || !IsExpiry(segments[0])) return rest;
  return IsUnmistakableName(Trim(key.substr(0, first))) ? key : std::string_view();
}

}  // namespace

Result<LicenseKey> ParseLicenseKey(std::string_view text) {
  if (text.size() > kMaxLicenseBytes) {
    return Error{ErrorCode::kOverLimit, "", "a licence key may have at most 65536 bytes"};
  }
  Reader reader{text, {}};
  const std::size_t bad = std::min(FindInvalidUtf8(text), text.find('\0'));
  if (bad != std::string_view::npos) {
    reader.Refuse(text.substr(bad), "a licence key must be UTF-8 without NUL", ErrorCode::kNotUtf8);
    return std::move(reader.problems);
  }
  const std::string_view issued = WithoutArmour(text);
  const std::string_view body = FindBody(issued);
  if (body.empty()) {
    reader.Refuse(issued,
                  "no licence body is recognised; a key is <signature>;<customer>;<date> or "
                  "<signature>;customer = ...;expiryDate = ...;");
    return std::move(reader.problems);
  }
  const std::size_t control =
      static_cast<std::size_t>(std::find_if(body.begin(), body.end(), IsControl) - body.begin());
  if (control != body.size()) {
    reader.Refuse(body.substr(control),
                  "after the signature there may be no line break, tab or control character");
  }
  if (HoldsSignature(body)) {
    reader.Refuse(body, "the body holds a text that looks like a signature");
  }
  LicenseKey key;
  const std::vector<std::string_view> segments = Split(body);
  if (segments[0].find('=') == std::string_view::npos) {
    ReadLegacy(segments, reader, key);
  } else {
    ReadUnified(segments, reader, key);
  }
  if (!reader.problems.empty()) return std::move(reader.problems);
  key.raw = body;
  return key;
}

}  // namespace candor
