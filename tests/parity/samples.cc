#include "tests/parity/samples.h"

#include <algorithm>
#include <utility>

#include "core/json_reader.h"
#include "core/scope.h"
#include "core/text.h"

namespace candor::parity {
namespace {

constexpr std::string_view kWords[] = {"camunda",    "tomcat",
                                       "wildfly",    "postgresql",
                                       "H2",         "7.21.0-alpha1",
                                       "community",  "operate",
                                       "zeebe",      "jdk",
                                       "enterprise", "GraalVM",
                                       "x",          "Oracle Corporation",
                                       "a/b~c",      "tab\there",
                                       "quote\"s",   "back\\slash",
                                       "Zürich",     "日本語",
                                       "emoji 🙂", "line\nbreak",
                                       "\x7f",       "<b>",
                                       "0",          "-0",
                                       "true",       "null"};
constexpr std::string_view kValueTexts[] = {
    "0",    "1",   "-1",  "3.25", "5.36870912E8", "1.0E-4", "+Inf",
    "-Inf", "NaN", "1e3", "17",   "0.5",          "1e400",  "123456789012345678"};
constexpr std::string_view kJunkFamilies[] = {"go_goroutines", "process_cpu_seconds_total",
                                              "junk:metric", "x_total", "_hidden"};

JsonValue Text(std::string_view text) { return JsonValue::String(std::string(text)); }

void Put(JsonValue& object, std::string_view key, JsonValue value) {
  object.mutable_members().push_back({std::string(key), std::move(value), {}});
}

// Puts the value where the pointer says, making the objects on the way.
void PutAt(JsonValue& root, std::string_view pointer, JsonValue value) {
  JsonValue* at = &root;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const std::string key(pointer.substr(0, pointer.find('/')));
    pointer.remove_prefix(std::min(key.size(), pointer.size()));
    if (!at->is_object()) *at = JsonValue::Object();
    auto& members = at->mutable_members();
    auto found = members.begin();
    while (found != members.end() && found->key != key) ++found;
    if (found == members.end()) found = members.insert(found, {key, JsonValue::Object(), {}});
    at = &found->value;
  }
  *at = std::move(value);
}

std::string Padded(std::size_t number, std::size_t digits) {
  const std::string text = Decimal(static_cast<std::int64_t>(number));
  return std::string(digits - std::min(digits, text.size()), '0') + text;
}

}  // namespace

const std::vector<std::string>& ComponentIds() {
  static const std::vector<std::string> ids = {
      "console", "keycloak",     "identity",   "operate",           "optimize",  "tasklist",
      "zeebe",   "zeebeGateway", "connectors", "webModelerRestApi", "unheard-of"};
  return ids;
}

std::string Samples::Text() {
  if (random_.Chance(25)) return random_.Pick(naughty_);
  std::string text(random_.Pick(kWords));
  while (random_.Chance(30)) text += " " + std::string(random_.Pick(kWords));
  return text;
}

std::string Samples::Uuid() {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string text = "00000000-0000-4000-8000-000000000000";
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '0') text[i] = kHex[random_.Below(16)];
  }
  return text;
}

JsonValue Samples::Config() {
  JsonValue config = random_.Chance(50) ? ConsoleConfig() : OwnConfig();
  if (random_.Chance(5)) Put(config, "camunda", ConsoleConfig());
  return config;
}

JsonValue Samples::OwnConfig() {
  JsonValue config = JsonValue::Object();
  const auto maybe = [&](std::string_view key, auto make) {
    if (random_.Chance(35)) Put(config, key, make());
  };
  const auto boolean = [&] { return JsonValue::Boolean(random_.Chance(50)); };
  const auto number = [&] {
    return JsonValue::Integer(static_cast<std::int64_t>(random_.Below(100'000)));
  };
  constexpr std::string_view kModes[] = {"disabled", "download", "online"};
  constexpr std::string_view kCatalogues[] = {"engine", "optimize", "console"};
  constexpr std::string_view kEndpoints[] = {"https://telemetry.example.com/pings",
                                             "http://127.0.0.1:8080/x",
                                             "http://example.com/",
                                             "ftp://x",
                                             "https://[::1]:443/a?b=c",
                                             "https://user@host/"};
  constexpr std::string_view kKeys[] = {"11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
                                        "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURp=",
                                        "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHUR", ""};
  constexpr std::string_view kProxies[] = {"http://proxy.example.com:3128",
                                           "https://[::1]:443",
                                           "http://proxy.example.com",
                                           "http://u:p@proxy:1",
                                           "http://proxy:1/",
                                           ""};
  maybe("mode", [&] { return parity::Text(random_.Pick(kModes)); });
  maybe("catalogue", [&] { return parity::Text(random_.Pick(kCatalogues)); });
  maybe("endpoint", [&] { return parity::Text(random_.Pick(kEndpoints)); });
  maybe("caFile", [&] { return JsonValue::String(Text()); });
  maybe("proxy", [&] { return parity::Text(random_.Pick(kProxies)); });
  maybe("initializeTelemetry", boolean);
  maybe("reporterActivate", boolean);
  maybe("initialReport", boolean);
  maybe("erasable", boolean);
  maybe("receiptKeys", [&] { return JsonValue::Array({parity::Text(random_.Pick(kKeys))}); });
  maybe("requestRetries",
        [&] { return JsonValue::Integer(static_cast<std::int64_t>(random_.Below(12))); });
  maybe("requestTimeoutMs", number);
  maybe("reportingPeriodSeconds", number);
  maybe("customerId", [&] { return JsonValue::String(Text()); });
  maybe("installationId", [&] { return JsonValue::String(Uuid()); });
  maybe("managed", [&] { return Releases(); });
  maybe("telemetryRequestRetries", number);
  return config;
}

JsonValue Samples::ConsoleConfig() {
  constexpr std::string_view kModes[] = {"disabled", "download", "online", "\"off\"",
                                         "${MODE:online}"};
  JsonValue console = JsonValue::Object();
  Put(console, "customerId", JsonValue::String(random_.Chance(70) ? "cust-1" : Text()));
  Put(console, "installationId",
      JsonValue::String(random_.Chance(70) ? "camunda-platform-1" : Text()));
  Put(console, "telemetry", parity::Text(random_.Pick(kModes)));
  if (random_.Chance(85)) Put(console, "managed", Releases());
  JsonValue camunda = JsonValue::Object();
  Put(camunda, "console", std::move(console));
  JsonValue config = JsonValue::Object();
  Put(config, "camunda", std::move(camunda));
  return config;
}

JsonValue Samples::Releases() {
  std::vector<JsonValue> releases;
  const std::size_t count = 1 + random_.Below(3);
  for (std::size_t i = 0; i < count; ++i) {
    std::vector<JsonValue> components;
    for (const std::string& id : ComponentIds()) {
      if (!random_.Chance(45)) continue;
      JsonValue component = JsonValue::Object();
      Put(component, "name", JsonValue::String(id));
      Put(component, "id", JsonValue::String(id));
      if (random_.Chance(50)) Put(component, "version", parity::Text("8.5.0"));
      if (random_.Chance(50)) Put(component, "url", parity::Text("http://localhost:8080"));
      if (random_.Chance(60))
        Put(component, "metrics", parity::Text("http://" + id + ":9600/metrics"));
      if (random_.Chance(60))
        Put(component, "readiness", parity::Text("http://" + id + ":9600/ready"));
      components.push_back(std::move(component));
    }
    JsonValue release = JsonValue::Object();
    Put(release, "name",
        JsonValue::String(random_.Chance(80) ? "camunda-" + Padded(i, 1) : Text()));
    Put(release, "namespace", parity::Text("camunda"));
    if (random_.Chance(50)) Put(release, "version", parity::Text("10.0.3"));
    Put(release, "components", JsonValue::Array(std::move(components)));
    releases.push_back(std::move(release));
  }
  JsonValue managed = JsonValue::Object();
  if (random_.Chance(70)) Put(managed, "method", parity::Text("plain"));
  Put(managed, "releases", JsonValue::Array(std::move(releases)));
  return managed;
}

JsonValue Samples::Environment() {
  constexpr std::string_view kNames[] = {"CAMUNDA_CONSOLE_TELEMETRY",
                                         "CAMUNDA_OPTIMIZE_TELEMETRY_ENABLED",
                                         "DO_NOT_TRACK",
                                         "CANDOR_MODE",
                                         "CANDOR_REQUEST_RETRIES",
                                         "CANDOR_CATALOGUE",
                                         "CAMUNDA_CONSOLE_CUSTOMERID",
                                         "CANDOR_WITHHOLD",
                                         "CANDOR_PROXY",
                                         "CANDOR_MODUS",
                                         "PATH"};
  constexpr std::string_view kTexts[] = {"",       "0",        "1",       "true", "false",
                                         "online", "disabled", "console", "5"};
  JsonValue environment = JsonValue::Object();
  for (const std::string_view name : kNames) {
    if (!random_.Chance(12)) continue;
    Put(environment, name,
        random_.Chance(85) ? parity::Text(random_.Pick(kTexts)) : JsonValue::String(Text()));
  }
  return environment;
}

JsonValue Samples::Facts(const Catalogue& catalogue, const std::string* text) {
  JsonValue values = JsonValue::Object();
  for (const Field& field : catalogue.fields) {
    if (field.type == FieldType::kDataPoints) continue;
    if (!field.required && text == nullptr && random_.Chance(30)) continue;
    std::string pointer = field.pointer;
    for (std::size_t star; (star = pointer.find('*')) != std::string::npos;) {
      pointer.replace(star, 1, OpenKey(field.key_pattern));
    }
    PutAt(values, pointer, FieldValue(field, text));
  }
  JsonValue facts = JsonValue::Object();
  Put(facts, "values", std::move(values));
  if (random_.Chance(90)) Put(facts, "collectedAt", JsonValue::Integer(1712228731639));
  if (text == nullptr && random_.Chance(25)) Put(facts, "licenseKey", JsonValue::String(License()));
  std::vector<JsonValue> usage;
  while (random_.Chance(35)) {
    constexpr std::string_view kKeys[] = {"process-instances", "decision-instances", "task-users"};
    JsonValue fact = JsonValue::Object();
    if (random_.Chance(30)) Put(fact, "release", parity::Text("camunda-0"));
    Put(fact, "component", JsonValue::String(random_.Pick(ComponentIds())));
    Put(fact, "key", parity::Text(random_.Pick(kKeys)));
    Put(fact, "value",
        JsonValue::Integer(static_cast<std::int64_t>(random_.Next() >> random_.Below(64))));
    Put(fact, "tsFrom", JsonValue::Integer(1712142331639));
    Put(fact, "tsTo", JsonValue::Integer(1712228731639));
    usage.push_back(std::move(fact));
  }
  if (!usage.empty()) Put(facts, "usage", JsonValue::Array(std::move(usage)));
  if (random_.Chance(20)) {
    JsonValue scrape = JsonValue::Object();
    Put(scrape, "component", JsonValue::String(random_.Pick(ComponentIds())));
    Put(scrape, "exposition", JsonValue::String(Exposition(catalogue, text)));
    Put(facts, "scrapes", JsonValue::Array({scrape}));
  }
  return facts;
}

JsonValue Samples::FieldValue(const Field& field, const std::string* text) {
  const auto any_text = [&] { return JsonValue::String(text != nullptr ? *text : Text()); };
  switch (field.type) {
    case FieldType::kUuid:
      return JsonValue::String(Uuid());
    case FieldType::kBoolean:
      return JsonValue::Boolean(random_.Chance(50));
    case FieldType::kInteger:
    case FieldType::kCount: {
      constexpr std::string_view kNumbers[] = {"0",  "1",  "42", "1.0e3", "9007199254740991",
                                               "-0", "120"};
      return JsonValue::Number(std::string(random_.Pick(kNumbers)));
    }
    case FieldType::kDate:
      return JsonValue::String(Date(field.precision));
    case FieldType::kDecimalText:
      return parity::Text(random_.Pick(kValueTexts));
    case FieldType::kStringList: {
      std::vector<JsonValue> items;
      while (random_.Chance(60)) items.push_back(any_text());
      return JsonValue::Array(std::move(items));
    }
    case FieldType::kStringMap: {
      JsonValue map = JsonValue::Object();
      do Put(map, OpenKey(field.key_pattern), any_text());
      while (random_.Chance(40));
      return map;
    }
    case FieldType::kString:
    case FieldType::kDataPoints:
      break;
  }
  return any_text();
}

std::string Samples::OpenKey(const KeyPattern& pattern) {
  constexpr std::string_view kKeys[] = {"root-process-instance-start",
                                        "executed-decision-elements",
                                        "org.camunda.bpm.Thing",
                                        "SELECT",
                                        "camundaBPM",
                                        "x",
                                        "Not A Key",
                                        "job-successful",
                                        "unique-task-workers",
                                        "_"};
  for (int tries = 0; tries < 6; ++tries) {
    const std::string_view key = random_.Pick(kKeys);
    if (pattern.Matches(key)) return std::string(key);
  }
  return "anything";
}

std::string Samples::Date(DatePrecision precision) {
  const std::string day = "20" + Padded(random_.Below(100), 2) + "-" +
                          Padded(1 + random_.Below(12), 2) + "-" + Padded(1 + random_.Below(29), 2);
  if (precision == DatePrecision::kDay) return day;
  const std::string time = day + "T" + Padded(random_.Below(24), 2) + ":" +
                           Padded(random_.Below(60), 2) + ":" + Padded(random_.Below(61), 2);
  return (precision == DatePrecision::kSecond ? time
                                              : time + "." + Padded(random_.Below(1000), 3)) +
         "Z";
}

JsonValue Samples::CatalogueDocument(std::string_view json) {
  Result<JsonValue> document = ReadJson(json);
  if (!document.ok()) return JsonValue::Object();
  JsonValue catalogue = std::move(document).value();
  for (JsonMember& member : catalogue.mutable_members()) {
    if (member.key != "fields" || random_.Chance(30)) continue;
    auto& fields = member.value.mutable_items();
    const std::size_t drops = random_.Below(fields.size());
    for (std::size_t i = 0; i < drops; ++i) {
      fields.erase(fields.begin() + static_cast<std::ptrdiff_t>(random_.Below(fields.size())));
    }
    if (fields.size() > 1 && random_.Chance(40)) {
      std::swap(fields[random_.Below(fields.size())], fields.back());
    }
  }
  return catalogue;
}

std::string Samples::Exposition(const Catalogue& catalogue, const std::string* text) {
  std::string exposition;
  for (const Field& field : catalogue.fields) {
    for (const PointRule& rule : field.points) {
      if (rule.kind == PointKind::kScraped && random_.Chance(25)) {
        exposition += Family(rule.key, rule.labels, text);
      }
    }
  }
  do exposition += Family(std::string(random_.Pick(kJunkFamilies)), {"le", "area"}, text);
  while (random_.Chance(50));
  if (random_.Chance(25)) exposition += "# EOF\n";
  return exposition;
}

std::string Samples::Family(const std::string& name, const std::vector<std::string>& labels,
                            const std::string* text) {
  constexpr std::string_view kTypes[] = {"gauge",     "counter", "summary",
                                         "histogram", "untyped", "unknown"};
  const std::string_view type = random_.Pick(kTypes);
  std::string family;
  if (random_.Chance(70)) family += "# HELP " + name + " What it \\\\ counts\\n here\n";
  if (random_.Chance(85)) family += "# TYPE " + name + " " + std::string(type) + "\n";
  const bool distribution = type == "summary" || type == "histogram";
  do {
    if (!distribution) {
      family += name + Labels(labels, "", text) + " " + std::string(random_.Pick(kValueTexts));
      if (random_.Chance(10)) family += " 1712228731639";
      family += "\n";
      continue;
    }
    const std::string suffix = type == "summary" ? "" : "_bucket";
    const std::string extra = type == "summary" ? "quantile=\"0.5\"" : "le=\"+Inf\"";
    if (random_.Chance(60)) family += name + suffix + Labels(labels, extra, text) + " 2\n";
    family += name + "_sum" + Labels(labels, "", text) + " 3.5\n";
    family += name + "_count" + Labels(labels, "", text) + " 2\n";
  } while (random_.Chance(40));
  return family;
}

std::string Samples::Labels(const std::vector<std::string>& names, const std::string& more,
                            const std::string* text) {
  std::string list;
  const auto append = [&](const std::string& label) { list += (list.empty() ? "" : ",") + label; };
  for (const std::string& name : names) {
    if (!random_.Chance(70)) continue;
    std::string escaped;
    for (const char c : text != nullptr ? *text : Text()) {
      if (c == '\\' || c == '"') escaped += '\\';
      if (c == '\n') {
        escaped += "\\n";
      } else {
        escaped += c;
      }
    }
    append(name + "=\"" + escaped + "\"");
  }
  if (random_.Chance(20)) append("secret=\"s\"");
  if (!more.empty()) append(more);
  if (list.empty()) return random_.Chance(20) ? "{}" : "";
  return "{" + list + "}";
}

std::string Samples::License() {
  const std::string signature = "MEUCIQCRrPqDDzYEvHzAAs0Rp0sUdnFpoR2oTO5A==";
  const std::string day = Date(DatePrecision::kDay);
  std::string key;
  if (random_.Chance(40)) {
    key = Text() + ";" + (random_.Chance(50) ? day : "unlimited");
  } else {
    key = "customer = " + Text() + ";";
    if (random_.Chance(70)) key += "expiryDate = " + day + ";";
    if (random_.Chance(70)) key += "camundaBPM = true;";
    if (random_.Chance(50)) key += "\noptimize = " + Text() + ";";
  }
  return random_.Chance(85) ? signature + ";" + key : key;
}

JsonValue Samples::State(const Catalogue& catalogue) {
  JsonValue state = JsonValue::Object();
  const auto time = [&] {
    return JsonValue::Integer(1712228731639 +
                              static_cast<std::int64_t>(random_.Below(200'000'000)));
  };
  if (random_.Chance(80)) Put(state, "installation", JsonValue::String(Uuid()));
  if (random_.Chance(60)) Put(state, "startedAt", time());
  if (random_.Chance(30)) Put(state, "lastAcceptedAt", time());
  if (random_.Chance(30)) Put(state, "dueAt", time());
  if (random_.Chance(15)) Put(state, "retryAt", time());
  if (random_.Chance(15)) Put(state, "sealedAt", time());
  if (random_.Chance(60)) {
    Put(state, "consent", Consent(catalogue));
  }
  return state;
}

JsonValue Samples::Consent(const Catalogue& catalogue) {
  JsonValue consent = JsonValue::Object();
  const auto text = [&](std::string_view key, std::string value) {
    Put(consent, key, JsonValue::String(std::move(value)));
  };
  std::vector<JsonValue> scope;
  for (const ScopeEntry& entry : ScopeOf(catalogue)) {
    scope.push_back(JsonValue::Object({{"id", JsonValue::String(entry.id), {}},
                                       {"detail", JsonValue::String(entry.detail), {}}}));
  }
  std::vector<JsonValue> withheld;
  if (random_.Chance(30)) {
    withheld.push_back(JsonValue::String(random_.Pick(catalogue.fields).pointer));
  }
  text("verdict", random_.Chance(70) ? "granted" : "denied");
  text("catalogue", catalogue.name);
  text("scopeDigest", ScopeDigest(catalogue));
  Put(consent, "scope", JsonValue::Array(std::move(scope)));
  Put(consent, "withheld", JsonValue::Array(std::move(withheld)));
  text("who", Text());
  Put(consent, "whenMs", JsonValue::Integer(1712228731639));
  text("through", "page");
  text("reportDigest", random_.Chance(50) ? "" : ScopeDigest(catalogue));
  return consent;
}

}  // namespace candor::parity
