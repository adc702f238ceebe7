// The named inputs of one operation, and how its answer is put together. Internal to operation*.cc.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/catalogue.h"
#include "core/config.h"
#include "core/operation.h"
#include "core/result.h"

namespace candor {

// One input whose name is "<kind>:<file name>".
struct NamedBytes {
  std::string name;
  std::string_view bytes;
};

class OperationInputs {
 public:
  OperationInputs(std::span<const Input> inputs, std::span<const ConfigSource> sources)
      : inputs_(inputs), sources_(sources) {}

  // The first input of the kind, or nothing.
  std::optional<NamedBytes> First(std::string_view kind) const;
  std::vector<NamedBytes> All(std::string_view kind) const;
  // The bytes of the input of exactly that name, or nothing.
  std::optional<std::string_view> Text(std::string_view name) const;
  std::vector<std::string> Texts(std::string_view name) const;
  // A flag: whether there is an input "option:<name>".
  bool Option(std::string_view name) const;
  std::span<const ConfigSource> sources() const { return sources_; }

 private:
  std::span<const Input> inputs_;
  std::span<const ConfigSource> sources_;
};

// Exit status 2 with the problems on standard error, as text or JSON.
Outcome Refused(const OperationInputs& inputs, const Problems& problems);
// Exit status 1: the operation was called without something it needs.
Outcome Misused(std::string message);
Outcome Good();

// Adds the problems of `result`, those without a source under `source`.
template <typename T>
void Collect(const Result<T>& result, const std::string& source, Problems& problems) {
  if (result.ok()) return;
  Problems found = result.problems();
  found.SetSource(source);
  problems.AddAll(std::move(found));
}

// Reads the configuration from "config:<file>" inputs and "environment".
Result<Config> ConfigOf(const OperationInputs& inputs);

// The catalogue of "<kind>:<file>", of the built-in name in "<kind>-name", or else `fallback` (a
// built-in name), as the profile in "profile" or `profile` prints it.
struct ChosenCatalogue {
  Catalogue catalogue;
  std::string json;  // The document it was read from.
};
Result<ChosenCatalogue> CatalogueOf(const OperationInputs& inputs, std::string_view kind,
                                    std::string_view fallback, std::string_view profile = "");

// The operations, by what they are about. Each is one function of operation.cc's table.
Outcome ValidateOperation(const OperationInputs& inputs, Sink& out);
Outcome ConfigOperation(const OperationInputs& inputs, Sink& out);
Outcome ReportOperation(const OperationInputs& inputs, Sink& out);
Outcome BundleOperation(const OperationInputs& inputs, Sink& out);
Outcome ExplainOperation(const OperationInputs& inputs, Sink& out);
Outcome DigestOperation(const OperationInputs& inputs, Sink& out);
Outcome CheckJsonOperation(const OperationInputs& inputs, Sink& out);
Outcome CheckExpositionOperation(const OperationInputs& inputs, Sink& out);
Outcome LicenseOperation(const OperationInputs& inputs, Sink& out);
Outcome CatalogueListOperation(const OperationInputs& inputs, Sink& out);
Outcome CatalogueShowOperation(const OperationInputs& inputs, Sink& out);
Outcome CatalogueDocsOperation(const OperationInputs& inputs, Sink& out);
Outcome CatalogueSchemaOperation(const OperationInputs& inputs, Sink& out);
Outcome CatalogueDigestOperation(const OperationInputs& inputs, Sink& out);
Outcome CatalogueCheckOperation(const OperationInputs& inputs, Sink& out);
Outcome CatalogueDiffOperation(const OperationInputs& inputs, Sink& out);

}  // namespace candor
