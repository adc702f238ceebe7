#include "tests/native/component_server.h"

#include <utility>

namespace candor {
namespace {

// "/a" of "GET /a?b HTTP/1.1".
std::string PathOf(const Received& request) {
  const std::size_t begin = request.start.find(' ') + 1;
  return request.start.substr(begin, request.start.find_first_of("? ", begin) - begin);
}

}  // namespace

std::string GoodAnswer(const std::string& body, const std::string& content_type) {
  return "HTTP/1.1 200 OK\r\nContent-Type: " + content_type +
         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

ComponentServer::ComponentServer()
    : receiver_([this] {
        ReceiverOptions options;
        options.decide = [this](const Received& request) { return Answer(request); };
        return options;
      }()) {}

void ComponentServer::Serve(const std::string& path, Script script) {
  const std::lock_guard lock(mutex_);
  scripts_[path] = std::move(script);
}

void ComponentServer::Serve(const std::string& path, const std::string& answer) {
  Script script;
  script.answer = answer;
  Serve(path, std::move(script));
}

std::string ComponentServer::Url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(receiver_.port()) + path;
}

ManagedComponent ComponentServer::Component(const std::string& id) const {
  return {id, id, "8.5.1", Url("/" + id + "/ready"), Url("/" + id + "/actuator/prometheus")};
}

ManagedComponent ComponentServer::HealthyComponent(const std::string& id) {
  Serve("/" + id + "/ready", GoodAnswer("{\"status\": \"UP\"}", "application/json"));
  Serve("/" + id + "/actuator/prometheus",
        GoodAnswer("# TYPE process_cpu_usage gauge\nprocess_cpu_usage 0.25\n"
                   "# TYPE jvm_memory_used_bytes gauge\n"
                   "jvm_memory_used_bytes{area=\"heap\",id=\"Eden\"} 600.0\n"
                   "jvm_memory_used_bytes{area=\"heap\",id=\"Old\"} 4.0E2\n"
                   "jvm_memory_used_bytes{area=\"nonheap\",id=\"Metaspace\"} 9.9E9\n"
                   "# TYPE jvm_memory_max_bytes gauge\n"
                   "jvm_memory_max_bytes{area=\"heap\",id=\"Eden\"} -1.0\n"
                   "jvm_memory_max_bytes{area=\"heap\",id=\"Old\"} 4000\n"));
  return Component(id);
}

std::vector<std::string> ComponentServer::Asked() const {
  std::vector<std::string> paths;
  for (const Received& request : receiver_.requests()) paths.push_back(PathOf(request));
  return paths;
}

Script ComponentServer::Answer(const Received& request) const {
  const std::lock_guard lock(mutex_);
  const auto found = scripts_.find(PathOf(request));
  return found == scripts_.end() ? Answers(404) : found->second;
}

}  // namespace candor
