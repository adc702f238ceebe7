#include "native/http/security_headers.h"

namespace candor {

void AddSecurityHeaders(HttpAnswer& answer, std::string_view policy) {
  answer.headers.emplace_back("Content-Security-Policy", policy);
  answer.headers.emplace_back("Referrer-Policy", "no-referrer");
  answer.headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
  answer.headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
  answer.headers.emplace_back("X-Frame-Options", "DENY");
}

}  // namespace candor
