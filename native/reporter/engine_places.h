// Places of the report that the reporter or its host fills by name. Other catalogues that have a
// field at such a place get the value, too; without one it is left out.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace candor::places {

inline constexpr std::string_view kInstallation = "/installation";
inline constexpr std::string_view kProductName = "/product/name";
inline constexpr std::string_view kProductVersion = "/product/version";
inline constexpr std::string_view kProductEdition = "/product/edition";
inline constexpr std::string_view kDatabaseVendor = "/product/internals/database/vendor";
inline constexpr std::string_view kDatabaseVersion = "/product/internals/database/version";
inline constexpr std::string_view kServerVendor = "/product/internals/application-server/vendor";
inline constexpr std::string_view kServerVersion = "/product/internals/application-server/version";
inline constexpr std::string_view kJdkVendor = "/product/internals/jdk/vendor";
inline constexpr std::string_view kJdkVersion = "/product/internals/jdk/version";
inline constexpr std::string_view kIntegrations = "/product/internals/camunda-integration";
inline constexpr std::string_view kWebapps = "/product/internals/webapps";
inline constexpr std::string_view kTelemetryEnabled = "/product/internals/telemetry-enabled";
inline constexpr std::string_view kCountingSince = "/product/internals/data-collection-start-date";
inline constexpr std::string_view kLicense = "/product/internals/license-key";
inline constexpr std::string_view kCommands = "/product/internals/commands/";
inline constexpr std::string_view kMetrics = "/product/internals/metrics/";
inline constexpr std::string_view kTaskWorkers =
    "/product/internals/metrics/unique-task-workers/count";

// "commands" and "StartProcessInstanceCmd": where its count goes.
inline std::string CountAt(std::string_view group, std::string_view name) {
  return std::string(group).append(name).append("/count");
}

// The engine reports these under two names since 7.17: the newer one, the older one.
inline constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kMetricAliases = {
    {{"process-instances", "root-process-instance-start"},
     {"flow-node-instances", "activity-instance-start"},
     {"decision-instances", "executed-decision-instances"}}};
inline constexpr std::string_view kDecisionElements = "executed-decision-elements";

}  // namespace candor::places
