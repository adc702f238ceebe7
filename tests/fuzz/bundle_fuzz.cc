// Whatever the bundle, it makes a report or problems, never both and never neither.
#include "core/bundle.h"
#include "core/report.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bundle = candor::ReadBundle(candor::AsText(data, size));
  if (!bundle.ok()) return 0;
  candor::StringSink sink;
  const candor::Bundle& parts = bundle.value();
  const candor::Problems problems =
      candor::BuildReport({parts.config, parts.catalogue, parts.facts}, sink);
  candor::Require(problems.empty() != sink.text().empty(),
                  "there is a report, or there are problems");
  return 0;
}
