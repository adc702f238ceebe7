#include "native/counters/counters.h"

#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "core/text.h"
#include "native/counters/counter_file.h"
#include "native/counters/layout.h"
#include "native/counters/name_table.h"
#include "native/counters/seen_table.h"
#include "native/counters/slab_pool.h"

namespace candor {
namespace {

CounterFile OpenOrTakeMemory(const std::string& path) {
  CounterFile file;
  if (path.empty()) {
    file.problem = "no file is configured";
  } else {
    file = OpenCounterFile(path);
  }
  if (file.layout == nullptr) file.layout = MapCounterMemory();
  return file;
}

class KeptErrno {
 public:
  KeptErrno() : errno_(errno) {}
  ~KeptErrno() { errno = errno_; }
  KeptErrno(const KeptErrno&) = delete;
  KeptErrno& operator=(const KeptErrno&) = delete;

 private:
  const int errno_;
};

std::string EpochText(const LayoutHeader& header) {
  std::array<std::uint8_t, 16> bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<std::uint8_t>(header.epoch[i / 8] >> (56 - 8 * (i % 8)));
  }
  return Hex(bytes);
}

// The kernel takes pages whose writing failed for written. Adding 0 to a word makes it write them
// again, whoever counts there meanwhile.
void TouchEveryPage(Layout& layout) {
  auto* const page = reinterpret_cast<char*>(&layout);
  for (std::size_t at = kPageBytes; at < sizeof(Layout); at += kPageBytes) {
    reinterpret_cast<std::atomic<std::uint64_t>*>(page + at)->fetch_add(0);
  }
}

}  // namespace

// Nothing throws once the file is mapped.
class Counters::Impl {
 public:
  explicit Impl(const std::string& path_of_file)
      : path(path_of_file),
        file(OpenOrTakeMemory(path)),
        names(*file.layout),
        seen(*file.layout),
        slabs(*file.layout, file.fd, path.c_str()) {}
  ~Impl() { munmap(file.layout, sizeof(Layout)); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  const std::string path;
  const CounterFile file;
  NameTable names;
  SeenTable seen;
  std::atomic<bool> sync_failed = false;
  SlabPool slabs;
};

Counters::Counters(const std::string& path)
    : impl_(std::make_unique<Impl>(path)), place_(impl_->slabs.place()) {}

Counters::~Counters() = default;

std::uint32_t Counters::Intern(std::string_view name) noexcept { return impl_->names.Intern(name); }

void Counters::AddSlowly(std::uint32_t counter, std::uint64_t n) noexcept {
  if (counter >= kMaxCounterNames) return;
  const KeptErrno kept;
  CounterCell* const cells = impl_->slabs.CellsOfThisThread();
  if (cells == nullptr) {
    impl_->file.layout->overflow[counter].fetch_add(n, std::memory_order_relaxed);
  } else {
    CounterCell& cell = cells[counter];
    cell.store(cell.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
  }
}

void Counters::See(std::uint32_t gauge, std::string_view value, UnixMillis now) noexcept {
  impl_->seen.See(gauge, value, now);
}

std::uint64_t Counters::SeenWithin(std::uint32_t gauge, UnixMillis now,
                                   std::int64_t window_ms) const {
  return impl_->seen.SeenWithin(gauge, now, window_ms);
}

CounterTotals Counters::Totals() const {
  const Layout& layout = *impl_->file.layout;
  std::size_t used = kMaxCounterNames;
  while (used > 0 && layout.claims[used - 1].load(std::memory_order_acquire) == 0) --used;
  std::vector<std::uint64_t> sums(used);
  const auto add = [&sums](const Slab& slab) {
    for (std::size_t i = 0; i < sums.size(); ++i) {
      sums[i] += slab[i].load(std::memory_order_relaxed);
    }
  };
  for (const Slab& slab : layout.slabs) add(slab);
  add(layout.overflow);

  CounterTotals totals;
  totals.epoch = EpochText(layout.header);
  totals.values.reserve(used);
  NameWords words;
  for (std::size_t i = 0; i < used; ++i) {
    const std::string_view name = ReadName(layout.header.salt, layout.names[i], words);
    if (!name.empty()) totals.values.emplace_back(name, sums[i]);
  }
  std::sort(totals.values.begin(), totals.values.end());
  // A name whose claim was damaged stands twice, and both count.
  auto& values = totals.values;
  for (std::size_t i = 1; i < values.size(); ++i) {
    if (values[i].first == values[i - 1].first) {
      values[i].second += std::exchange(values[i - 1].second, 0);
      values[i - 1].first.clear();
    }
  }
  std::erase_if(values, [](const auto& value) { return value.first.empty(); });
  return totals;
}

bool Counters::Sync() noexcept {
  const KeptErrno kept;
  if (!impl_->file.problem.empty()) return true;
  if (impl_->sync_failed.exchange(false)) TouchEveryPage(*impl_->file.layout);
  const bool synced = msync(impl_->file.layout, sizeof(Layout), MS_SYNC) == 0;
  if (!synced) impl_->sync_failed.store(true);
  return synced;
}

const std::string& Counters::why_in_memory() const { return impl_->file.problem; }

bool Counters::full() const noexcept { return impl_->names.full() || impl_->seen.full(); }

}  // namespace candor
