// The doorkeeper behind the table of routes, asked as the server asks it, but without a socket.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "core/base64.h"
#include "core/json_reader.h"
#include "native/admin/door/door.h"
#include "native/admin/routes.h"
#include "tests/native/admin_rig.h"

namespace candor {

// One browser, or one program: where it is, and the headers that it sends.
struct Client {
  std::string address = "192.0.2.7";
  HttpHeaders headers = {};
  std::string cookie = {};  // The session cookie's value, as it was set last.
};

struct DoorRig {
  explicit DoorRig(DoorOptions wanted = {}) : options(std::move(wanted)) {
    options.state_folder = folder.Path("state");
    options.hash_cost = kQuickHash;
    options.version = "0.1.0";
    Open();
  }
  // Again, as after a restart.
  void Open() {
    door = nullptr;
    door = Door::Open(options, clock, SystemRandom()).value();
  }
  // As a command beside the server does.
  void Add(const std::string& name, Role role, const std::string& password = kGoodPassword) {
    const auto problems = Beside().accounts->Add({name, role, password}, {"root", "command line"});
    ASSERT_FALSE(problems) << problems->list().front().message;
  }
  struct Others {
    std::unique_ptr<AdminDatabase> database;
    std::unique_ptr<PasswordHasher> hasher;
    std::unique_ptr<Accounts> accounts;
  };
  Others Beside() {
    Others others;
    others.database = AdminDatabase::Open(folder.Path("state"), SystemRandom()).value();
    others.hasher = std::make_unique<PasswordHasher>(kQuickHash);
    others.accounts = std::make_unique<Accounts>(*others.database, *others.hasher, clock);
    return others;
  }

  HttpRequest RequestOf(const Client& client, const std::string& method, const std::string& path,
                        const std::string& body = {}) const {
    HttpRequest request{method, path, client.headers, body};
    if (!client.cookie.empty()) {
      request.headers.emplace_back("Cookie", "__Host-candor=" + client.cookie);
    }
    return request;
  }
  Doorkeeper::Identified Identify(const Client& client) {
    return door->Identify(RequestOf(client, "GET", "/"), {.address = client.address});
  }
  // What the server does with a request that its guard lets in; 401 and 403 are the server's.
  HttpAnswer Ask(Client& client, const std::string& method, const std::string& path,
                 const std::string& body = {}) {
    const HttpRequest request = RequestOf(client, method, path, body);
    const RouteMatch match = FindRoute(method, path);
    if (match.route == nullptr) return {.status = 404};
    Doorkeeper::Identified who = door->Identify(request, {.address = client.address});
    if (who.refusal) return *who.refusal;
    if (who.caller.role < match.route->role) {
      return {.status = who.caller.user.empty() ? 401 : 403};
    }
    if (match.route->needs_token) {
      if (auto refusal = door->RefuseToken(request, who.caller)) return *refusal;
    }
    const AdminRequest asked{request, who.caller, path, "", match.parts};
    HttpAnswer answer = door->Answer(match.route->id, asked);
    for (const auto& [name, value] : answer.headers) {
      if (name == "Set-Cookie") client.cookie = value.substr(14, value.find(';') - 14);
    }
    return answer;
  }
  // With the token that GET session gives.
  HttpAnswer Change(Client& client, const std::string& method, const std::string& path,
                    const std::string& body = {}) {
    Client with_token = client;
    with_token.headers.emplace_back("X-Candor-Token",
                                    Member(Ask(client, "GET", kSessionPath), "csrf"));
    HttpAnswer answer = Ask(with_token, method, path, body);
    client.cookie = with_token.cookie;
    return answer;
  }
  HttpAnswer SignIn(Client& client, const std::string& name,
                    const std::string& password = kGoodPassword) {
    return Ask(client, "POST", kSessionPath,
               R"({"name":")" + name + R"(","password":")" + password + "\"}");
  }
  // A text, or "" for null and what is not there.
  static std::string Member(const HttpAnswer& answer, std::string_view key) {
    const Result<JsonValue> body = ReadJson(answer.body);
    const JsonValue* value = body.ok() ? body.value().Find(key) : nullptr;
    return value == nullptr ? "" : value->text();
  }
  static std::string Header(const HttpAnswer& answer, std::string_view name) {
    for (const auto& [key, value] : answer.headers) {
      if (key == name) return value;
    }
    return {};
  }

  static constexpr char kSessionPath[] = "/api/v1/session";
  Folder folder{MemoryFolder()};
  TurnableClock clock;
  DoorOptions options;
  std::unique_ptr<Door> door;
};

inline std::pair<std::string, std::string> BasicHeader(const std::string& name,
                                                       const std::string& password) {
  const std::string both = name + ':' + password;
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(both.data());
  return {"Authorization", "Basic " + Base64({bytes, both.size()})};
}

}  // namespace candor
