// deploy/grafana: every figure that the dashboard draws is one that the server gives.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "tests/node/api/api_fixture.h"
#include "tests/support/places.h"

namespace salus::test {
namespace {

std::set<std::string> drawn_figures() {
  std::ifstream file(source_file("deploy/grafana/salus-node.json"));
  const nlohmann::json dashboard = nlohmann::json::parse(file);
  const std::regex name("salus_[a-z_]+");
  std::set<std::string> names;
  for (const auto& panel : dashboard["panels"])
    for (const auto& target : panel.value("targets", nlohmann::json::array())) {
      const std::string query = target["expr"];
      for (std::sregex_iterator at(query.begin(), query.end(), name), end; at != end; ++at)
        names.insert(at->str());
    }
  return names;
}

TEST(Dashboard, DrawsFiguresThatThereAre) {
  Api api;
  api.post(small_message());
  const std::string figures =  // without what explains them
      std::regex_replace(api.get("/metrics").body, std::regex("#[^\n]*\n"), "");
  const std::set<std::string> drawn = drawn_figures();
  EXPECT_GT(drawn.size(), 10U);
  for (std::string name : drawn)
    EXPECT_TRUE(std::regex_search(figures, std::regex(name.append("[ {]")))) << name;
}

}  // namespace
}  // namespace salus::test
