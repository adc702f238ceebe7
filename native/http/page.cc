#include "native/http/page.h"

#include <algorithm>
#include <string>

#include "native/http/headers.h"
#include "native/http/problem.h"

namespace candor {
namespace {

// Takes "br" unless it says br;q=0 (RFC 9110 section 12.5.3).
bool TakesBrotli(const HttpRequest& request) {
  const auto given = OnlyHeader(request, "Accept-Encoding");
  if (!given) return false;
  std::string_view left = *given;
  while (!left.empty()) {
    const std::size_t end = std::min(left.find(','), left.size());
    const std::string_view item = left.substr(0, end);
    left.remove_prefix(std::min(end + 1, left.size()));
    const std::size_t colon = std::min(item.find(';'), item.size());
    if (!EqualNames(Trimmed(item.substr(0, colon)), "br")) continue;
    const std::string_view weight = Trimmed(item.substr(std::min(colon + 1, item.size())));
    return !weight.starts_with("q=0") || weight.find_first_of("123456789") != weight.npos;
  }
  return false;
}

// Weakly, as RFC 9110 section 13.1.2 has it.
bool KnowsAlready(const HttpRequest& request, std::string_view etag) {
  const auto known = OnlyHeader(request, "If-None-Match");
  return known && (*known == "*" || known->find(etag) != std::string_view::npos);
}

}  // namespace

HttpAnswer AnswerPage(std::span<const PageFile> page, const HttpRequest& request,
                      std::string_view path) {
  if (page.empty()) {
    return ProblemAnswer(404, "this program was built without its page");
  }
  const auto file = std::find_if(page.begin(), page.end(),
                                 [path](const PageFile& each) { return each.path == path; });
  if (file == page.end()) return ProblemAnswer(404, "there is no such file");
  HttpAnswer answer;
  answer.content_type = file->content_type;
  answer.headers = {{"ETag", std::string(file->etag)}, {"Vary", "Accept-Encoding"}};
  answer.headers.emplace_back("Cache-Control",
                              file->hashed ? "public, max-age=31536000, immutable" : "no-store");
  if (file->attachment) {
    answer.headers.emplace_back("Content-Disposition",
                                "attachment; filename=\"candor-offline.html\"");
  }
  if (KnowsAlready(request, file->etag)) {
    answer.status = 304;
    answer.content_type.clear();
    return answer;
  }
  const bool brotli = !file->brotli.empty() && TakesBrotli(request);
  if (brotli) answer.headers.emplace_back("Content-Encoding", "br");
  answer.body = brotli ? file->brotli : file->bytes;
  return answer;
}

}  // namespace candor
