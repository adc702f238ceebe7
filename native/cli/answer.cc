#include "native/cli/answer.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "core/operation.h"
#include "core/problems.h"
#include "native/cli/files.h"

namespace candor {
namespace {

// Nothing is wrong with what was given, but it cannot be used now; or nothing useful was given.
bool IsFailure(const Error& error) {
  return error.code == ErrorCode::kBadRequest || error.code == ErrorCode::kUnavailable ||
         error.code == ErrorCode::kInternal;
}

void PrintError(const std::string& text) { std::fwrite(text.data(), 1, text.size(), stderr); }

// A line that names neither a file nor a place begins with the program.
Problems ForPeople(const Problems& problems) {
  Problems named;
  for (Error error : problems.list()) {
    if (error.source.empty() && error.where.empty()) error.source = "candor";
    named.Add(std::move(error));
  }
  return named;
}

}  // namespace

int Give(std::string_view bytes, const std::string& path) {
  OutputFile output(path);
  output.Write(bytes);
  std::string error;
  if (output.Commit(&error)) return kExitGood;
  Tell("candor: " + error);
  return kExitFailed;
}

void Tell(const std::string& line) { PrintError(line + "\n"); }

int Refuse(const Problems& problems, bool json) {
  PrintError(json ? ProblemsAsJson(problems) : ProblemsAsText(ForPeople(problems)));
  return RefusedStatus(problems);
}

int RefusedStatus(const Problems& problems) {
  const auto& list = problems.list();
  return std::any_of(list.begin(), list.end(), IsFailure) ? kExitFailed : kExitRefused;
}

Problems OneProblem(ErrorCode code, std::string where, std::string message) {
  Problems problems;
  problems.Add({code, std::move(where), std::move(message)});
  return problems;
}

}  // namespace candor
