#include "native/cli/request.h"

#include <algorithm>
#include <cstdio>

#include "core/problems.h"
#include "native/cli/files.h"
#include "native/import/source.h"

namespace candor {
namespace {

void PrintError(const std::string& text) { std::fwrite(text.data(), 1, text.size(), stderr); }

// A file that cannot be read is no fault of what stands in it.
bool AnyUnreadable(const Problems& problems) {
  return std::any_of(problems.list().begin(), problems.list().end(),
                     [](const Error& error) { return error.code == ErrorCode::kBadRequest; });
}

}  // namespace

void Request::AddText(std::string_view name, std::string text) {
  if (name == "option:json") json_ = true;
  const std::string& kept_name = kept_.emplace_back(name);
  const std::string& kept_text = kept_.emplace_back(std::move(text));
  inputs_.push_back({kept_name, kept_text});
}

void Request::AddFile(std::string_view kind, const std::string& path) {
  std::string bytes, error;
  if (ReadInput(path, &bytes, &error)) {
    AddText(std::string(kind) + ":" + path, std::move(bytes));
  } else {
    Fail(error);
  }
}

void Request::AddCatalogue(std::string_view kind, const std::string& name_or_path) {
  if (IsCatalogueFile(name_or_path)) {
    AddFile(kind, name_or_path);
  } else {
    AddText(std::string(kind) + "-name", name_or_path);
  }
}

void Request::AddScrape(const std::string& argument) {
  const std::size_t equals = argument.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == argument.size()) {
    Fail("--scrape " + argument + ": must be COMPONENT=FILE");
    return;
  }
  std::string bytes, error;
  if (ReadInput(argument.substr(equals + 1), &bytes, &error)) {
    AddText("scrape:" + argument, std::move(bytes));
  } else {
    Fail(error);
  }
}

void Request::AddConfig(const std::vector<std::string>& paths) {
  Result<std::vector<ConfigSource>> loaded = LoadConfigSources(paths, ProcessEnvironment());
  if (loaded.ok()) {
    sources_ = std::move(loaded).value();
  } else {
    problems_.AddAll(std::move(loaded).problems());
  }
}

int Request::Run(std::string_view operation, const std::string& output_path) {
  if (!failures_.empty()) {
    PrintError(failures_);
    return kExitFailed;
  }
  if (!problems_.empty()) {
    PrintError(json_ ? ProblemsAsJson(problems_) : ProblemsAsText(problems_));
    return AnyUnreadable(problems_) ? kExitFailed : kExitRefused;
  }
  OutputFile output(output_path);
  const Outcome outcome = Perform(operation, inputs_, output, sources_);
  PrintError(outcome.status == kExitFailed ? "candor: " + outcome.errors : outcome.errors);
  if (outcome.status != kExitGood) return static_cast<int>(outcome.status);
  if (std::string error; !output.Commit(&error)) {
    PrintError("candor: " + error + "\n");
    return kExitFailed;
  }
  return kExitGood;
}

}  // namespace candor
