// Configuration: one schema over several sources, effective values with their origin.
//
// Sources are JSON documents in any of the accepted forms: Candor's own keys, the engine's property
// names, Optimize's `telemetry` section, the Console's `camunda.console` section, and environment
// variables. YAML and XML become such documents in native/import. A plain value.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/json_value.h"
#include "core/result.h"

namespace candor {

enum class Mode : std::uint8_t { kDisabled, kDownload, kOnline };
std::string_view Name(Mode mode);  // "disabled", "download", "online"

// An effective value and where it came from: "default", "application.yaml:7:18",
// "environment variable CAMUNDA_CONSOLE_TELEMETRY".
template <typename T>
struct Setting {
  T value{};
  std::string origin = "default";
};

// One entry of `managed.releases[].components`.
struct ManagedComponent {
  std::string id, name, version;
  std::string readiness, metrics;  // URLs, "" when the component has none.
  friend bool operator==(const ManagedComponent&, const ManagedComponent&) = default;
};
struct ManagedRelease {
  std::string name, name_space, version;
  std::vector<ManagedComponent> components;
  friend bool operator==(const ManagedRelease&, const ManagedRelease&) = default;
};

struct Config {
  Setting<Mode> mode{Mode::kDisabled};
  Setting<std::string> catalogue{"engine"};      // A built-in catalogue's name.
  Setting<std::string> profile;                  // "" for the catalogue's own order.
  Setting<std::string> endpoint;                 // An https URL, or http to loopback.
  Setting<std::string> ca_file;                  // PEM; "" for the system's.
  Setting<std::string> client_certificate_file;  // PEM; "" for none.
  Setting<std::string> client_key_file;          // PEM; "" when it stands beside the certificate.
  Setting<std::string> proxy;  // "http://host:port" or "https://host:port"; "" for none.
  Setting<std::string> proxy_credentials_file;  // A file of one line "user:password".
  // Public keys (core/receipt.h) that alone may sign receipts; none: those the service publishes.
  Setting<std::vector<std::string>> receipt_keys;
  Setting<std::optional<bool>> initialize_telemetry;  // The decision of a first start.
  Setting<bool> reporter_activate{true};
  Setting<bool> initial_report{false};
  Setting<bool> erasable{false};  // Whether reports carry what erases them .
  Setting<bool> do_not_track{false};
  Setting<std::int64_t> request_retries{2};
  Setting<std::int64_t> request_timeout_ms{15'000};
  Setting<std::int64_t> reporting_period_s{86'400};
  Setting<std::int64_t> review_window_s{0};
  Setting<std::string> customer_id;
  Setting<std::string> installation_id;
  Setting<std::vector<std::string>>
      withhold;  // Scope ids (core/scope.h) the configuration withholds.
  Setting<std::vector<ManagedRelease>> releases;
};

struct ConfigSource {
  enum class Kind : std::uint8_t { kDocument, kEnvironment };
  std::string name;  // For origins and problems: the file's name as the user typed it.
  JsonValue document;
  Kind kind = Kind::kDocument;  // kEnvironment: an object of variable name to text.
};

// Without a `catalogue`, the product whose form a document has names it, or else the product whose
// environment variables are set; variables of other products than the catalogue's say nothing. The
// engine's and Optimize's forms mean mode `online` where no mode is given. `online` in the
// Console's form is the operator's decision, too: it stands for initializeTelemetry where that is
// not given. Two names of one setting in one source must agree (kConflict).
//
// Later documents win over earlier ones and the environment over all; arrays are replaced whole.
// Every problem of every source at once; unknown keys are errors with the nearest known one.
Result<Config> ReadConfig(std::span<const ConfigSource> sources);

// The one document the core sees: canonical keys with their effective values and, under `origins`,
// where each came from. ReadConfig reads it back to the same values and origins.
std::string ConfigJson(const Config& config);

// Names of the environment variables that "${NAME}" and "${NAME:default}" in the document's
// settings stand for. ReadConfig takes their texts from the sources of kind kEnvironment, too.
std::vector<std::string> PlaceholderVariables(const ConfigSource& source);

// Whether ReadConfig looks at an environment variable of this name, so that callers pass no others.
bool IsConfigVariable(std::string_view name);

}  // namespace candor
