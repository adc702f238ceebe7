// What listens beside the reporter and asks the service that runs, such as the admin API; so that
// `candor serve` need not know it.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "native/serve/service.h"

namespace candor {

class Companion {
 public:
  virtual ~Companion() = default;

  // Takes what it needs, before there is a service. Once.
  virtual Problems Open() = 0;
  // From now on `service` is asked; it may end while a request still asks it.
  virtual void Use(const Service& service) = 0;
  // Lets people in. `tell` is given lines for the log. Once, after Use.
  virtual Problems Start(const std::function<void(std::string_view line)>& tell) = 0;
  // The components were asked once more. From any thread.
  virtual void RoundEnded() = 0;
  // Nobody is let in any more.
  virtual void Stop() = 0;
};

}  // namespace candor
