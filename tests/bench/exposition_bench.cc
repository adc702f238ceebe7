// The exposition readers beside the limits of the machine. Peers in other languages are timed by
// run_exposition.sh in the same rounds.
//
// Usage: exposition_bench digest INPUT SELECTION   what was selected, to compare with peers
//        exposition_bench memory INPUT SELECTION   peak memory and allocations of a long scrape
//        exposition_bench INPUT SELECTION SPARSE [Google Benchmark options]
#include <benchmark/benchmark.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <new>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "core/exposition.h"

namespace {
std::uint64_t allocations = 0;
}  // namespace

// Not inlined, or the compiler sees malloc meet delete.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace candor {
namespace {

constexpr std::size_t kChunk = 64 * 1024;

std::string Read(const char* path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    std::fprintf(stderr, "cannot read %s\n", path);
    std::exit(1);
  }
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// A line per family: its name and the allowed labels.
std::vector<FamilySelection> ReadSelections(const char* path) {
  std::vector<FamilySelection> selections;
  std::istringstream lines(Read(path));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    FamilySelection selection;
    words >> selection.name;
    for (std::string label; words >> label;) selection.labels.push_back(label);
    selections.push_back(selection);
  }
  return selections;
}

class Counter : public SampleHandler {
 public:
  void OnSample(const SelectedSample& sample) override {
    ++count;
    bytes += sample.value.size() + sample.labels.size();
  }
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;
};

// FNV-1a of every sample, added up: the peers do the same.
class Digest : public SampleHandler {
 public:
  void OnSample(const SelectedSample& sample) override {
    hash_ = 0xcbf29ce484222325u;
    Add(sample.name);
    for (const Label& label : sample.labels) {
      Add("\x1f");
      Add(label.name);
      Add("=");
      Add(label.value);
    }
    Add("\x1f");
    // One of the peers rounds the last digits of a double its own way.
    const auto value = static_cast<float>(std::strtod(std::string(sample.value).c_str(), nullptr));
    char bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    Add({bytes, sizeof value});
    ++count;
    sum += hash_;
  }
  std::uint64_t count = 0;
  std::uint64_t sum = 0;

 private:
  void Add(std::string_view text) {
    for (const char c : text) hash_ = (hash_ ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  }
  std::uint64_t hash_ = 0;
};

void SelectAll(std::string_view text, const std::vector<FamilySelection>& selections,
               SampleHandler& handler, std::size_t chunk) {
  ExpositionSelector selector(selections, handler);
  for (std::size_t at = 0; at < text.size(); at += chunk) selector.Feed(text.substr(at, chunk));
  if (!selector.Finish().empty()) std::abort();
}

int PrintDigest(const char* input, const char* selection) {
  Digest digest;
  SelectAll(Read(input), ReadSelections(selection), digest, kChunk);
  std::printf("%llu %016llx\n", static_cast<unsigned long long>(digest.count),
              static_cast<unsigned long long>(digest.sum));
  return 0;
}

// A line such as "VmHWM:   3124 kB" of this process.
long Kilobytes(const char* what) {
  std::istringstream lines(Read("/proc/self/status"));
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(what)) return std::strtol(line.c_str() + line.find(':') + 1, nullptr, 10);
  }
  return 0;
}

// Ten times the input as one scrape, read in pieces: what the selector adds to the resident memory
// that the process had before, and what it allocates once it is warm.
int PrintMemory(const char* input, const char* selection) {
  const std::vector<FamilySelection> selections = ReadSelections(selection);
  ExpositionLimits limits;
  limits.samples = 10'000'000;
  Counter counter;
  std::vector<char> buffer(kChunk);
  const long resident_before = Kilobytes("VmRSS");
  ExpositionSelector selector(selections, counter, limits);
  std::uint64_t fed = 0;
  std::uint64_t warm_allocations = 0;
  for (int round = 0; round < 10; ++round) {
    std::FILE* file = std::fopen(input, "rb");
    if (file == nullptr) return 1;
    while (const std::size_t size = std::fread(buffer.data(), 1, buffer.size(), file)) {
      selector.Feed({buffer.data(), size});
      fed += size;
    }
    std::fclose(file);
    if (round == 0) warm_allocations = allocations;
  }
  const std::uint64_t late_allocations = allocations - warm_allocations;
  const long grown = Kilobytes("VmHWM") - resident_before;
  if (!selector.Finish().empty()) return 1;
  std::printf(
      "%.1f MB in chunks of 64 KiB: %llu samples, resident memory grew by %ld kB, "
      "%llu allocations after the first tenth\n",
      static_cast<double>(fed) / 1e6, static_cast<unsigned long long>(counter.count), grown,
      static_cast<unsigned long long>(late_allocations));
  return 0;
}

void RegisterAll(const std::string& input, const std::vector<FamilySelection>& dense,
                 const std::vector<FamilySelection>& sparse) {
  const auto add = [&input](const char* name, auto work) {
    benchmark::RegisterBenchmark(name, [&input, work](benchmark::State& state) {
      for (auto _ : state) work();
      state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) *
                              static_cast<std::int64_t>(input.size()));
    });
  };
  const auto select = [&input](const std::vector<FamilySelection>& selections, std::size_t chunk) {
    Counter counter;
    SelectAll(input, selections, counter, chunk);
    benchmark::DoNotOptimize(counter.bytes);
  };
  add("candor_select_14", [=, &dense, &input] { select(dense, input.size()); });
  add("candor_select_14_chunks", [=, &dense] { select(dense, kChunk); });
  add("candor_select_3", [=, &sparse, &input] { select(sparse, input.size()); });
  add("candor_check", [&input] {
    ExpositionChecker checker(ExpositionFormat::kPrometheusText);
    checker.Feed(input);
    if (!checker.Finish().empty()) std::abort();
  });
  add("memchr_lines", [&input] {
    std::size_t lines = 0;
    const char* at = input.data();
    const char* const end = at + input.size();
    while (const void* feed = std::memchr(at, '\n', static_cast<std::size_t>(end - at))) {
      at = static_cast<const char*>(feed) + 1;
      ++lines;
    }
    benchmark::DoNotOptimize(lines);
  });
  add("memchr_absent",
      [&input] { benchmark::DoNotOptimize(std::memchr(input.data(), '\x01', input.size())); });
  static std::string copy(input.size(), '\0');
  add("memcpy", [&input] {
    std::memcpy(copy.data(), input.data(), input.size());
    benchmark::DoNotOptimize(copy.data());
    benchmark::ClobberMemory();
  });
}

}  // namespace
}  // namespace candor

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr,
                 "usage: exposition_bench digest|memory INPUT SELECTION\n"
                 "       exposition_bench INPUT SELECTION SPARSE [options]\n");
    return 2;
  }
  const std::string_view mode = argv[1];
  if (mode == "digest") return candor::PrintDigest(argv[2], argv[3]);
  if (mode == "memory") return candor::PrintMemory(argv[2], argv[3]);
  const std::string input = candor::Read(argv[1]);
  const std::vector<candor::FamilySelection> dense = candor::ReadSelections(argv[2]);
  const std::vector<candor::FamilySelection> sparse = candor::ReadSelections(argv[3]);
  candor::RegisterAll(input, dense, sparse);
  argv[3] = argv[0];
  int rest = argc - 3;
  benchmark::Initialize(&rest, argv + 3);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
