// The admin API beside `candor serve`: listens through every change of the configuration, knows who
// asks, and asks the service in force.
#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <utility>

#include "native/admin/admin_events.h"
#include "native/admin/admin_server.h"
#include "native/admin/change_watch.h"
#include "native/admin/door/door.h"
#include "native/admin/handlers/target_handlers.h"
#include "native/serve/companion.h"

namespace candor {

struct AdminOptions {
  AdminServerOptions server;
  DoorOptions door;
};

class AdminCompanion : public Companion {
 public:
  explicit AdminCompanion(AdminOptions options) : options_(std::move(options)) {}
  ~AdminCompanion() override { Stop(); }

  // Errors: those of AdminServer::Open and Door::Open, all at once.
  Problems Open() override;
  void Use(const Service& service) override;
  // Tells where the page is and, while nobody has an account, the link that makes the first one.
  Problems Start(const std::function<void(std::string_view)>& tell) override;
  void RoundEnded() override { events_.Publish("components"); }
  void Stop() override;

 private:
  const AdminOptions options_;
  std::unique_ptr<Door> door_;
  TargetHandlers handlers_;
  AdminEvents events_;
  std::unique_ptr<ChangeWatch> watch_;
  std::unique_ptr<AdminServer> server_;
};

}  // namespace candor
