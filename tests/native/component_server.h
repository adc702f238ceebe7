// Components on loopback whose health, metrics and usage are as told, and a configuration of them.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "core/config.h"
#include "tests/native/receiver.h"

namespace candor {

// "HTTP/1.1 200 \r\n..." with this body.
std::string GoodAnswer(const std::string& body,
                       const std::string& content_type = "text/plain; version=0.0.4");

class ComponentServer {
 public:
  ComponentServer();

  // What a path is answered with; 404 for others.
  void Serve(const std::string& path, Script script);
  void Serve(const std::string& path, const std::string& answer);
  std::string Url(const std::string& path) const;
  // A component whose endpoints are /ID/ready and /ID/actuator/prometheus.
  ManagedComponent Component(const std::string& id) const;
  // Serves a component that is well: its CPU is at 25 %, its heap holds 1,000 of 4,000 bytes.
  ManagedComponent HealthyComponent(const std::string& id);
  // Paths in the order in which they were asked for.
  std::vector<std::string> Asked() const;

 private:
  Script Answer(const Received& request) const;

  mutable std::mutex mutex_;  // Of the scripts.
  std::map<std::string, Script> scripts_;
  Receiver receiver_;
};

}  // namespace candor
