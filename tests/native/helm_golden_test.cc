// The Console's configuration as the vendor's chart renders it, found beside the corpora.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "core/config.h"
#include "native/import/environment.h"
#include "native/import/source.h"

namespace candor {
namespace {

std::string ReadAll(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

TEST(HelmGoldenTest, IsTheConfigurationOfTheGoldenCase) {
  const char* corpora = std::getenv("CANDOR_CORPORA");
  if (corpora == nullptr) GTEST_SKIP() << "CANDOR_CORPORA is not set: no charts to test with";
  const std::string name = "console-configmap-golden-8.5.yaml";
  const auto documents =
      ParseConfigText(name, ReadAll(std::string(corpora) + "/../data/helm/" + name));
  ASSERT_TRUE(documents.ok());
  std::vector<ConfigSource> sources = documents.value();
  const auto environment = EnvironmentSource({{"CAMUNDA_CONSOLE_CUSTOMERID", "urbanisierung"},
                                              {"CAMUNDA_CONSOLE_INSTALLATIONID", "my-deployment"},
                                              {"CAMUNDA_CONSOLE_TELEMETRY", "download"}},
                                             sources);
  ASSERT_TRUE(environment.ok());
  sources.push_back(environment.value());
  const auto config = ReadConfig(sources);
  ASSERT_TRUE(config.ok());
  EXPECT_EQ(ConfigJson(config.value()), ReadAll("tests/golden/console-helm-8.5/config.json"));
}

}  // namespace
}  // namespace candor
