#include "native/collector/service/collector_settings.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/json_members.h"
#include "core/json_writer.h"
#include "core/sink.h"
#include "core/text.h"

namespace candor {
namespace {

using Options = CollectorOptions;

constexpr std::size_t kMostItems = 1000;
constexpr std::size_t kMostTextBytes = 4096;

// In the order in which they are printed.
constexpr std::array kSettings = {
    CollectorSetting{"folder", &Options::folder, "Where reports and the receipts' key are kept"},
    CollectorSetting{"store", &Options::store,
                     "Reports are kept in PostgreSQL, for several collectors side by side: "
                     "postgresql://USER@HOST/DATABASE, without a password (PGPASSFILE)"},
    CollectorSetting{"receiptKey", &Options::receipt_key_file,
                     "The key of the receipts, which collectors of one store share (default: "
                     "FOLDER/receipts.key)"},
    CollectorSetting{"listen", &Options::listen,
                     "IP:PORT, [IP]:PORT or unix:/PATH; may be repeated"},
    CollectorSetting{"certificate", &Options::certificate_file,
                     "TLS 1.2 and later: the certificate and its chain, PEM, with"},
    CollectorSetting{"key", &Options::key_file, "its key, PEM"},
    CollectorSetting{"catalogue", &Options::catalogue_files,
                     "A catalogue beside the built-in ones; may be repeated"},
    CollectorSetting{"proxy", &Options::proxies,
                     "The exact address of a proxy, or unix: its X-Forwarded-For is believed, and "
                     "without TLS only proxies may connect from elsewhere; may be repeated"},
    CollectorSetting{"keepDays", &Options::keep_days,
                     "DAYS or CATALOGUE=DAYS after which reports are deleted; may be repeated"},
    CollectorSetting{"keepUnknown", &Options::keep_unknown,
                     "Keep reports that hold more than their catalogue names (default: refuse "
                     "them)"},
    CollectorSetting{"publicStatistics", &Options::public_statistics,
                     "Statistics and metrics for everybody (default: for this machine and the "
                     "proxies)"},
    // More than what may wait to be stored would wait for ever.
    CollectorSetting{"mostBytes", &Options::most_bytes, "The longest report", 1 << 10, 32 << 20},
    CollectorSetting{"threads", &Options::threads, "How many read reports; 0: one for each core", 0,
                     1024},
    CollectorSetting{"addressBurst", &Options::address_burst,
                     "How many reports one address, of IPv6 one /64, may send at once, and then", 1,
                     1'000'000'000},
    CollectorSetting{"addressPerSecond", &Options::address_per_second, "how many a second", 1,
                     1'000'000},
    CollectorSetting{"installationBurst", &Options::installation_burst,
                     "How many reports one installation may send at once, and then", 1, 1'000'000},
    CollectorSetting{"installationPerHour", &Options::installation_per_hour, "how many an hour", 1,
                     1'000'000},
    CollectorSetting{"mostNames", &Options::most_names,
                     "Of how many addresses, and installations, that is remembered", 1000,
                     100'000'000},
    CollectorSetting{.key = "logFormat",
                     .member = &Options::log_format,
                     .help = "Lines on standard error: text, or json",
                     .choices = {"text", "json"}},
};

// Takes a value in the way of one kind of setting.
class Setter {
 public:
  Setter(const CollectorSetting& setting, const JsonValue& value, const std::string& where,
         Problems& problems)
      : setting_(setting), value_(value), where_(where), problems_(problems) {}

  bool Set(std::string& text) {
    if (!IsGood(value_, where_)) return false;
    const auto& choices = setting_.choices;
    if (!choices[0].empty() &&
        std::find(choices.begin(), choices.end(), value_.text()) == choices.end()) {
      std::string message = "must be ";
      message.append(choices[0]).append(" or ").append(choices[1]);
      return Fail(ErrorCode::kOutOfRange, WithNearest(std::move(message), value_.text(), choices));
    }
    text = value_.text();
    return true;
  }

  bool Set(std::vector<std::string>& texts) {
    const bool alone = !value_.is_array();
    const std::vector<JsonValue> one = alone ? std::vector{value_} : std::vector<JsonValue>();
    const std::vector<JsonValue>& items = alone ? one : value_.items();
    if (items.size() > kMostItems) {
      return Fail(ErrorCode::kOverLimit, "at most " + Decimal(kMostItems) + " are allowed");
    }
    std::vector<std::string> read;
    bool good = true;
    for (std::size_t i = 0; i < items.size(); ++i) {
      // Days are a number to whoever writes a file.
      const bool number = items[i].kind() == JsonKind::kNumber;
      good = (number || IsGood(items[i], alone ? where_ : ItemPointer(where_, i))) && good;
      read.push_back(items[i].text());
    }
    if (good) texts = std::move(read);
    return good;
  }

  bool Set(std::int64_t& integer) {
    std::int64_t number = 0;
    if (value_.AsInteger(&number) && number >= setting_.least && number <= setting_.most) {
      integer = number;
      return true;
    }
    return Fail(ErrorCode::kOutOfRange, "must be an integer from " + Decimal(setting_.least) +
                                            " to " + Decimal(setting_.most));
  }

  bool Set(bool& flag) {
    if (value_.kind() != JsonKind::kBoolean) {
      return Fail(ErrorCode::kWrongType, "must be true or false");
    }
    flag = value_.boolean();
    return true;
  }

 private:
  bool IsGood(const JsonValue& text, const std::string& where) {
    if (!CheckText(text, kMostTextBytes, where, problems_)) return false;
    if (FindInvalidUtf8(text.text()) == std::string::npos) return true;
    problems_.Add({ErrorCode::kNotUtf8, where, "must be UTF-8", text.at()});
    return false;
  }
  bool Fail(ErrorCode code, std::string message) {
    problems_.Add({code, where_, std::move(message), value_.at()});
    return false;
  }

  const CollectorSetting& setting_;
  const JsonValue& value_;
  const std::string& where_;
  Problems& problems_;
};

void Write(const std::string& text, JsonWriter& writer) { writer.String(text); }
void Write(std::int64_t number, JsonWriter& writer) { writer.Integer(number); }
void Write(bool flag, JsonWriter& writer) { writer.Boolean(flag); }
void Write(const std::vector<std::string>& texts, JsonWriter& writer) {
  writer.BeginArray();
  for (const std::string& text : texts) writer.String(text);
  writer.EndArray();
}

}  // namespace

std::span<const CollectorSetting> CollectorSettings() { return kSettings; }

bool SetCollectorOption(const CollectorSetting& setting, const JsonValue& value,
                        const std::string& where, CollectorOptions& options, Problems& problems) {
  Setter setter(setting, value, where, problems);
  return std::visit([&](auto member) { return setter.Set(options.*member); }, setting.member);
}

JsonValue CollectorValue(const CollectorSetting& setting, const std::vector<std::string>& texts) {
  if (setting.is_list()) {
    std::vector<JsonValue> items;
    for (const std::string& text : texts) items.push_back(JsonValue::String(text));
    return JsonValue::Array(std::move(items));
  }
  const std::string& text = texts.back();
  if (setting.is_flag() && (text == "true" || text == "false")) {
    return JsonValue::Boolean(text == "true");
  }
  std::int64_t number = 0;
  if (setting.most > 0 && ParseDecimal(text, &number)) return JsonValue::Integer(number);
  return JsonValue::String(text);
}

std::string CollectorOptionsJson(const CollectorOptions& options) {
  StringSink sink;
  JsonWriter writer(sink);
  writer.BeginObject();
  for (const CollectorSetting& setting : kSettings) {
    writer.Key(setting.key);
    std::visit([&](auto member) { Write(options.*member, writer); }, setting.member);
  }
  writer.Key("origins");
  writer.BeginObject();
  for (const CollectorSetting& setting : kSettings) {
    writer.Key(PointerStep(setting.key));
    writer.String(OriginText(options.origins, setting.key));
  }
  writer.EndObject();
  writer.EndObject();
  writer.Finish();
  return std::move(sink).text();
}

}  // namespace candor
