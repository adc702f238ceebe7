// A request and its answer, as the servers' functions see them: whole, and without a socket.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace candor {

class EventStream;

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
  std::string method, target;  // As they came.
  HttpHeaders headers;         // As they came.
  std::string body;
};

struct HttpAnswer {
  int status = 200;
  std::string content_type = "application/json";  // "" when there is no body.
  std::string body = {};
  HttpHeaders headers = {};
  // Goes on behind `body`, without a length, until it is ended.
  std::shared_ptr<EventStream> stream = nullptr;
};

}  // namespace candor
