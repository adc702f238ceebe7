// catalogue list, show, docs, schema, digest, check, diff.
#include "core/catalogue_diff.h"
#include "core/catalogue_docs.h"
#include "core/catalogue_schema.h"
#include "core/json_reader.h"
#include "core/json_writer.h"
#include "core/operation_inputs.h"
#include "core/scope.h"
#include "core/text.h"

namespace candor {
namespace {

constexpr std::string_view kDefault = "engine";

// Runs `print` on the chosen catalogue, or refuses.
template <typename Print>
Outcome WithCatalogue(const OperationInputs& inputs, Print print) {
  const Result<ChosenCatalogue> chosen = CatalogueOf(inputs, "catalogue", kDefault);
  if (!chosen.ok()) return Refused(inputs, chosen.problems());
  print(chosen.value());
  return Good();
}

}  // namespace

Outcome CatalogueListOperation(const OperationInputs& inputs, Sink& out) {
  JsonWriter writer(out);
  if (inputs.Option("json")) writer.BeginArray();
  for (const BuiltInCatalogue& built_in : BuiltInCatalogues()) {
    const Result<Catalogue> catalogue = ParseCatalogue(built_in.json);
    if (!catalogue.ok()) return Misused("a built-in catalogue is broken");
    const Catalogue& value = catalogue.value();
    if (!inputs.Option("json")) {
      std::string line = value.name + "  " + value.title + " (version " + value.version + ")";
      for (std::size_t i = 0; i < value.profiles.size(); ++i) {
        line += (i == 0 ? "; profiles " : ", ") + value.profiles[i].name;
      }
      out.Write(line + "\n");
      continue;
    }
    writer.BeginObject();
    writer.Key("name");
    writer.String(value.name);
    writer.Key("version");
    writer.String(value.version);
    writer.Key("title");
    writer.String(value.title);
    writer.Key("profiles");
    writer.BeginArray();
    for (const Profile& profile : value.profiles) writer.String(profile.name);
    writer.EndArray();
    writer.EndObject();
  }
  if (inputs.Option("json")) {
    writer.EndArray();
    writer.Finish();
  }
  return Good();
}

Outcome CatalogueShowOperation(const OperationInputs& inputs, Sink& out) {
  return WithCatalogue(inputs, [&](const ChosenCatalogue& chosen) {
    JsonWriter writer(out);
    writer.Value(ReadJson(chosen.json).value());
    writer.Finish();
  });
}

Outcome CatalogueDocsOperation(const OperationInputs& inputs, Sink& out) {
  return WithCatalogue(
      inputs, [&](const ChosenCatalogue& chosen) { out.Write(CatalogueDocs(chosen.catalogue)); });
}

Outcome CatalogueSchemaOperation(const OperationInputs& inputs, Sink& out) {
  return WithCatalogue(
      inputs, [&](const ChosenCatalogue& chosen) { out.Write(CatalogueSchema(chosen.catalogue)); });
}

Outcome CatalogueDigestOperation(const OperationInputs& inputs, Sink& out) {
  return WithCatalogue(inputs, [&](const ChosenCatalogue& chosen) {
    const std::string document = CatalogueDigest(chosen.json);
    const std::string scope = ScopeDigest(chosen.catalogue);
    out.Write(inputs.Option("json")
                  ? "{\n  \"catalogue\": \"" + document + "\",\n  \"scope\": \"" + scope + "\"\n}\n"
                  : "catalogue  " + document + "\nscope      " + scope + "\n");
  });
}

Outcome CatalogueCheckOperation(const OperationInputs& inputs, Sink& out) {
  return WithCatalogue(inputs, [&](const ChosenCatalogue& chosen) {
    std::size_t points = 0;
    for (const Field& field : chosen.catalogue.fields) points += field.points.size();
    const std::string fields = Decimal(static_cast<std::int64_t>(chosen.catalogue.fields.size()));
    const std::string keys = Decimal(static_cast<std::int64_t>(points));
    out.Write(inputs.Option("json") ? "{\n  \"valid\": true,\n  \"fields\": " + fields +
                                          ",\n  \"points\": " + keys + "\n}\n"
                                    : chosen.catalogue.name + ": " + fields + " fields, " + keys +
                                          " data-point keys\n");
  });
}

Outcome CatalogueDiffOperation(const OperationInputs& inputs, Sink& out) {
  const Result<ChosenCatalogue> older = CatalogueOf(inputs, "older", kDefault);
  const Result<ChosenCatalogue> newer = CatalogueOf(inputs, "newer", kDefault);
  if (!older.ok() || !newer.ok()) {
    Problems problems;
    if (!older.ok()) problems.AddAll(older.problems());
    if (!newer.ok()) problems.AddAll(newer.problems());
    return Refused(inputs, problems);
  }
  const std::vector<Change> changes =
      DiffCatalogues(older.value().catalogue, newer.value().catalogue);
  if (!inputs.Option("json")) {
    for (const Change& change : changes) {
      out.Write(std::string(Name(change.kind)) + "  " + change.id + "  " + change.text + "\n");
    }
    return Good();
  }
  JsonWriter writer(out);
  writer.BeginArray();
  for (const Change& change : changes) {
    writer.BeginObject();
    writer.Key("kind");
    writer.String(Name(change.kind));
    writer.Key("asksAgain");
    writer.Boolean(AsksAgain(change.kind));
    writer.Key("id");
    writer.String(change.id);
    writer.Key("text");
    writer.String(change.text);
    writer.EndObject();
  }
  writer.EndArray();
  writer.Finish();
  return Good();
}

}  // namespace candor
