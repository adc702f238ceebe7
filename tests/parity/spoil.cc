#include "tests/parity/spoil.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace candor::parity {
namespace {

constexpr std::string_view kNumbers[] = {
    "9007199254740992", "-9007199254740993", "1e400", "-1e400", "1E-400", "0.1", "1e2", "-0", "-1",
    "99999999999999999999999999", "1.7976931348623157e308", "1.7976931348623159e308",
    "0e99999999999", "0.0000179769313486231580793728971e313",
    // 2^1024 - 2^970, the least number that rounds to infinity, and one that does not.
    "179769313486231580793728971405303415079934132710037826936173778980444968292764750946649017"
    "977587207096330286416692887910946555547851940402630657488671505820681908902000708383676273"
    "854845817711531764475730270069855571366959622842914819860834936475292719074168444365510704"
    "342711559699508093042880177904174497792",
    "179769313486231580793728971405303415079934132710037826936173778980444968292764750946649017"
    "977587207096330286416692887910946555547851940402630657488671505820681908902000708383676273"
    "854845817711531764475730270069855571366959622842914819860834936475292719074168444365510704"
    "342711559699508093042880177904174497791.9"};
constexpr std::string_view kKeys[] = {"telemetri",   "catalog", "Mode",      "values",
                                      "componentes", "",        "__proto__", "1",
                                      "constructor", "key",     "pointer",   "type"};

// Every container beneath and including `value`.
void Containers(JsonValue& value, std::vector<JsonValue*>& found) {
  if (value.is_object() || value.is_array()) found.push_back(&value);
  if (value.is_array()) {
    for (JsonValue& item : value.mutable_items()) Containers(item, found);
  } else if (value.is_object()) {
    for (JsonMember& member : value.mutable_members()) Containers(member.value, found);
  }
}

JsonValue Odd(Random& random, const std::vector<std::string>& naughty) {
  switch (random.Below(8)) {
    case 0:
      return JsonValue();
    case 1:
      return JsonValue::Boolean(random.Chance(50));
    case 2:
      return JsonValue::Array({JsonValue(), JsonValue::Integer(1)});
    case 3:
      return JsonValue::Object({{"a", JsonValue::Integer(1), {}}});
    case 4:
      return JsonValue::String(std::string(random.Below(3000), 'x'));
    case 5: {
      JsonValue deep = JsonValue::Integer(0);
      for (std::size_t i = random.Below(130); i > 0; --i)
        deep = JsonValue::Array({std::move(deep)});
      return deep;
    }
    case 6:
      return JsonValue::Number(std::string(random.Pick(kNumbers)));
    default:
      return JsonValue::String(random.Pick(naughty));
  }
}

void SpoilMembers(Random& random, const std::vector<std::string>& naughty,
                  std::vector<JsonMember>& members) {
  const std::size_t at = random.Below(members.size());
  const auto place = members.begin() + static_cast<std::ptrdiff_t>(at);
  switch (random.Below(5)) {
    case 0:
      members.erase(place);
      break;
    case 1:
      members.push_back(members[at]);
      break;
    case 2:
      members[at].key = random.Chance(50) ? std::string(random.Pick(kKeys)) : members[at].key + "s";
      break;
    case 3:
      members.insert(place, {std::string(random.Pick(kKeys)), Odd(random, naughty), {}});
      break;
    default:
      members[at].value = Odd(random, naughty);
  }
}

void SpoilItems(Random& random, const std::vector<std::string>& naughty,
                std::vector<JsonValue>& items) {
  const std::size_t at = random.Below(items.size());
  switch (random.Below(3)) {
    case 0:
      items.erase(items.begin() + static_cast<std::ptrdiff_t>(at));
      break;
    case 1:
      items.push_back(items[at]);
      break;
    default:
      items[at] = Odd(random, naughty);
  }
}

}  // namespace

void SpoilDocument(Random& random, const std::vector<std::string>& naughty, JsonValue& document) {
  std::vector<JsonValue*> containers;
  Containers(document, containers);
  JsonValue* chosen = containers.empty() ? nullptr : random.Pick(containers);
  if (chosen != nullptr && !chosen->members().empty()) {
    SpoilMembers(random, naughty, chosen->mutable_members());
  } else if (chosen != nullptr && !chosen->items().empty()) {
    SpoilItems(random, naughty, chosen->mutable_items());
  } else {
    document = Odd(random, naughty);
  }
}

void SpoilText(Random& random, std::string& text) {
  constexpr std::string_view kInserts[] = {"\xff",
                                           "\xc3",
                                           "\xed\xa0\x80",
                                           "\xf4\x90\x80\x80",
                                           "\xc0\x80",
                                           std::string_view("\0", 1),
                                           "\\ud800",
                                           "\\u0000",
                                           "\\ud83d\\ude00",
                                           "\r\n",
                                           "\n",
                                           "\t",
                                           " ",
                                           ",",
                                           "\"",
                                           "{",
                                           "]",
                                           "// x\n",
                                           "\xEF\xBB\xBF",
                                           "# EOF\n",
                                           "\\",
                                           "=",
                                           "}",
                                           "1",
                                           "-",
                                           ".",
                                           "e9"};
  const std::size_t at = random.Below(text.size() + 1);
  switch (random.Below(7)) {
    case 0:
      text.resize(at);
      break;
    case 1:
      if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << random.Below(8)));
      break;
    case 2:
      text.insert(at, std::string(random.Pick(kInserts)));
      break;
    case 3:
      text.insert(at, text.substr(at, random.Below(200)));
      break;
    case 4:
      text.erase(at, random.Below(20));
      break;
    case 5: {
      const std::string_view insert = random.Pick(kInserts);
      text.insert(random.Chance(50) ? 0 : text.size(), std::string(insert));
      break;
    }
    default: {
      std::string with_cr;
      for (const char c : text) {
        if (c == '\n') with_cr += '\r';
        with_cr += c;
      }
      text = std::move(with_cr);
    }
  }
}

}  // namespace candor::parity
