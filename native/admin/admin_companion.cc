#include "native/admin/admin_companion.h"

#include <utility>

#include "native/admin/service_target.h"

namespace candor {

Problems AdminCompanion::Open() {
  Problems problems;
  Result<std::unique_ptr<AdminServer>> server = AdminServer::Open(options_.server);
  if (!server.ok()) problems.AddAll(std::move(server).problems());
  Result<std::unique_ptr<Door>> door = Door::Open(options_.door, SystemClock(), SystemRandom());
  if (!door.ok()) problems.AddAll(std::move(door).problems());
  if (!problems.empty()) return problems;
  server_ = std::move(server).value();
  door_ = std::move(door).value();
  door_->OnEnd([this](const std::string& session) { events_.EndSession(session); },
               [this](const std::string& user) { events_.EndUser(user); });
  watch_ = std::make_unique<ChangeWatch>(events_);
  return {};
}

void AdminCompanion::Use(const Service& service) {
  const std::shared_ptr<AdminTarget> target = TargetOf(service);
  handlers_.Use(target);
  watch_->Use(target);
}

Problems AdminCompanion::Start(const std::function<void(std::string_view)>& tell) {
  if (Problems problems = server_->Start(*door_, handlers_, events_); !problems.empty()) {
    return problems;
  }
  tell("The page is at " + server_->Where() + ".");
  if (const std::optional<std::string> token = door_->SetupToken()) {
    tell("Nobody has an account yet. Make the first one within a day at " + server_->Url() +
         "/#setup=" + *token);
  }
  return {};
}

void AdminCompanion::Stop() {
  server_.reset();
  watch_.reset();
}

}  // namespace candor
