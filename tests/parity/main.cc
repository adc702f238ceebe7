// Runs the cases of the parity campaign natively and prints each with its outcome, for
// tests/parity/replay.mjs to run again in WebAssembly.
//
//   --seed S --count N [--from I]   random cases; --from I --count 1 is one of them again
//   --naughty FILE                  a JSON array of texts that they draw from (else a few of our
//   own)
//   --texts                         each of those texts in every text field
//   --golden FOLDER                 the golden cases beneath it
//
// The stream: for each case its name, the operation, the number of inputs and their names and
// bytes, the exit status, the SHA-256 of standard output, and standard error. Numbers are
// little-endian uint32, texts a size and bytes.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "core/json_reader.h"
#include "core/operation.h"
#include "core/sha256.h"
#include "tests/parity/cases.h"
#include "tests/parity/golden.h"

namespace {

using candor::parity::Case;

void PutNumber(std::uint32_t number) {
  for (int shift = 0; shift < 32; shift += 8) std::putchar(static_cast<int>(number >> shift & 255));
}

void PutText(std::string_view text) {
  PutNumber(static_cast<std::uint32_t>(text.size()));
  std::fwrite(text.data(), 1, text.size(), stdout);
}

void RunAndPrint(const std::string& name, const Case& made) {
  PutText(name);
  PutText(made.operation);
  PutNumber(static_cast<std::uint32_t>(made.inputs.size()));
  std::vector<candor::Input> inputs;
  for (const auto& [input_name, bytes] : made.inputs) {
    PutText(input_name);
    PutText(bytes);
    inputs.push_back({input_name, bytes});
  }
  candor::Sha256Sink sink;
  const candor::Outcome outcome = candor::Perform(made.operation, inputs, sink);
  PutNumber(outcome.status);
  PutText(sink.FinishHex());
  PutText(outcome.errors);
}

std::string ReadFile(const char* path) {
  std::string text;
  std::FILE* file = std::fopen(path, "rb");
  if (file == nullptr) return text;
  char block[65536];
  for (std::size_t got; (got = std::fread(block, 1, sizeof(block), file)) > 0;) {
    text.append(block, got);
  }
  std::fclose(file);
  return text;
}

// The texts of a JSON array, or a few of our own.
std::vector<std::string> NaughtyTexts(const char* path) {
  std::vector<std::string> texts;
  if (path != nullptr) {
    const candor::Result<candor::JsonValue> list = candor::ReadJson(ReadFile(path));
    if (!list.ok()) return texts;
    for (const candor::JsonValue& item : list.value().items()) texts.push_back(item.text());
  }
  if (!texts.empty()) return texts;
  return {"",
          "undefined",
          "null",
          "\\",
          "\"",
          "\x01\x1f",
          "\u2028\u2029",
          "\u202e",
          "🙂",
          "\u0000",
          "<script>alert(0)</script>",
          "${HOME}",
          "1E+02",
          "Ω≈ç√∫",
          "\r\n",
          "\x7f\u0080"};
}

struct Options {
  std::uint64_t seed = 0, count = 0, from = 0;
  bool texts = false;
  const char* naughty = nullptr;
  const char* golden = nullptr;
};

bool ParseOptions(int argc, char** argv, Options* options) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view option = argv[i];
    if (option == "--texts") {
      options->texts = true;
      continue;
    }
    if (i + 1 == argc) return false;
    const char* value = argv[++i];
    if (option == "--naughty") {
      options->naughty = value;
    } else if (option == "--golden") {
      options->golden = value;
    } else {
      std::uint64_t* number = option == "--seed"    ? &options->seed
                              : option == "--count" ? &options->count
                              : option == "--from"  ? &options->from
                                                    : nullptr;
      if (number == nullptr) return false;
      *number = std::strtoull(value, nullptr, 10);
    }
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  if (!ParseOptions(argc, argv, &options)) {
    std::fputs("usage: see the top of tests/parity/main.cc\n", stderr);
    return 1;
  }
  const std::vector<std::string> naughty = NaughtyTexts(options.naughty);
  if (naughty.empty()) {
    std::fprintf(stderr, "%s is no JSON array of texts\n", options.naughty);
    return 1;
  }
  if (options.golden != nullptr) {
    for (const auto& [name, made] : candor::parity::GoldenCases(options.golden)) {
      RunAndPrint(name, made);
    }
  }
  for (std::size_t i = 0; options.texts && i < naughty.size(); ++i) {
    for (const Case& made : candor::parity::TextCases(naughty[i], naughty)) {
      RunAndPrint("text-" + std::to_string(i), made);
    }
  }
  for (std::uint64_t i = options.from; i < options.from + options.count; ++i) {
    RunAndPrint(std::to_string(i), candor::parity::RandomCase(options.seed, i, naughty));
  }
  return std::ferror(stdout) != 0 ? 1 : 0;
}
