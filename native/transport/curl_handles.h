// What every use of libcurl here needs. Internal to native/transport.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>
#include <string_view>

namespace candor {

struct CurlEasyDeleter {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct CurlMultiDeleter {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};
struct CurlListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using CurlEasy = std::unique_ptr<CURL, CurlEasyDeleter>;
using CurlMulti = std::unique_ptr<CURLM, CurlMultiDeleter>;
using CurlList = std::unique_ptr<curl_slist, CurlListDeleter>;

// Initialises libcurl once in a process, when something is about to leave; again after a failure.
bool InitCurl();

// What went wrong, of CURLOPT_ERRORBUFFER or else of the code. Without the milliseconds that
// libcurl tells for a connection that failed: the same trouble must read the same each time.
std::string CurlReason(std::string_view buffer, CURLcode code);

// For CURLOPT_SSL_CTX_FUNCTION: otherwise libcurl writes the keys of every connection to the file
// that SSLKEYLOGFILE names. Null where libcurl does not use OpenSSL.
using CurlTlsCallback = CURLcode (*)(CURL*, void*, void*);
CurlTlsCallback KeepTlsKeysSecret();

}  // namespace candor
