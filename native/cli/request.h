// One run of a core operation, put together from the command line.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "core/operation.h"

namespace candor {

class Request {
 public:
  // Each reads what it is given; a file that cannot be read is remembered and ends Run with
  // status 1.
  void AddFile(std::string_view kind, const std::string& path);
  void AddText(std::string_view name, std::string text);
  void AddFlag(std::string_view name) { AddText("option:" + std::string(name), ""); }
  // A built-in catalogue's name, or a file of one's own.
  void AddCatalogue(std::string_view kind, const std::string& name_or_path);
  // "COMPONENT=FILE" or "RELEASE/COMPONENT=FILE".
  void AddScrape(const std::string& argument);
  // Configuration files in any form, and the environment.
  void AddConfig(const std::vector<std::string>& paths);

  // Runs the operation, writes its result to `output_path` ("" for standard output) and problems to
  // standard error. The exit status of the program.
  int Run(std::string_view operation, const std::string& output_path);

 private:
  void Fail(const std::string& message) { failures_ += "candor: " + message + "\n"; }

  // deque: views into the elements stay good while it grows.
  std::deque<std::string> kept_;
  std::vector<Input> inputs_;
  std::vector<ConfigSource> sources_;
  Problems problems_;
  std::string failures_;
  bool json_ = false;
};

}  // namespace candor
