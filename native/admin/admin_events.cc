#include "native/admin/admin_events.h"

#include <algorithm>
#include <utility>

namespace candor {
namespace {

std::string EventText(std::string_view event, std::string_view data) {
  std::string text = "event: ";
  return text.append(event).append("\ndata: ").append(data).append("\n\n");
}

}  // namespace

AdminEvents::AdminEvents(std::chrono::milliseconds every) : every_(every) {}

AdminEvents::~AdminEvents() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (const Listener& listener : listeners_) listener.stream->End();
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void AdminEvents::Publish(std::string_view event) {
  const std::string text = EventText(event, "changed");
  const std::lock_guard lock(mutex_);
  for (const Listener& listener : listeners_) listener.stream->Send(text);
  DropEnded();
}

void AdminEvents::EndSession(std::string_view session) {
  EndWhere(
      [session](const Caller& caller) { return !session.empty() && caller.session == session; });
}

void AdminEvents::EndUser(std::string_view user) {
  EndWhere([user](const Caller& caller) { return caller.user == user; });
}

void AdminEvents::EndWhere(const std::function<bool(const Caller&)>& matches) {
  const std::lock_guard lock(mutex_);
  for (const Listener& listener : listeners_) {
    if (matches(listener.caller)) SayEnd(listener);
  }
  DropEnded();
}

void AdminEvents::SayEnd(const Listener& listener) {
  listener.stream->Send(EventText("session", "ended"));
  listener.stream->End();
}

std::shared_ptr<EventStream> AdminEvents::Open(const Caller& caller,
                                               std::function<bool(const Caller&)> still_in) {
  const std::lock_guard lock(mutex_);
  DropEnded();
  if (stopping_ || listeners_.size() >= kMostStreams) return nullptr;
  if (!thread_.joinable()) thread_ = std::thread([this] { Run(); });
  auto stream = std::make_shared<EventStream>();
  listeners_.push_back({caller, std::move(still_in), stream});
  changed_.notify_all();
  if (opened_) opened_();
  return stream;
}

void AdminEvents::WhenOpened(std::function<void()> tell) {
  const std::lock_guard lock(mutex_);
  opened_ = std::move(tell);
}

std::size_t AdminEvents::streams() {
  const std::lock_guard lock(mutex_);
  DropEnded();
  return listeners_.size();
}

void AdminEvents::Run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (listeners_.empty()) {
      changed_.wait(lock, [this] { return stopping_ || !listeners_.empty(); });
      continue;
    }
    if (changed_.wait_for(lock, every_, [this] { return stopping_; })) return;
    const std::vector<Listener> listeners = listeners_;
    lock.unlock();
    // Whoever is asked may take its time, and may end sessions itself.
    for (const Listener& listener : listeners) {
      if (!listener.still_in(listener.caller)) {
        SayEnd(listener);
      } else {
        listener.stream->Send(":\n\n");
      }
    }
    lock.lock();
    DropEnded();
  }
}

void AdminEvents::DropEnded() {
  std::erase_if(listeners_, [](const Listener& listener) { return listener.stream->ended(); });
}

}  // namespace candor
