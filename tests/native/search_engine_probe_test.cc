// The probe of Elasticsearch and OpenSearch, over real sockets with answers in the form that the
// projects document.
#include <gtest/gtest.h>

#include <string>

#include "native/probes/search_engine.h"
#include "tests/native/component_server.h"

namespace candor {
namespace {

std::string Answer(const std::string& version, const std::string& tagline) {
  return R"({"name": "n", "cluster_name": "c", "cluster_uuid": "u", "version": {)" + version +
         R"(, "build_type": "tar", "lucene_version": "8.11.3"}, "tagline": ")" + tagline + "\"}";
}
const std::string kElasticsearch =
    Answer(R"("number": "7.17.28", "build_flavor": "default")", "You Know, for Search");
const std::string kOpenSearch = Answer(R"("distribution": "opensearch", "number": "2.19.1")",
                                       "The OpenSearch Project: https://opensearch.org/");

class SearchEngineTest : public testing::Test {
 protected:
  std::string Ask(const std::string& answer, const std::string& path = "/") {
    server_.Serve(path, answer);
    return AskUrl(server_.Url(path));
  }
  static std::string AskUrl(const std::string& url) {
    HttpFetcher fetcher(kSearchLimits);
    const Result<ProbedProduct> product = AskSearchEngine(url, fetcher);
    return product.ok() ? product.value().vendor + " " + product.value().version
                        : product.error().message;
  }
  ComponentServer server_;
};

TEST_F(SearchEngineTest, TellsVendorAndVersion) {
  EXPECT_EQ(Ask(GoodAnswer(kElasticsearch, "application/json")), "elasticsearch 7.17.28");
  EXPECT_EQ(Ask(GoodAnswer(kOpenSearch, "application/json")), "opensearch 2.19.1");
  EXPECT_EQ(Ask(GoodAnswer(kOpenSearch, "application/json"), "/behind/a/proxy"),
            "opensearch 2.19.1");
}

TEST_F(SearchEngineTest, WhatIsNoneIsNotBelieved) {
  const std::string none = "what it answered is not of Elasticsearch or OpenSearch";
  const std::string tagline = "You Know, for Search";
  EXPECT_EQ(Ask(GoodAnswer(Answer(R"("number": "1.0")", "Buy now"))), none);
  EXPECT_EQ(Ask(GoodAnswer(Answer(R"("number": "1.0", "distribution": "x")", tagline))), none);
  for (const char* number :
       {"\"\"", "7", "null", "\"seven.1\"", "\"7.1 <b>\"", "\"7.\\u0000\"", "[\"7.1\"]"}) {
    EXPECT_NE(
        Ask(GoodAnswer(Answer(std::string("\"number\": ") + number, tagline))).find("what it"),
        std::string::npos)
        << number;
  }
  EXPECT_EQ(Ask(GoodAnswer(Answer("\"number\": \"7." + std::string(300, '1') + "\"", tagline))),
            none);
  EXPECT_EQ(Ask(GoodAnswer("<html>")), "what it answered is not JSON");
  EXPECT_EQ(Ask(GoodAnswer("{\"version\": 7}")), none);
  EXPECT_EQ(Ask(GoodAnswer("[]")), "what it answered holds no version");
}

TEST_F(SearchEngineTest, StatusesSizesAndAddressesAreLimited) {
  EXPECT_EQ(Ask("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"), "answered with status 503");
  EXPECT_NE(Ask("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n").find("facts file"),
            std::string::npos);
  EXPECT_EQ(Ask("HTTP/1.1 302 Over there\r\nLocation: " + server_.Url("/secret") +
                "\r\nContent-Length: 0\r\n\r\n"),
            "answered with status 302");
  EXPECT_EQ(server_.Asked().back(), "/");
  EXPECT_EQ(Ask(GoodAnswer(std::string(70'000, ' ') + kOpenSearch)),
            "the answer is longer than 65536 bytes");
  EXPECT_EQ(AskUrl("http://169.254.169.254/"), "its address is link-local, where nothing is asked");
}

TEST_F(SearchEngineTest, OneThatIsDownOrSilentIsSaid) {
  EXPECT_EQ(AskUrl("http://127.0.0.1:1/"),
            "Failed to connect to 127.0.0.1 port 1: Couldn't connect to server");
  Script silent;
  silent.until = Script::Stage::kRequest;
  silent.act = Script::Act::kStall;
  server_.Serve("/", silent);
  EXPECT_EQ(AskUrl(server_.Url("/")), "no whole answer within 5000 ms");
}

}  // namespace
}  // namespace candor
