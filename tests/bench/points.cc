#include "tests/bench/points.h"

#include <array>

namespace candor {
namespace {

struct Shape {
  const char* key;
  std::vector<std::pair<std::string, std::string>> tags;
  const char* value;
};

const std::vector<Shape>& Shapes() {
  static const std::vector<Shape> shapes = {
      {"jvm_memory_max_bytes", {{"area", "heap"}, {"id", "G1 Old Gen"}}, "5.36870912E8"},
      {"jvm_memory_max_bytes",
       {{"area", "nonheap"}, {"id", "CodeHeap 'profiled nmethods'"}},
       "1.22028032E8"},
      {"jvm_info",
       {{"runtime", "OpenJDK Runtime Environment"},
        {"vendor", "Eclipse Adoptium"},
        {"version", "17.0.10+7"}},
       "1.0"},
      {"system_cpu_count", {}, "4.0"},
      {"http_server_requests_seconds_count",
       {{"exception", "None"},
        {"method", "GET"},
        {"outcome", "SUCCESS"},
        {"status", "200"},
        {"uri", "/actuator/health/**"}},
       "12074.0"},
      {"zeebe_stream_processor_records_total",
       {{"action", "processed"}, {"partition", "3"}, {"processor", "engine"}},
       "8.1452E4"},
      {"disk_free_bytes", {{"path", "C:\\data\\."}}, "6.3891324928E10"},
      {"application_started_time_seconds", {{"main_class", "io.beispiel.Größe"}}, "21.375"},
  };
  return shapes;
}

constexpr std::array kComponents = {"zeebe", "zeebeGateway", "operate", "tasklist", "optimize"};

}  // namespace

std::vector<Point> SamplePoints(std::size_t count) {
  std::vector<Point> points;
  points.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const Shape& shape = Shapes()[i % Shapes().size()];
    points.push_back({kComponents[i % kComponents.size()], "a22efefbb00546c04512fc7d4b455e77",
                      shape.key, shape.value, shape.tags,
                      1712228731639 + static_cast<std::int64_t>(i % 977)});
  }
  return points;
}

}  // namespace candor
