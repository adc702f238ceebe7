// Files as the command line names them: "-" is standard input, and standard output for results.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

#include "core/sink.h"

namespace candor {

// Reads a whole file, or standard input for "-". false with `error` set when it cannot be read, or
// has more than 1 GiB.
bool ReadInput(const std::string& path, std::string* bytes, std::string* error);

// Whether what stands for a catalogue is a file of one's own, and no built-in one's name.
bool IsCatalogueFile(const std::string& name_or_path);

// Standard output, or a file that appears under its name only when it is complete.
class OutputFile : public Sink {
 public:
  // "" or "-" for standard output.
  explicit OutputFile(std::string path);
  ~OutputFile() override;
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  void Write(std::string_view bytes) override;
  // Makes the bytes durable under their name. false with `error` set when anything failed, and then
  // an earlier file of that name is as it was.
  bool Commit(std::string* error);

 private:
  void Open();

  std::string path_;
  std::string temporary_;  // "" when writing in place.
  std::FILE* file_ = nullptr;
  int failed_ = 0;  // errno of the first failure.
};

}  // namespace candor
