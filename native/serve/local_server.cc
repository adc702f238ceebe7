#include "native/serve/local_server.h"

#include <algorithm>
#include <utility>

#include "native/base/clock.h"
#include "native/base/random.h"
#include "native/http/listen_socket.h"
#include "native/serve/api_token.h"

namespace candor {
namespace {

Result<LocalListenerOptions> Read(const LocalServerOptions& options,
                                  const std::string& state_folder) {
  Problems problems;
  LocalListenerOptions listener;
  for (const std::string& text : options.listen) {
    Result<ListenAddress> address = ParseListenAddress(text);
    if (address.ok()) {
      listener.addresses.push_back(std::move(address).value());
    } else {
      problems.AddAll(std::move(address).problems());
    }
  }
  if (!options.group.empty()) {
    const Result<gid_t> group = FindGroup(options.group);
    if (group.ok()) listener.group = group.value();
    if (!group.ok()) problems.AddAll(group.problems());
  }
  const bool network = std::any_of(listener.addresses.begin(), listener.addresses.end(),
                                   [](const auto& address) { return address.path.empty(); });
  if (network && problems.empty()) {
    Result<std::string> token = LoadApiToken(state_folder, SystemRandom());
    if (!token.ok()) return std::move(token).problems();
    listener.token = std::move(token).value();
  }
  if (!problems.empty()) return problems;
  return listener;
}

}  // namespace

Result<std::unique_ptr<LocalServer>> LocalServer::Open(const LocalServerOptions& options,
                                                       const std::string& state_folder,
                                                       OwnEvents& events) {
  if (options.listen.empty()) return std::unique_ptr<LocalServer>();
  const Result<LocalListenerOptions> wanted = Read(options, state_folder);
  if (!wanted.ok()) return wanted.problems();
  Result<std::unique_ptr<LocalListener>> listener = LocalListener::Open(wanted.value());
  if (!listener.ok()) return std::move(listener).problems();
  return std::unique_ptr<LocalServer>(new LocalServer(std::move(listener).value(), events));
}

LocalServer::LocalServer(std::unique_ptr<LocalListener> listener, OwnEvents& events)
    : started_at_(SystemClock().Wall()), events_(events), listener_(std::move(listener)) {}

LocalServer::~LocalServer() = default;

void LocalServer::Use(Service& service) {
  auto target = std::make_unique<LocalService>(service, events_, started_at_);
  const std::lock_guard lock(mutex_);
  target_ = std::move(target);
}

Problems LocalServer::Start() {
  return listener_->Start([this](const HttpRequest& request) { return Answer(request); });
}

HttpAnswer LocalServer::Answer(const HttpRequest& request) {
  HttpAnswer answer;
  {
    const std::lock_guard lock(mutex_);
    answer = AnswerLocal(request, *target_);
  }
  ++events_.answers[std::min<std::size_t>(static_cast<std::size_t>(answer.status) / 100, 5)];
  return answer;
}

}  // namespace candor
