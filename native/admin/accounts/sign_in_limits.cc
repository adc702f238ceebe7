#include "native/admin/accounts/sign_in_limits.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace candor {

// A bucket is told by when it will be full: `taken` tries are missing until taken * every_ms from
// now, so another one may be taken while that is at most (burst - 1) * every_ms away.
std::int64_t Buckets::WaitMs(const std::string& key, std::int64_t now_ms) const {
  const auto found = full_at_.find(key);
  if (found == full_at_.end()) return 0;
  return std::max<std::int64_t>(0, found->second - now_ms - (rate_.burst - 1) * rate_.every_ms);
}

void Buckets::Take(const std::string& key, std::int64_t now_ms) {
  auto found = full_at_.find(key);
  if (found == full_at_.end()) {
    if (full_at_.size() >= most_) MakeRoom(now_ms);
    found = full_at_.emplace(key, now_ms).first;
  }
  found->second = std::max(found->second, now_ms) + rate_.every_ms;
}

void Buckets::GiveBack(const std::string& key) {
  const auto found = full_at_.find(key);
  if (found != full_at_.end()) found->second -= rate_.every_ms;
}

void Buckets::MakeRoom(std::int64_t now_ms) {
  std::erase_if(full_at_, [now_ms](const auto& bucket) { return bucket.second <= now_ms; });
  if (full_at_.size() < most_) return;
  // The one that lacks least is missed least.
  full_at_.erase(
      std::min_element(full_at_.begin(), full_at_.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; }));
}

std::optional<std::int64_t> SignInLimits::Take(const std::string& peer, const std::string& name,
                                               bool known) {
  const std::int64_t now = clock_.BootMillis();
  const std::string place = peer + '\n' + name;
  const std::lock_guard<std::mutex> lock(mutex_);
  const std::int64_t wait =
      known
          ? known_.WaitMs(place, now)
          : std::max({peers_.WaitMs(peer, now), accounts_.WaitMs(name, now), all_.WaitMs("", now)});
  if (wait > 0) return wait;
  if (known) {
    known_.Take(place, now);
  } else {
    peers_.Take(peer, now);
    accounts_.Take(name, now);
    all_.Take("", now);
  }
  return std::nullopt;
}

void SignInLimits::GiveBack(const std::string& peer, const std::string& name, bool known) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (known) {
    known_.GiveBack(peer + '\n' + name);
  } else {
    peers_.GiveBack(peer);
    accounts_.GiveBack(name);
    all_.GiveBack("");
  }
}

std::string SignInLimits::PeerKey(std::string_view address) {
  const std::string text(address);
  std::array<unsigned char, 16> bytes{};
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1) return text;
  std::memset(bytes.data() + 8, 0, 8);
  std::array<char, INET6_ADDRSTRLEN> network{};
  inet_ntop(AF_INET6, bytes.data(), network.data(), network.size());
  return std::string(network.data()) + "/64";
}

}  // namespace candor
