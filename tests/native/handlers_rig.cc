#include "tests/native/handlers_rig.h"

#include <gtest/gtest.h>

#include "core/json_reader.h"
#include "native/base/clock.h"
#include "native/reporter/facts_draft.h"
#include "native/transport/http_transport.h"
#include "tests/native/openapi_check.h"

namespace candor {

std::string AdminConfig(const std::string& catalogue, const std::string& more) {
  const std::string endpoint = more.find("\"endpoint\"") == std::string::npos
                                   ? R"(, "endpoint": "http://127.0.0.1:9/pings")"
                                   : "";
  const std::string mode =
      more.find("\"mode\"") == std::string::npos ? R"(, "mode": "online")" : "";
  // The Console's report has no fields that may be missing.
  const std::string console =
      catalogue == "console" ? R"(, "customerId": "customer", "installationId": "console-1")" : "";
  return R"({"catalogue": ")" + catalogue + '"' + mode + endpoint + console +
         (more.empty() ? "" : ", " + more) + "}";
}

HandlersRig::HandlersRig(const std::string& config, const std::string& database)
    : database_(database) {
  Configure(config);
}

void HandlersRig::Configure(const std::string& config) {
  SetupOptions options;
  options.config = config;
  Result<Setup> setup = LoadSetup(options);
  if (!setup.ok()) throw std::runtime_error(setup.error().where + setup.error().message);
  const bool off = setup.value().config.mode.value == Mode::kDisabled;
  core_ = std::make_shared<HostCore>(std::move(setup).value(), StatePlace{StateFolder(), database_},
                                     !off, nullptr);
  SetFacts(facts_);
  target_ = std::make_shared<AdminTarget>(core_, SystemClock().BootMillis());
  handlers_.Use(target_);
}

void HandlersRig::SetFacts(const std::string& facts) {
  facts_ = facts;
  FactsDraft draft;
  EXPECT_TRUE(draft.Read(facts).empty());
  core_->book.Replace(std::move(draft));
}

void HandlersRig::Count(std::string_view name, std::uint64_t n) {
  core_->counters->Add(core_->counters->Intern(name), n);
}

HttpAnswer HandlersRig::Ask(const std::string& method, const std::string& target,
                            const std::string& body, const HttpHeaders& headers,
                            const Caller& caller) {
  const HttpRequest http{method, target, headers, body};
  const std::size_t mark = std::min(target.find('?'), target.size());
  RouteMatch match = FindRoute(method, target.substr(0, mark));
  if (match.route == nullptr || match.route->owner != RouteOwner::kHandlers) {
    throw std::runtime_error("not the handlers': " + target);
  }
  const AdminRequest request{http, caller, target.substr(0, mark),
                             mark == target.size() ? "" : target.substr(mark + 1),
                             std::move(match.parts)};
  const HttpAnswer answer = handlers_.Answer(match.route->id, request);
  EXPECT_EQ(WhyNotDescribed(*match.route, answer), "") << method << " " << target << "\n"
                                                       << answer.status << " " << answer.body;
  return answer;
}

std::string HandlersRig::Tag() { return Header(Get("/api/v1/consent"), "ETag"); }

Snapshot HandlersRig::Read() {
  return target_->WithStore([](StateStore& store) { return store.Read(); }).value();
}

Result<SendOutcome> HandlersRig::SendNow() {
  Result<std::unique_ptr<Transport>> transport =
      MakeHttpTransport(HttpOptionsOf(core_->setup.config));
  if (!transport.ok()) return transport.problems();
  return target_->WithStore([&](StateStore& store) {
    Reporter reporter(
        {core_->setup.config, core_->setup.catalogue, store, *core_, SystemClock(), SystemRandom(),
         core_->log, [&]() -> Result<Transport*> { return transport.value().get(); }},
        core_->setup.offered, SystemClock().BootMillis());
    return reporter.SendNow();
  });
}

std::string Header(const HttpAnswer& answer, std::string_view name) {
  for (const auto& [key, value] : answer.headers) {
    if (key == name) return value;
  }
  return {};
}

JsonValue Document(const HttpAnswer& answer) {
  const Result<JsonValue> document = ReadJson(answer.body);
  EXPECT_TRUE(document.ok()) << answer.body;
  return document.ok() ? document.value() : JsonValue();
}

std::string TextAt(const JsonValue& document, std::initializer_list<std::string_view> keys) {
  const JsonValue* at = &document;
  for (const std::string_view key : keys) {
    at = at == nullptr || !at->is_object() ? nullptr : at->Find(key);
  }
  return at == nullptr ? "" : at->text();
}

std::string DigestIn(const HttpAnswer& bundle) {
  EXPECT_EQ(bundle.status, 200) << bundle.body;
  return TextAt(Document(bundle), {"report", "digest"});
}

std::string GrantOf(const std::string& digest, const std::string& withheld) {
  return R"({"verdict": "granted", "withheld": )" + withheld + R"(, "digest": ")" + digest + "\"}";
}

}  // namespace candor
