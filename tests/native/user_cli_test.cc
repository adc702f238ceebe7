// candor user, as it is typed.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <csignal>
#include <string>
#include <utility>
#include <vector>

#include "tests/native/folder.h"
#include "tests/native/run_program.h"

namespace candor {
namespace {

class UserCliTest : public testing::Test {
 protected:
  std::string Line(const std::string& rest) const {
    return std::string(CANDOR_PROGRAM) + " user " + rest + " --state-folder " + state_;
  }
  Ran Add(const std::string& name, const std::string& more = "") {
    return RunLine("{ echo 'four words in a row' | " + Line("add " + more + " " + name) + "; }");
  }
  Folder folder_;
  const std::string state_ = folder_.Path("state");
};

// A program at a terminal of its own.
class Terminal {
 public:
  explicit Terminal(const std::vector<std::string>& words) {
    child_ = ::forkpty(&end_, nullptr, nullptr, nullptr);
    if (child_ != 0) return;
    std::vector<char*> arguments;
    for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    ::execv(arguments[0], arguments.data());
    ::_exit(127);
  }
  ~Terminal() { ::close(end_); }
  // Reads until it has said so; false after 20 s or at its end.
  bool Says(const std::string& text) {
    while (said_.find(text, seen_) == std::string::npos) {
      if (!Read()) return false;
    }
    seen_ = said_.find(text, seen_) + text.size();
    return true;
  }
  void Type(const std::string& text) {
    EXPECT_EQ(::write(end_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  bool echoes() const {
    termios now{};
    ::tcgetattr(end_, &now);
    return (now.c_lflag & ECHO) != 0;
  }
  // The exit status, or minus the signal's number.
  int End() {
    while (Read()) {
    }
    if (is_late_) ::kill(child_, SIGKILL);
    int status = 0;
    ::waitpid(child_, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }
  const std::string& said() const { return said_; }
  pid_t child() const { return child_; }

 private:
  bool Read() {
    pollfd wait{end_, POLLIN, 0};
    char bytes[256];
    is_late_ = ::poll(&wait, 1, 20'000) != 1;
    if (is_late_) return false;
    const ssize_t size = ::read(end_, bytes, sizeof(bytes));
    if (size <= 0) return false;
    said_.append(bytes, static_cast<std::size_t>(size));
    return true;
  }

  int end_ = -1;
  pid_t child_ = -1;
  bool is_late_ = false;
  std::string said_;
  std::size_t seen_ = 0;
};

TEST_F(UserCliTest, KeepsAccounts) {
  EXPECT_EQ(Add("Ada").status, 0);
  EXPECT_EQ(Add("bob").status, 0);
  const Ran listed = RunLine(Line("list --json"));
  EXPECT_EQ(listed.status, 0);
  EXPECT_NE(listed.output.find("\"name\": \"Ada\",\n      \"role\": \"superuser\""),
            std::string::npos)
      << listed.output;
  EXPECT_NE(listed.output.find("\"name\": \"bob\",\n      \"role\": \"viewer\""),
            std::string::npos);
  EXPECT_EQ(listed.output.find("argon2"), std::string::npos);
  EXPECT_EQ(RunLine(Line("role bob superuser")).status, 0);
  EXPECT_EQ(RunLine(Line("remove ada")).status, 0);
  const Ran refused = RunLine(Line("remove bob"));
  EXPECT_EQ(refused.status, 2);
  EXPECT_NE(refused.output.find("last superuser"), std::string::npos) << refused.output;
  const Ran lowered = RunLine(Line("role bob viewer"));
  EXPECT_EQ(lowered.status, 2);
  EXPECT_EQ(lowered.output.find("--role"), std::string::npos) << lowered.output;
  EXPECT_NE(lowered.output.find("ROLE"), std::string::npos) << lowered.output;
  const Ran audit = RunLine(Line("audit"));
  EXPECT_EQ(audit.status, 0);
  EXPECT_NE(audit.output.find("\"from\": \"command line\""), std::string::npos);
}

TEST_F(UserCliTest, SaysEveryMistakeWithItsPlace) {
  const Ran ran = RunLine("{ echo short | " + Line("add a:b --role root") + "; }");
  EXPECT_EQ(ran.status, 2);
  for (const char* place : {"NAME", "--role", "the password"}) {
    EXPECT_NE(ran.output.find(place), std::string::npos) << ran.output;
  }
}

TEST_F(UserCliTest, TakesAPasswordFromAFile) {
  const std::string file = folder_.Write("password", "four words in a row\n");
  EXPECT_EQ(RunLine(Line("add ada --password-file " + file)).status, 0);
  folder_.Write("password", "another four words");
  EXPECT_EQ(RunLine(Line("passwd ADA --password-file " + file)).status, 0);
  folder_.Write("password", "two\nlines of words\n");
  EXPECT_EQ(RunLine(Line("passwd ada --password-file " + file)).status, 1);
  EXPECT_EQ(RunLine(Line("passwd ada --password-file " + file + ".not")).status, 1);
  EXPECT_EQ(RunLine(Line("passwd eve --password-file " + file)).status, 2);
}

TEST_F(UserCliTest, TakesNoPasswordFromItsArguments) {
  EXPECT_EQ(RunLine(Line("add ada fourwordsinarow")).status, 1);
  EXPECT_EQ(RunLine(Line("add ada --password fourwordsinarow")).status, 1);
  EXPECT_EQ(RunLine(Line("add ada")).status, 2);
}

TEST_F(UserCliTest, DoesNotShowWhatIsTyped) {
  Terminal terminal({CANDOR_PROGRAM, "user", "add", "ada", "--state-folder", state_});
  ASSERT_TRUE(terminal.Says("Password for ada: ")) << terminal.said();
  EXPECT_FALSE(terminal.echoes());
  terminal.Type("four words in a row\n");
  ASSERT_TRUE(terminal.Says("again: ")) << terminal.said();
  terminal.Type("four words in a row\n");
  EXPECT_EQ(terminal.End(), 0) << terminal.said();
  EXPECT_EQ(terminal.said().find("four words"), std::string::npos);
  EXPECT_NE(terminal.said().find("Added ada as a superuser."), std::string::npos);
}

TEST_F(UserCliTest, WantsTheSamePasswordTwice) {
  Terminal terminal({CANDOR_PROGRAM, "user", "add", "ada", "--state-folder", state_});
  ASSERT_TRUE(terminal.Says("Password for ada: "));
  terminal.Type("four words in a row\n");
  ASSERT_TRUE(terminal.Says("again: "));
  terminal.Type("four words in a roW\n");
  EXPECT_EQ(terminal.End(), 1);
  EXPECT_NE(RunLine(Line("list")).output.find("no account"), std::string::npos);
}

TEST_F(UserCliTest, ShowsWhatIsTypedAgainWhenItEnds) {
  for (const auto& [typed, end] :
       std::vector<std::pair<std::string, int>>{{"four wo\x03", -SIGINT},
                                                {"four wo\x1c", -SIGQUIT},
                                                {"\x04", 1},
                                                {"four words in a row\nanother\n", 1}}) {
    Terminal terminal({CANDOR_PROGRAM, "user", "add", "ada", "--state-folder", state_});
    ASSERT_TRUE(terminal.Says("Password for ada: "));
    ASSERT_FALSE(terminal.echoes());
    terminal.Type(typed);
    EXPECT_EQ(terminal.End(), end);
    EXPECT_TRUE(terminal.echoes()) << end;
    EXPECT_EQ(terminal.said().find("four"), std::string::npos) << terminal.said();
  }
}

TEST_F(UserCliTest, ShowsWhatIsTypedAgainWhenTerminated) {
  Terminal terminal({CANDOR_PROGRAM, "user", "add", "ada", "--state-folder", state_});
  ASSERT_TRUE(terminal.Says("Password for ada: "));
  ASSERT_FALSE(terminal.echoes());
  ::kill(terminal.child(), SIGTERM);
  EXPECT_EQ(terminal.End(), -SIGTERM);
  EXPECT_TRUE(terminal.echoes());
}

TEST_F(UserCliTest, ShowsWhatIsTypedWhileItIsStopped) {
  Terminal terminal({"/bin/sh", "-mc", Line("add ada") + "; echo stopped; read go; fg"});
  ASSERT_TRUE(terminal.Says("Password for ada: "));
  ASSERT_FALSE(terminal.echoes());
  terminal.Type("four\x1a");
  ASSERT_TRUE(terminal.Says("stopped")) << terminal.said();
  EXPECT_TRUE(terminal.echoes());
  terminal.Type("go\n");
  ASSERT_TRUE(terminal.Says("Password for ada: ")) << terminal.said();
  EXPECT_FALSE(terminal.echoes());
  terminal.Type("four words in a row\n");
  ASSERT_TRUE(terminal.Says("again: "));
  terminal.Type("four words in a row\n");
  EXPECT_EQ(terminal.End(), 0) << terminal.said();
  EXPECT_EQ(terminal.said().find("four"), std::string::npos) << terminal.said();
}

TEST_F(UserCliTest, LeavesIgnoredSignalsAlone) {
  Terminal terminal({"/bin/sh", "-c", "trap '' INT; exec " + Line("add ada")});
  ASSERT_TRUE(terminal.Says("Password for ada: "));
  terminal.Type("\x03");
  terminal.Type("four words in a row\n");
  ASSERT_TRUE(terminal.Says("again: ")) << terminal.said();
  terminal.Type("four words in a row\n");
  EXPECT_EQ(terminal.End(), 0) << terminal.said();
}

TEST_F(UserCliTest, RefusesAFolderOfOthers) {
  const Ran ran = RunLine(std::string(CANDOR_PROGRAM) + " user list --state-folder /tmp");
  EXPECT_EQ(ran.status, 1);
  EXPECT_NE(ran.output.find("/tmp"), std::string::npos);
}

}  // namespace
}  // namespace candor
