// Writes the input of the exposition benchmark: a real node_exporter scrape beside the families of
// a Micrometer and Zeebe process, for many instances, grouped by family as a scraper's federation
// prints them. The same scrape gives the same bytes.
//
// Usage: exposition_input SCRAPE BYTES > OUTPUT
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace {

struct Family {
  std::vector<std::string> metadata;
  std::vector<std::string> samples;
};

void AddGauge(std::string_view name, const std::vector<std::string>& labels,
              std::vector<Family>* families) {
  Family family;
  family.metadata = {"# HELP " + std::string(name) + " As Micrometer prints it",
                     "# TYPE " + std::string(name) + " gauge"};
  std::uint64_t value = 1'229'127;
  for (const std::string& set : labels) {
    value = value * 2654435761u % 9'999'991;
    family.samples.push_back(std::string(name) + set + " " + std::to_string(value / 1000) + "." +
                             std::to_string(value % 1000) + "E8");
  }
  families->push_back(family);
}

// What Spring prints for every path and status it has seen.
std::vector<std::string> RequestLabels() {
  std::vector<std::string> labels;
  for (const char* uri : {"/v1/process-instances/search", "/v1/flownode-instances/{key}",
                          "/v1/process-definitions/{key}/xml", "/actuator/prometheus",
                          "/v1/decision-instances/search", "/api/authentications/user"}) {
    for (const char* outcome :
         {"outcome=\"SUCCESS\",status=\"200\"", "outcome=\"CLIENT_ERROR\",status=\"404\""}) {
      labels.push_back("{error=\"none\",exception=\"None\",method=\"GET\"," + std::string(outcome) +
                       ",uri=\"" + uri + "\"}");
    }
  }
  return labels;
}

void AddTimer(std::string_view name, const std::vector<std::string>& labels,
              std::vector<Family>* families) {
  Family timer;
  timer.metadata = {"# HELP " + std::string(name) + " Time taken",
                    "# TYPE " + std::string(name) + " summary"};
  for (const std::string& set : labels) {
    timer.samples.push_back(std::string(name) + "_count" + set + " 4711.0");
    timer.samples.push_back(std::string(name) + "_sum" + set + " 23.561790133");
  }
  families->push_back(timer);
  AddGauge(std::string(name) + "_max", labels, families);
}

void AddHistogram(std::string_view name, std::string_view labels, std::vector<Family>* families) {
  Family family;
  family.metadata = {"# HELP " + std::string(name) + " Latency of processing",
                     "# TYPE " + std::string(name) + " histogram"};
  const std::string before = std::string(name) + "_bucket{" + std::string(labels);
  int count = 0;
  for (const char* le : {"0.001", "0.0025", "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5",
                         "1.0", "2.5", "5.0", "10.0", "+Inf"}) {
    count += 317;
    family.samples.push_back(before + ",le=\"" + le + "\",} " + std::to_string(count) + ".0");
  }
  family.samples.push_back(std::string(name) + "_count{" + std::string(labels) + ",} " +
                           std::to_string(count) + ".0");
  family.samples.push_back(std::string(name) + "_sum{" + std::string(labels) + ",} 80.62519");
  families->push_back(family);
}

void AddProcess(std::vector<Family>* families) {
  std::vector<std::string> pools;
  for (const char* pool : {"G1 Survivor Space", "G1 Old Gen", "Metaspace", "Code Cache",
                           "G1 Eden Space", "Compressed Class Space"}) {
    pools.push_back("{area=\"heap\",id=\"" + std::string(pool) + "\"}");
  }
  for (const char* name :
       {"jvm_memory_used_bytes", "jvm_memory_max_bytes", "jvm_memory_committed_bytes"}) {
    AddGauge(name, pools, families);
  }
  for (const char* name : {"jvm_buffer_count_buffers", "jvm_buffer_memory_used_bytes",
                           "jvm_buffer_total_capacity_bytes"}) {
    AddGauge(name, {"{id=\"direct\"}", "{id=\"mapped\"}"}, families);
  }
  for (const char* name :
       {"system_cpu_usage", "process_cpu_usage", "system_cpu_count", "jvm_gc_live_data_size_bytes",
        "jvm_gc_max_data_size_bytes", "process_uptime_seconds", "application_ready_time_seconds"}) {
    AddGauge(name, {""}, families);
  }
  const std::vector<std::string> requests = RequestLabels();
  AddTimer("http_server_requests_seconds", requests, families);
  AddTimer("operate_import_query_seconds", {requests.begin(), requests.begin() + 4}, families);
  std::vector<std::string> partitions;
  for (int partition = 1; partition <= 3; ++partition) {
    const std::string set = "partition=\"" + std::to_string(partition) + "\"";
    for (const char* action : {"written", "processed", "skipped"}) {
      partitions.push_back("{action=\"" + std::string(action) + "\"," + set + "}");
    }
    for (const char* type : {"COMMAND", "EVENT"}) {
      AddHistogram("zeebe_stream_processor_latency_" + std::to_string(partition) + type,
                   "recordType=\"" + std::string(type) + "\",valueType=\"PROCESS_INSTANCE\"," + set,
                   families);
    }
  }
  AddGauge("zeebe_stream_processor_records_total", partitions, families);
  AddGauge("zeebe_element_instance_events_total", partitions, families);
}

std::vector<Family> ReadScrape(std::istream& scrape) {
  std::vector<Family> families;
  bool in_metadata = false;
  for (std::string line; std::getline(scrape, line);) {
    const bool metadata = line.starts_with('#');
    if (families.empty() || (metadata && !in_metadata)) families.emplace_back();
    (metadata ? families.back().metadata : families.back().samples).push_back(line);
    in_metadata = metadata;
  }
  return families;
}

// Adds the label `instance`, as federation does.
std::string ForInstance(const std::string& sample, const std::string& instance) {
  const std::string label = "instance=\"" + instance + "\",job=\"camunda-platform\"";
  const std::size_t brace = sample.find('{');
  if (brace != std::string::npos) {
    return sample.substr(0, brace + 1) + label + "," + sample.substr(brace + 1);
  }
  const std::size_t blank = sample.find(' ');
  return sample.substr(0, blank) + "{" + label + "}" + sample.substr(blank);
}

std::string Print(const std::vector<Family>& families, int instances) {
  std::string text;
  for (const Family& family : families) {
    for (const std::string& line : family.metadata) text += line + "\n";
    for (int i = 0; i < instances; ++i) {
      const std::string instance = "zeebe-broker-" + std::to_string(i) + ".camunda.svc:9600";
      for (const std::string& sample : family.samples) text += ForInstance(sample, instance) + "\n";
    }
  }
  return text;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: exposition_input SCRAPE BYTES > OUTPUT\n";
    return 2;
  }
  std::ifstream scrape(argv[1]);
  std::vector<Family> families = ReadScrape(scrape);
  if (families.empty()) {
    std::cerr << argv[1] << " holds no families\n";
    return 1;
  }
  AddProcess(&families);
  const auto wanted = static_cast<std::size_t>(std::strtoull(argv[2], nullptr, 10));
  int instances = 1;
  while (Print(families, instances).size() < wanted) ++instances;
  std::cout << Print(families, instances);
  return 0;
}
