// The page's files, as they are in the program. Looked up by their whole path: there is no file
// system behind this.
#pragma once

#include <span>
#include <string_view>

#include "native/http/message.h"

namespace candor {

struct PageFile {
  std::string_view path;  // "/", "/assets/index-BNr1cRAh.js"
  std::string_view content_type;
  std::string_view etag;  // With its quotation marks.
  std::string_view bytes;
  std::string_view brotli;  // The same, compressed; "" where that is not smaller.
  bool hashed = false;      // Its name changes with it.
  bool attachment = false;  // To be kept, not to be opened here.
};

// REQUIRES: the method is GET or HEAD.
HttpAnswer AnswerPage(std::span<const PageFile> page, const HttpRequest& request,
                      std::string_view path);

}  // namespace candor
