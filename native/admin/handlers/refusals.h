// What the handlers of the admin API answer when something cannot be done, and how they read what
// they are asked.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/json_value.h"
#include "core/result.h"
#include "native/admin/admin_request.h"
#include "native/http/message.h"

namespace candor {

// 400 for what is no JSON, 404, 409, 422 for what is asked wrongly, 500, and 503 with Retry-After
// for a state that cannot be read or written now.
HttpAnswer RefusedBy(const Problems& problems);
// 409 with "reason": "off", "fields-changed" or "report-changed".
HttpAnswer RefusedAs(std::string_view reason, std::string detail);
// For licence data that the caller may not see.
HttpAnswer ForSuperusers();
bool SeesLicense(const Caller& caller);

// The request's body, of at most the route's size. Errors: those of ReadJson.
Result<JsonValue> BodyOf(const AdminRequest& request);

// `bytes` as a file to be saved under a name of [a-z0-9.-].
HttpAnswer Attachment(std::string bytes, const std::string& name);
HttpAnswer JsonAnswer(std::string document);
// "candor-report-<first 16 of the digest>.json"
std::string ReportName(const std::string& digest);

}  // namespace candor
