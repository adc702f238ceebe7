#include "core/config_schema.h"

#include <algorithm>

#include "core/receipt.h"
#include "core/text.h"
#include "core/url.h"

namespace candor {
namespace {

constexpr std::int64_t kDay = 86'400;
constexpr std::int64_t kHour = 3'600;
constexpr std::int64_t kMaxText = 2048;

std::string CheckEndpoint(std::string_view text) {
  if (text.empty()) return "";
  const Result<Url> url = ParseEndpoint(text);
  return url.ok() ? "" : url.error().message;
}

std::string CheckProxy(std::string_view text) {
  if (text.empty()) return "";
  const Result<Url> url = ParseUrl(text);
  if (!url.ok()) return url.error().message;
  if (!url.value().target.empty()) return "must end after the port; remove the path and query";
  // Programs disagree about the port that stands for none (80, 443, 1080, 3128).
  const bool named = text.back() != ']' && text.substr(text.rfind(':')).find('/') == text.npos;
  return named ? "" : "must name the port of the proxy, as in http://proxy.example.com:3128";
}

std::string CheckReceiptKey(std::string_view text) {
  return ReceiptKeyOf(text) ? "" : "must be a public Ed25519 key, 32 bytes in base64";
}

// Names stand in file names and on command lines.
std::string CheckName(std::string_view text) {
  const bool good = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '_' || c == '.';
  });
  return good ? "" : "must be made of letters, digits, '-', '_' and '.'";
}

constexpr Product kCandor = Product::kCandor;
constexpr Product kEngine = Product::kEngine;
constexpr Product kOptimize = Product::kOptimize;
constexpr Product kConsole = Product::kConsole;

// In the order in which they are printed.
constexpr std::array kRows = {
    SettingRow{.key = "mode",
               .member = &Config::mode,
               .variables = {{{kCandor, "CANDOR_MODE"}, {kConsole, "CAMUNDA_CONSOLE_TELEMETRY"}}},
               .aliases = {{{kConsole, "telemetry"}}}},
    SettingRow{.key = "catalogue",
               .member = &Config::catalogue,
               .least = 1,
               .most = 64,
               .check = CheckName,
               .variables = {{{kCandor, "CANDOR_CATALOGUE"}}}},
    SettingRow{.key = "profile",
               .member = &Config::profile,
               .most = 64,
               .check = CheckName,
               .variables = {{{kCandor, "CANDOR_PROFILE"}}}},
    SettingRow{.key = "endpoint",
               .member = &Config::endpoint,
               .most = kMaxText,
               .check = CheckEndpoint,
               .variables = {{{kCandor, "CANDOR_ENDPOINT"}}},
               .aliases = {{{kEngine, "telemetryEndpoint"}, {kOptimize, "telemetryEndpoint"}}}},
    SettingRow{.key = "caFile",
               .member = &Config::ca_file,
               .most = kMaxText,
               .variables = {{{kCandor, "CANDOR_CA_FILE"}}}},
    SettingRow{.key = "clientCertificateFile",
               .member = &Config::client_certificate_file,
               .most = kMaxText,
               .variables = {{{kCandor, "CANDOR_CLIENT_CERTIFICATE_FILE"}}}},
    SettingRow{.key = "clientKeyFile",
               .member = &Config::client_key_file,
               .most = kMaxText,
               .variables = {{{kCandor, "CANDOR_CLIENT_KEY_FILE"}}}},
    SettingRow{.key = "proxy",
               .member = &Config::proxy,
               .most = kMaxText,
               .check = CheckProxy,
               .variables = {{{kCandor, "CANDOR_PROXY"}}}},
    SettingRow{.key = "proxyCredentialsFile",
               .member = &Config::proxy_credentials_file,
               .most = kMaxText,
               .variables = {{{kCandor, "CANDOR_PROXY_CREDENTIALS_FILE"}}}},
    SettingRow{.key = "receiptKeys",
               .member = &Config::receipt_keys,
               .most = kMostReceiptKeys,
               .check = CheckReceiptKey,
               .variables = {{{kCandor, "CANDOR_RECEIPT_KEYS"}}}},
    // The engine's name for it is the canonical one.
    SettingRow{.key = "initializeTelemetry",
               .member = &Config::initialize_telemetry,
               .variables = {{{kCandor, "CANDOR_INITIALIZE_TELEMETRY"},
                              {kOptimize, "CAMUNDA_OPTIMIZE_TELEMETRY_ENABLED"}}},
               .aliases = {{{kOptimize, "initializeTelemetry"}}}},
    SettingRow{.key = "reporterActivate",
               .member = &Config::reporter_activate,
               .variables = {{{kCandor, "CANDOR_REPORTER_ACTIVATE"}}},
               .aliases = {{{kEngine, "telemetryReporterActivate"}}}},
    SettingRow{.key = "initialReport",
               .member = &Config::initial_report,
               .variables = {{{kCandor, "CANDOR_INITIAL_REPORT"}}}},
    SettingRow{.key = "erasable",
               .member = &Config::erasable,
               .variables = {{{kCandor, "CANDOR_ERASABLE"}}}},
    SettingRow{.key = "doNotTrack",
               .member = &Config::do_not_track,
               .variables = {{{kCandor, "DO_NOT_TRACK"}}}},
    SettingRow{.key = "requestRetries",
               .member = &Config::request_retries,
               .most = 100,
               .variables = {{{kCandor, "CANDOR_REQUEST_RETRIES"}}},
               .aliases = {{{kEngine, "telemetryRequestRetries"}}}},
    SettingRow{.key = "requestTimeoutMs",
               .member = &Config::request_timeout_ms,
               .least = 1,
               .most = 600'000,
               .variables = {{{kCandor, "CANDOR_REQUEST_TIMEOUT_MS"}}},
               .aliases = {{{kEngine, "telemetryRequestTimeout"}}}},
    SettingRow{.key = "reportingPeriodSeconds",
               .member = &Config::reporting_period_s,
               .least = 1,
               .most = 366 * kDay,
               .variables = {{{kCandor, "CANDOR_REPORTING_PERIOD_SECONDS"}}},
               .aliases = {{{kEngine, "telemetryReportingPeriod"},
                            {kOptimize, "reportingIntervalInHours", kHour}}}},
    SettingRow{.key = "reviewWindowSeconds",
               .member = &Config::review_window_s,
               .most = kDay,
               .variables = {{{kCandor, "CANDOR_REVIEW_WINDOW_SECONDS"}}}},
    SettingRow{
        .key = "customerId",
        .member = &Config::customer_id,
        .most = kMaxText,
        .variables = {{{kCandor, "CANDOR_CUSTOMER_ID"}, {kConsole, "CAMUNDA_CONSOLE_CUSTOMERID"}}},
        .aliases = {{{kConsole, "customerId"}}}},
    SettingRow{.key = "installationId",
               .member = &Config::installation_id,
               .most = kMaxText,
               .variables = {{{kCandor, "CANDOR_INSTALLATION_ID"},
                              {kConsole, "CAMUNDA_CONSOLE_INSTALLATIONID"}}},
               .aliases = {{{kConsole, "installationId"}}}},
    SettingRow{.key = "withhold",
               .member = &Config::withhold,
               .most = 10'000,
               .variables = {{{kCandor, "CANDOR_WITHHOLD"}}}},
    SettingRow{.key = "managed",
               .member = &Config::releases,
               .most = 1'000,
               .aliases = {{{kConsole, "managed"}}}},
};

struct Names {
  std::array<std::vector<std::string_view>, 4> keys;  // By product.
  std::vector<std::string_view> variables;
};

Names MakeNames() {
  Names names;
  for (const SettingRow& row : kRows) {
    names.keys[0].push_back(row.key);
    for (const SettingAlias& alias : row.aliases) {
      if (!alias.key.empty())
        names.keys[static_cast<std::size_t>(alias.product)].push_back(alias.key);
    }
    for (const SettingVariable& variable : row.variables) {
      if (!variable.name.empty()) names.variables.push_back(variable.name);
    }
  }
  return names;
}

const Names& AllNames() {
  static const Names names = MakeNames();
  return names;
}

}  // namespace

std::string_view Name(Mode mode) {
  switch (mode) {
    case Mode::kDisabled:
      return "disabled";
    case Mode::kDownload:
      return "download";
    case Mode::kOnline:
      return "online";
  }
  return "";
}

std::string_view Name(Product product) {
  constexpr std::array<std::string_view, 4> kNames = {"", "engine", "optimize", "console"};
  return kNames[static_cast<std::size_t>(product)];
}

std::span<const SettingRow> SettingRows() { return kRows; }

const SettingRow* FindSetting(std::string_view canonical_key) {
  for (const SettingRow& row : kRows) {
    if (row.key == canonical_key) return &row;
  }
  return nullptr;
}

std::size_t IndexOf(const SettingRow& row) { return static_cast<std::size_t>(&row - kRows.data()); }

std::span<const std::string_view> SettingKeys(Product product) {
  return AllNames().keys[static_cast<std::size_t>(product)];
}

std::span<const std::string_view> SettingVariables() { return AllNames().variables; }

AliasedSetting FindAlias(Product product, std::string_view key) {
  for (const SettingRow& row : kRows) {
    for (const SettingAlias& alias : row.aliases) {
      if (!alias.key.empty() && alias.product == product && alias.key == key) {
        return {&row, alias.unit};
      }
    }
  }
  return {};
}

VariableSetting FindVariable(std::string_view name) {
  for (const SettingRow& row : kRows) {
    for (const SettingVariable& variable : row.variables) {
      if (!name.empty() && variable.name == name) return {&row, variable.product};
    }
  }
  return {};
}

}  // namespace candor
