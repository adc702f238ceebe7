#include <unistd.h>

#include <atomic>
#include <exception>
#include <mutex>
#include <optional>
#include <utility>

#include "core/problems.h"
#include "native/admin/admin_events.h"
#include "native/admin/admin_server.h"
#include "native/admin/admin_target.h"
#include "native/admin/change_watch.h"
#include "native/admin/door/door.h"
#include "native/admin/handlers/target_handlers.h"
#include "native/base/clock.h"
#include "native/base/random.h"
#include "native/include/candor/admin.h"
#include "native/include/candor/telemetry.h"

namespace candor {

// All that answers. Members end in the opposite order: first who listens.
class HostAdmin::Running {
 public:
  static Result<std::unique_ptr<Running>> Open(std::shared_ptr<HostCore> core,
                                               const HostAdminOptions& options) {
    Result<std::unique_ptr<Door>> door =
        Door::Open(DoorOptionsOf(*core, options), SystemClock(), SystemRandom());
    Result<std::unique_ptr<AdminServer>> server = AdminServer::Open(ServerOptionsOf(options));
    Problems problems;
    if (options.listen.empty()) {
      problems.Add({ErrorCode::kMissing, "listen", "needs an address, as 127.0.0.1:8071"});
    }
    if (!door.ok()) problems.AddAll(door.problems());
    if (!server.ok()) problems.AddAll(server.problems());
    if (!problems.empty()) return problems;
    std::unique_ptr<Running> made(
        new Running(std::move(core), std::move(door).value(), std::move(server).value()));
    if (Problems failed = made->Begin(); !failed.empty()) return failed;
    return made;
  }

  std::string Url() const { return server_->Url(); }
  std::string SetupLink() {
    const std::optional<std::string> token = door_->SetupToken();
    return token ? server_->Url() + "/#setup=" + *token : std::string();
  }

 private:
  Running(std::shared_ptr<HostCore> core, std::unique_ptr<Door> door,
          std::unique_ptr<AdminServer> server)
      : door_(std::move(door)),
        target_(std::make_shared<AdminTarget>(std::move(core), SystemClock().BootMillis())),
        server_(std::move(server)) {}

  Problems Begin() {
    door_->OnEnd([this](const std::string& session) { events_.EndSession(session); },
                 [this](const std::string& user) { events_.EndUser(user); });
    handlers_.Use(target_);
    changes_.Use(target_);
    return server_->Start(*door_, handlers_, events_);
  }

  static DoorOptions DoorOptionsOf(const HostCore& core, const HostAdminOptions& options) {
    DoorOptions made;
    made.state_folder = core.place.folder;
    made.version = CANDOR_VERSION;
    made.proxy.superusers = options.superusers;
    made.proxy.superuser_groups = options.superuser_groups;
    made.check = options.check;
    return made;
  }
  static AdminServerOptions ServerOptionsOf(const HostAdminOptions& options) {
    AdminServerOptions made;
    made.listen = options.listen;
    made.certificate_file = options.certificate_file;
    made.key_file = options.key_file;
    made.hosts = options.hosts;
    return made;
  }

  const std::unique_ptr<Door> door_;
  const std::shared_ptr<AdminTarget> target_;
  TargetHandlers handlers_;
  AdminEvents events_;
  ChangeWatch changes_{events_};
  const std::unique_ptr<AdminServer> server_;
};

struct HostAdmin::Slot {
  // Its threads did not come along, but its eventfds and epoll sets did: ending it here would end
  // what the parent runs. It may have been forked with the lock taken, too.
  bool is_of_parent() const {
    const pid_t process = process_of_it;
    return process != 0 && process != ::getpid();
  }

  std::atomic<pid_t> process_of_it = 0;  // Since it was started first; 0 before.
  std::mutex mutex;                      // Of what is below.
  std::unique_ptr<Running> running;
};

namespace {

void SayWhy(std::string* why, const char* text) noexcept try {
  if (why != nullptr) *why = text;
} catch (...) {
}

}  // namespace

HostAdmin::HostAdmin(Telemetry& telemetry, HostAdminOptions options) noexcept
    : telemetry_(telemetry) {
  try {
    options_ = std::make_shared<const HostAdminOptions>(std::move(options));
    slot_ = std::make_unique<Slot>();
  } catch (...) {
    options_ = nullptr;
  }
}

HostAdmin::~HostAdmin() {
  Stop();
  if (slot_ != nullptr && slot_->is_of_parent()) static_cast<void>(slot_.release());
}

bool HostAdmin::Start(std::string* why) noexcept try {
  const auto say = [why](std::string text) {
    if (why != nullptr) *why = std::move(text);
    return false;
  };
  if (options_ == nullptr || slot_ == nullptr) return say("out of memory");
  if (slot_->is_of_parent()) return say("only the process that started it answers");
  const std::lock_guard<std::mutex> lock(slot_->mutex);
  if (slot_->running != nullptr) return true;
  std::shared_ptr<HostCore> core = telemetry_.core();
  if (core == nullptr) {
    return say("the configuration of the telemetry is refused; its log says why");
  }
  slot_->process_of_it = ::getpid();
  Result<std::unique_ptr<Running>> opened = Running::Open(std::move(core), *options_);
  if (!opened.ok()) return say(ProblemsAsText(opened.problems()));
  slot_->running = std::move(opened).value();
  return true;
} catch (const std::exception& error) {
  SayWhy(why, error.what());
  return false;
} catch (...) {
  return false;
}

void HostAdmin::Stop() noexcept try {
  if (slot_ == nullptr || slot_->is_of_parent()) return;
  std::unique_ptr<Running> ended;  // Ends without the lock: its last requests may ask for it.
  const std::lock_guard<std::mutex> lock(slot_->mutex);
  ended = std::move(slot_->running);
} catch (...) {
}

std::string HostAdmin::Url() noexcept try {
  if (slot_ == nullptr || slot_->is_of_parent()) return {};
  const std::lock_guard<std::mutex> lock(slot_->mutex);
  return slot_->running == nullptr ? std::string() : slot_->running->Url();
} catch (...) {
  return {};
}

std::string HostAdmin::SetupLink() noexcept try {
  if (slot_ == nullptr || slot_->is_of_parent()) return {};
  const std::lock_guard<std::mutex> lock(slot_->mutex);
  return slot_->running == nullptr ? std::string() : slot_->running->SetupLink();
} catch (...) {
  return {};
}

}  // namespace candor
