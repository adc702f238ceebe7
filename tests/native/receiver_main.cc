// A receiver for trying things out and for tests: prints its address, keeps what it accepts as
// FOLDER/ID.json, and prints a line for each request.
#include <signal.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "core/sha256.h"
#include "tests/native/receiver.h"

namespace candor {
namespace {

constexpr const char* kHelp =
    R"(test_receiver [OPTIONS] FOLDER

Listens on 127.0.0.1 and prints the endpoint as its first line. Every report that it accepts is
stored as FOLDER/ID.json, ID being its Idempotency-Key, and answered with 202. Ends on SIGTERM.

  --port N           listen there, not on a free port
  --tls              https, with an authority of its own in FOLDER/ca.pem
  --status N         answer that; only 2xx stores anything
  --retry-after S    with a field Retry-After
  --lose-replies N   the first N reports are stored, and their connections closed without an answer

Lines, separated by single spaces:
  accepted ID sha256:DIGEST BYTES    stored
  again ID sha256:DIGEST BYTES       the same report came once more
  differs ID sha256:DIGEST BYTES     other bytes came under the same id: refused with 409
  damaged ID sha256:DIGEST BYTES     the bytes are not those of Content-Digest: refused with 400
  refused ID sha256:DIGEST BYTES     answered as --status says
)";

struct Options {
  std::string folder;
  std::uint16_t port = 0;
  bool tls = false;
  int status = 202;
  std::string fields;
  int lose = 0;
};

std::optional<Options> ReadOptions(int count, char** texts) {
  Options options;
  for (int i = 1; i < count; ++i) {
    const std::string_view name = texts[i];
    const auto number = [&] { return ++i < count ? std::atoi(texts[i]) : 0; };
    if (name == "--tls") {
      options.tls = true;
    } else if (name == "--port") {
      options.port = static_cast<std::uint16_t>(number());
    } else if (name == "--status") {
      options.status = number();
    } else if (name == "--retry-after") {
      options.fields = "Retry-After: " + std::to_string(number()) + "\r\n";
    } else if (name == "--lose-replies") {
      options.lose = number();
    } else if (name.starts_with("-") || !options.folder.empty()) {
      return std::nullopt;
    } else {
      options.folder = name;
    }
  }
  if (options.folder.empty() || options.status < 200 || options.status > 599) return std::nullopt;
  return options;
}

class Keeper {
 public:
  explicit Keeper(const Options& options) : options_(options) {}

  Script Decide(const Received& request) {
    const std::lock_guard lock(mutex_);
    const std::string id = request.Header("Idempotency-Key");
    const std::string digest = Sha256Hex(request.body);
    const auto say = [&](const char* what) {
      std::printf("%s %s sha256:%s %zu\n", what, id.c_str(), digest.c_str(), request.body.size());
      std::fflush(stdout);
    };
    if (!IsFileName(id) || !request.HasItsDigest()) return say("damaged"), Answers(400);
    if (options_.status >= 300) return say("refused"), Answers(options_.status, options_.fields);
    const std::string path = options_.folder + "/" + id + ".json";
    if (const std::optional<std::string> kept = Read(path)) {
      if (*kept != request.body) return say("differs"), Answers(409);
      say("again");
    } else {
      std::ofstream(path, std::ios::binary) << request.body << std::flush;
      say("accepted");
    }
    Script script = options_.status == 202 ? Script() : Answers(options_.status, options_.fields);
    if (options_.lose-- > 0) script.until = Script::Stage::kRequest;
    return script;
  }

 private:
  static bool IsFileName(const std::string& id) {
    return !id.empty() && id.size() <= 200 && id[0] != '.' &&
           id.find_first_not_of(
               "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
               ".") == std::string::npos;
  }

  static std::optional<std::string> Read(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return std::nullopt;
    return std::string(std::istreambuf_iterator<char>(file), {});
  }

  std::mutex mutex_;
  Options options_;
};

int Main(int count, char** texts) {
  const std::optional<Options> options = ReadOptions(count, texts);
  if (!options) {
    std::fputs(kHelp, stderr);
    return 1;
  }
  // Before there are threads, so that only sigwait gets them.
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  sigprocmask(SIG_BLOCK, &ends, nullptr);
  Keeper keeper(*options);
  ReceiverOptions receiver_options;
  receiver_options.port = options->port;
  receiver_options.decide = [&](const Received& request) { return keeper.Decide(request); };
  if (options->tls) {
    const CertificateAuthority authority("Test receiver");
    receiver_options.tls = true;
    receiver_options.identity = authority.Issue({.names = {"localhost", "127.0.0.1"}});
    std::ofstream(options->folder + "/ca.pem") << authority.certificate();
  }
  const Receiver receiver(receiver_options);
  std::printf("%s\n", receiver.Endpoint().c_str());
  std::fflush(stdout);
  int signal = 0;
  sigwait(&ends, &signal);
  return 0;
}

}  // namespace
}  // namespace candor

int main(int count, char** texts) { return candor::Main(count, texts); }
