// `salus node blocks` and `salus node block`: what a running node's chain has.
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "cli/arguments.h"
#include "cli/node_client.h"
#include "cli/node_commands.h"
#include "cli/output.h"
#include "cli/table.h"
#include "engine/error.h"

namespace salus::cli {
namespace {

using nlohmann::json;

struct BlocksOptions {
  NodeClientOptions client;
  std::uint64_t count = 10;
  std::optional<std::uint64_t> last;
};

struct BlockOptions {
  NodeClientOptions client;
  std::string block;
  std::uint64_t first = 0;
  std::uint64_t count = 100;
};

std::string time_text(const json& block) {
  const auto seconds = static_cast<std::time_t>(block.at("time").get<std::uint32_t>());
  return fmt::format("{:%FT%TZ}", fmt::gmtime(seconds));
}

json block_at(const NodeClientOptions& options, const Global& global, const std::string& block,
              std::uint64_t first, std::uint64_t count) {
  return ask_node(options, global,
                  fmt::format("/v1/blocks/{}?first={}&limit={}", block, first, count));
}

/// The last ones first.
json last_blocks(const BlocksOptions& options, const Global& global) {
  const json status = ask_node(options.client, global, "/v1/status");
  const auto height =
      shown(options.client, [&] { return status.at("height").get<std::uint64_t>(); });
  const std::uint64_t last = std::min(options.last.value_or(height), height);
  json blocks = json::array();
  for (std::uint64_t i = 0; i < options.count && i <= last; ++i)
    blocks.push_back(block_at(options.client, global, std::to_string(last - i), 0, 0));
  return blocks;
}

std::string blocks_text(const json& blocks) {
  using enum Table::Align;
  Table table({{"height", right}, {"time"}, {"statements", right}, {"id"}});
  for (const json& block : blocks)
    table.add_row({std::to_string(block.at("height").get<std::uint64_t>()), time_text(block),
                   std::to_string(block.at("statements").get<std::uint64_t>()),
                   printable(block.at("id").get<std::string>())});
  return table.text();
}

std::string block_text(const json& block) {
  std::string text = fmt::format(
      "block        {}\nheight       {}, {} blocks above it{}\nprevious     {}\nmerkle root  {}\n"
      "time         {}\nbits         {:08x}\nnonce        {:08x}\nstatements   {}\n",
      printable(block.at("id").get<std::string>()), block.at("height").get<std::uint64_t>(),
      block.at("blocks_above").get<std::uint64_t>(), block.at("state") == "final" ? ", final" : "",
      printable(block.at("previous").get<std::string>()),
      printable(block.at("merkle_root").get<std::string>()), time_text(block),
      block.at("bits").get<std::uint32_t>(), block.at("nonce").get<std::uint32_t>(),
      block.at("statements").get<std::uint64_t>());
  auto number = block.at("first").get<std::uint64_t>();
  for (const json& id : block.at("statement_ids"))
    text += fmt::format("{:>11}  {}\n", number++, printable(id.get<std::string>()));
  return text;
}

int run_blocks(const BlocksOptions& options, const Global& global) {
  const json blocks = last_blocks(options, global);
  write_out(options.client.json ? json_text(blocks)
                                : shown(options.client, [&] { return blocks_text(blocks); }));
  return kOk;
}

/// A height or an id, which need no escapes in a path.
void expect_block_name(const std::string& name) {
  if (name.empty() || name.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos)
    throw Error(ErrorKind::usage, "a block is named by its height or by 64 hex digits");
}

int run_block(const BlockOptions& options, const Global& global) {
  expect_block_name(options.block);
  const json block = block_at(options.client, global, options.block, options.first, options.count);
  write_out(options.client.json ? json_text(block)
                                : shown(options.client, [&] { return block_text(block); }));
  return kOk;
}

}  // namespace

void add_node_blocks_command(CLI::App& node, Global& global, Action& action) {
  CLI::App* const command = add_subcommand(node, "blocks", "List a running node's last blocks");
  const auto options = std::make_shared<BlocksOptions>();
  command->add_option("-n,--count", options->count, "How many")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->add_option("--last", options->last, "Height of the last one (default: the tip)");
  add_node_client_options(*command, options->client);
  command->callback([&global, &action, options] {
    action = [&global, options] { return run_blocks(*options, global); };
  });
}

void add_node_block_command(CLI::App& node, Global& global, Action& action) {
  CLI::App* const command =
      add_subcommand(node, "block", "Show a block of a running node, with its statements' ids");
  const auto options = std::make_shared<BlockOptions>();
  command->add_option("BLOCK", options->block, "Its height or id")->required();
  command->add_option("--first", options->first, "Number of the first statement")
      ->check(CLI::Range(0U, std::uint32_t{0xffffffff}));
  command->add_option("-n,--count", options->count, "Statements, at most")
      ->check(CLI::Range(0, 10000))
      ->capture_default_str();
  add_node_client_options(*command, options->client);
  command->callback([&global, &action, options] {
    action = [&global, options] { return run_block(*options, global); };
  });
}

}  // namespace salus::cli
