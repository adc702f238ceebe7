// The probe of Java: Debian's own, and programs that are none.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <string>
#include <thread>

#include "native/probes/java.h"
#include "tests/native/folder.h"
#include "tests/native/run_program.h"

namespace candor {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

Result<ProbedProduct> Ask(const std::string& java) {
  const Cancellation never;
  return AskJava(java, never);
}

std::string WhyNot(const Result<ProbedProduct>& product) {
  return product.ok() ? "it answered: " + product.value().version : product.error().message;
}

bool Runs(const std::string& process) {
  std::ifstream file("/proc/" + process + "/stat");
  std::string number, name, state;
  return file >> number >> name >> state && state != "Z";
}

class JavaTest : public testing::Test {
 protected:
  // A program in place of java.
  std::string Script(const std::string& text) const {
    return folder_.Write("java", "#!/bin/sh\n" + text + "\n", 0700);
  }
  // What a script wrote there once it ran.
  std::string Written(const std::string& name) const {
    std::ifstream file(folder_.Path(name));
    std::string word;
    file >> word;
    return word;
  }
  const Folder folder_;
};

TEST_F(JavaTest, TheRealOneTellsItsProperties) {
  if (RunLine("java -version").status != 0) GTEST_SKIP() << "needs java";
  // With it no JVM starts.
  ::setenv("JAVA_TOOL_OPTIONS", "-XX:Nonsense", 1);
  const Result<ProbedProduct> product = Ask("java");
  ::unsetenv("JAVA_TOOL_OPTIONS");
  ASSERT_TRUE(product.ok()) << WhyNot(product);
  const std::string printed = RunLine("java -XshowSettings:properties -version").output;
  const auto holds = [&printed](const std::string& line) {
    return printed.find("    " + line + "\n") != std::string::npos;
  };
  EXPECT_TRUE(holds("java.version = " + product.value().version)) << product.value().version;
  EXPECT_TRUE(holds("java.vm.vendor = " + product.value().vendor)) << product.value().vendor;
}

TEST_F(JavaTest, OneWithoutTheOptionIsAskedAgain) {
  const std::string java = Script(
      "[ \"$1\" = -version ] || { echo 'Unrecognized option' >&2; exit 1; }\n"
      "echo 'java version \"1.6.0_45\"' >&2");
  const Result<ProbedProduct> product = Ask(java);
  ASSERT_TRUE(product.ok()) << WhyNot(product);
  EXPECT_EQ(product.value().version, "1.6.0_45");
  EXPECT_EQ(product.value().vendor, "");
}

TEST_F(JavaTest, WhatIsNoJavaGivesAReason) {
  EXPECT_EQ(WhyNot(Ask(folder_.Path("absent"))), "No such file or directory");
  EXPECT_EQ(WhyNot(Ask(folder_.Path(""))), "Permission denied");
  EXPECT_EQ(WhyNot(Ask(Script(":"))), "what it printed tells no version of Java");
  EXPECT_EQ(WhyNot(Ask(Script("exit 3"))), "it ended with status 3");
  EXPECT_EQ(WhyNot(Ask(Script("kill -9 $$"))), "it was ended by signal 9");
}

TEST_F(JavaTest, TenMegabytesAreNotRead) {
  const auto begin = Clock::now();
  EXPECT_EQ(WhyNot(Ask(Script("head -c 10000000 /dev/zero >&2"))),
            "it printed more than 65536 bytes");
  EXPECT_LT(Clock::now() - begin, 4s);
}

TEST_F(JavaTest, OneThatHangsIsEndedWithAllThatItStarted) {
  const std::string java = Script("sleep 100 & echo $! > " + folder_.Path("inner") + "; sleep 100");
  const auto begin = Clock::now();
  EXPECT_EQ(WhyNot(Ask(java)), "it did not end within 5000 ms");
  EXPECT_LT(Clock::now() - begin, 7s);
  const std::string inner = Written("inner");
  ASSERT_NE(inner, "");
  for (int i = 0; i < 100 && Runs(inner); ++i) std::this_thread::sleep_for(10ms);
  EXPECT_FALSE(Runs(inner));
}

TEST_F(JavaTest, OneThatLeavesAnotherWithItsOutputIsNotWaitedFor) {
  const auto begin = Clock::now();
  const Result<ProbedProduct> product =
      Ask(Script("sleep 100 &\necho 'openjdk version \"21.0.1\" 2023-10-17' >&2"));
  ASSERT_TRUE(product.ok()) << WhyNot(product);
  EXPECT_LT(Clock::now() - begin, 2s);
}

TEST_F(JavaTest, ItHasNeitherInputNorDescriptorsNorOurSignalMask) {
  const std::string java =
      Script("ls /proc/self/fd > " + folder_.Path("fds") + "; read line; echo \"<$line>\" > " +
             folder_.Path("input") + "; sed -n 's/^SigBlk:\\t*//p' /proc/self/status > " +
             folder_.Path("mask"));
  sigset_t all, before;
  sigfillset(&all);
  ::pthread_sigmask(SIG_BLOCK, &all, &before);
  const int open = ::dup(1);
  EXPECT_FALSE(Ask(java).ok());
  ::close(open);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  EXPECT_EQ(Written("input"), "<>");
  EXPECT_EQ(Written("mask"), "0000000000000000");
  // ls itself opens number 3.
  EXPECT_EQ(RunLine("echo $(cat " + folder_.Path("fds") + ")").output, "0 1 2 3\n");
}

TEST(ReadJavaTest, FollowsTheEnginesRuleForVendors) {
  const auto vendor = [](const std::string& vm_vendor, const std::string& name) {
    const Result<ProbedProduct> product =
        ReadJava("Property settings:\n    java.version = 11.0.2\n    java.vm.name = " + name +
                 "\n    java.vm.vendor = " + vm_vendor + "\n");
    return product.ok() ? product.value().vendor : "refused";
  };
  EXPECT_EQ(vendor("Oracle Corporation", "OpenJDK 64-Bit Server VM"), "OpenJDK");
  EXPECT_EQ(vendor("Oracle Corporation", "Java HotSpot(TM) 64-Bit Server VM"),
            "Oracle Corporation");
  EXPECT_EQ(vendor("Eclipse OpenJ9", "Eclipse OpenJ9 VM"), "Eclipse OpenJ9");
  EXPECT_EQ(vendor("\x1b[31mred", "x"), "");
}

TEST(ReadJavaTest, WithoutPropertiesTheVersionLinesCount) {
  const Result<ProbedProduct> oracle = ReadJava(
      "java version \"1.8.0_202\"\nJava(TM) SE Runtime Environment (build 1.8.0_202-b08)\n"
      "Java HotSpot(TM) 64-Bit Server VM (build 25.202-b08, mixed mode)\n");
  ASSERT_TRUE(oracle.ok());
  EXPECT_EQ(oracle.value().version, "1.8.0_202");
  EXPECT_EQ(oracle.value().vendor, "Oracle Corporation");
  EXPECT_FALSE(ReadJava("java version 17").ok());
  EXPECT_FALSE(ReadJava("java version \"" + std::string(500, '1') + "\"\n").ok());
}

}  // namespace
}  // namespace candor
