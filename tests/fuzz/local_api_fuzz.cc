// Any bytes as requests of the local API, over the socket and over TCP: nothing but the answer of
// the route comes of one, refusals are problem documents, and a count grows by what was answered
// with 204 and by nothing else.
#include <cstdlib>
#include <filesystem>

#include "core/json_reader.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/http_text.h"
#include "tests/native/folder.h"
#include "tests/native/local_target.h"

namespace candor {
namespace {

constexpr std::string_view kToken =
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

void CheckAnswer(const HttpAnswer& answer) {
  Require(answer.status >= 200 && answer.status <= 599, "an answer has a status");
  Require(answer.content_type.empty() == answer.body.empty() || answer.status == 200,
          "and a type where it has a body");
  if (answer.status < 400) return;
  const Result<JsonValue> document = ReadJson(answer.body);
  Require(document.ok() && document.value().is_object(), "a refusal is a document");
  std::int64_t status = 0;
  const JsonValue* const told = document.value().Find("status");
  Require(told != nullptr && told->AsInteger(&status) && status == answer.status,
          "that tells its status");
}

std::uint64_t Sum(const CounterTotals& totals) {
  std::uint64_t sum = 0;
  for (const auto& item : totals.values) sum += item.second;
  return sum;
}

bool BringsToken(const HttpRequest& request) {
  for (const auto& header : request.headers) {
    if (header.second.find(kToken) != std::string::npos) return true;
  }
  return false;
}

bool IsOpen(const HttpRequest& request) {
  return request.target == "/metrics" || request.target == "/healthz";
}

void CheckAsk(const HttpRequest& request) {
  const LocalAccess network{true, std::string(kToken)};
  const auto stranger = RefuseLocal(request, network);
  if (stranger) CheckAnswer(*stranger);
  Require(stranger || IsOpen(request) || BringsToken(request), "TCP needs the token");
  const auto refusal = RefuseLocal(request, {});
  Require(stranger || !refusal, "what TCP may ask the socket may ask");
  if (refusal) return CheckAnswer(*refusal);

  const Folder folder;
  TestTarget target(folder.Path("facts"));
  const HttpAnswer answer = AnswerLocal(request, target);
  CheckAnswer(answer);
  const std::uint64_t sum = Sum(target.Totals());
  const bool counted = request.target == "/v1/counts" && answer.status == 204;
  Require(sum == 0 || counted, "nothing else counts");
  const bool stated = request.method == "PUT" && answer.status == 201;
  Require(std::filesystem::exists(folder.Path("facts")) == stated ||
              (request.method == "PUT" && answer.status >= 400),
          "nothing else is kept");
  std::size_t entries = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.Path("."))) {
    Require(entry.path().filename() == "facts", "no name leaves the folder");
    ++entries;
  }
  Require(entries <= 1, "and there is one folder");
}

}  // namespace
}  // namespace candor

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  candor::CheckAsk(candor::RequestIn(candor::AsText(data, size)));
  return 0;
}
