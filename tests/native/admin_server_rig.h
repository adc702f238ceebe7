// A real admin server on real sockets, with a doorkeeper who believes what a request says of itself
// and handlers that say which of them was asked.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "native/admin/admin_server.h"
#include "tests/native/folder.h"
#include "tests/native/local_client.h"
#include "tests/native/simple_doorkeeper.h"

namespace candor {

// What candor_embed_page made of fixtures/page.
std::span<const PageFile> FixturePage();

class AdminServerRig : public ::testing::Test {
 protected:
  void Start(AdminServerOptions options = {}, std::span<const PageFile> page = FixturePage()) {
    if (options.listen.empty()) options.listen = {"127.0.0.1:0"};
    Result<std::unique_ptr<AdminServer>> opened = AdminServer::Open(options);
    ASSERT_TRUE(opened.ok()) << opened.error().where << " " << opened.error().message;
    server_ = std::move(opened).value();
    ASSERT_TRUE(server_->Start(doorkeeper_, handlers_, events_, page).empty());
    const std::string url = server_->Url();
    at_ = url.substr(url.find("//") + 2);
  }

  // A request of a program on this machine; `headers`: lines with their CRLF.
  std::string Text(const std::string& method, const std::string& target,
                   const std::string& headers = "", const std::string& body = "") const {
    std::string text = method + " " + target + " HTTP/1.1\r\nHost: " + at_ + "\r\n" + headers;
    if (!body.empty()) {
      text += "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
              "\r\n";
    }
    return text + "\r\n" + body;
  }
  ClientAnswer Ask(const std::string& method, const std::string& target,
                   const std::string& headers = "", const std::string& body = "") const {
    return AskOnce(at_, Text(method, target, headers, body));
  }

  static std::string As(const std::string& name) {
    return "Cookie: __Host-candor=" + name + "\r\n";
  }
  static std::string WithToken(const std::string& name) {
    return As(name) + "X-Candor-Token: token-of-" + name + "\r\n";
  }

  Folder folder_;
  SimpleDoorkeeper doorkeeper_;
  EchoHandlers handlers_;
  AdminEvents events_{std::chrono::milliseconds(50)};
  std::string at_;  // "127.0.0.1:4321"
  std::unique_ptr<AdminServer> server_;
};

}  // namespace candor
