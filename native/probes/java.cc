#include "native/probes/java.h"

#include <algorithm>
#include <array>

#include "core/text.h"
#include "native/base/clock.h"

namespace candor {
namespace {

constexpr std::int64_t kTimeoutMs = 5'000;

// They let a JVM load agents, or print what nobody asked for.
constexpr std::array<std::string_view, 5> kLeftOut = {"JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS",
                                                      "JDK_JAVA_OPTIONS", "IBM_JAVA_OPTIONS",
                                                      "OPENJ9_JAVA_OPTIONS"};

// The rest of the first line that begins with `start`, "" for none.
std::string_view RestOfLine(std::string_view text, std::string_view start) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.starts_with(start)) return line.substr(start.size());
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return "";
}

bool Has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

ProbedProduct ReadProperties(std::string_view printed) {
  const std::string_view vendor = RestOfLine(printed, "    java.vm.vendor = ");
  const std::string_view name = RestOfLine(printed, "    java.vm.name = ");
  const bool open = Has(vendor, "Oracle") && Has(name, "OpenJDK");
  return {open ? "OpenJDK" : std::string(vendor),
          std::string(RestOfLine(printed, "    java.version = "))};
}

// The first line is: java version "1.8.0_421", or: openjdk version "17.0.15" 2025-04-15.
ProbedProduct ReadVersionLines(std::string_view printed) {
  std::string_view version = RestOfLine(printed, "java version \"");
  if (version.empty()) version = RestOfLine(printed, "openjdk version \"");
  const std::size_t quote = version.find('"');
  if (quote == std::string_view::npos) return {};
  const bool oracle = !RestOfLine(printed, "Java(TM) SE Runtime Environment").empty() &&
                      !RestOfLine(printed, "Java HotSpot(TM) ").empty();
  return {oracle ? "Oracle Corporation" : "", std::string(version.substr(0, quote))};
}

}  // namespace

Result<ProbedProduct> ReadJava(std::string_view printed) {
  ProbedProduct product = ReadProperties(printed);
  if (product.version.empty()) product = ReadVersionLines(printed);
  if (!IsProductText(product.version)) {
    return NoAnswer("what it printed tells no version of Java");
  }
  if (!IsProductText(product.vendor)) product.vendor.clear();
  return product;
}

Result<ProbedProduct> AskJava(const std::string& java, const Cancellation& cancellation) {
  const std::int64_t until = SystemClock().BootMillis() + kTimeoutMs;
  ProcessLimits limits;
  limits.timeout_ms = kTimeoutMs;
  const EndedProcess first =
      RunProcess({java, "-XshowSettings:properties", "-version"}, kLeftOut, limits, cancellation);
  if (!first.problem.empty()) return NoAnswer(first.problem);
  if (first.status == 0) return ReadJava(first.error);
  // One that does not know the option.
  limits.timeout_ms = std::max<std::int64_t>(until - SystemClock().BootMillis(), 1);
  const EndedProcess second = RunProcess({java, "-version"}, kLeftOut, limits, cancellation);
  if (!second.problem.empty()) return NoAnswer(second.problem);
  if (second.status != 0) return NoAnswer("it ended with status " + Decimal(second.status));
  return ReadJava(second.error);
}

}  // namespace candor
