// `salus node statements`: statements of a running node's chain, by what they have in common.
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "cli/arguments.h"
#include "cli/content_types.h"
#include "cli/node_client.h"
#include "cli/node_commands.h"
#include "cli/output.h"
#include "cli/status_line.h"
#include "cli/table.h"
#include "engine/error.h"
#include "node/statement/key_id.h"

namespace salus::cli {
namespace {

using nlohmann::json;

constexpr std::uint64_t kLargestPage = 1000;

struct Options {
  NodeClientOptions client;
  std::string signer;
  std::string subject;
  std::string type;
  std::optional<std::uint64_t> from;
  std::optional<std::uint64_t> to;
  std::uint64_t count = 20;
  std::string after;
};

/// As a value in a URL's query.
std::string escaped(std::string_view text) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::string out;
  for (const char c : text)
    if (kPlain.find(c) != std::string_view::npos)
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  return out;
}

void check(const Options& options) {
  if (!options.signer.empty() && !node::key_id_from_hex(options.signer))
    throw Error(ErrorKind::usage, "--signer is a key id: 32 hex digits");
  if (!options.type.empty() && !type_named(options.type))
    throw Error(ErrorKind::usage, "--type is a media type, or one of " + known_types());
  if (options.after.find_first_not_of("0123456789abcdef") != std::string::npos)
    throw Error(ErrorKind::usage, "--after is what was printed at the end of the page before");
}

/// All of the query but where its page begins and how long it is.
std::string query_of(const Options& options) {
  std::string query;
  const auto add = [&query](std::string_view name, std::string_view value) {
    query += fmt::format("&{}={}", name, escaped(value));
  };
  if (!options.signer.empty()) add("signer", options.signer);
  if (!options.subject.empty()) add("subject", options.subject);
  if (!options.type.empty()) add("type", node::media_type(*type_named(options.type)));
  if (options.from) add("from", std::to_string(*options.from));
  if (options.to) add("to", std::to_string(*options.to));
  return query;
}

/// Asks for pages until there are as many as are wanted. Has `next` where there are more.
json find_statements(const Options& options, const Global& global) {
  const std::string query = query_of(options);
  json found{{"statements", json::array()}};
  std::string after = options.after;
  json& all = found["statements"];
  do {
    const std::string cursor = after.empty() ? after : "&after=" + after;
    const json page =
        ask_node(options.client, global,
                 fmt::format("/v1/statements?limit={}{}{}",
                             std::min(options.count - all.size(), kLargestPage), query, cursor));
    shown(options.client, [&] {
      const json& more = page.at("statements");
      all.insert(all.end(), more.begin(), more.end());
      after = page.value("next", std::string());
    });
  } while (!after.empty() && all.size() < options.count);
  if (!after.empty()) found["next"] = after;
  return found;
}

std::string issued_text(const json& statement) {
  const auto seconds = static_cast<std::time_t>(statement.at("issued_at").get<std::int64_t>());
  return fmt::format("{:%FT%TZ}", fmt::gmtime(seconds));
}

std::string type_text(const json& statement) {
  const auto type = type_named(statement.at("type").get<std::string>());
  return std::string(type ? short_name(*type) : "?");
}

std::string statements_text(const json& found) {
  using enum Table::Align;
  Table table({{"block", right}, {"number", right}, {"issued"}, {"type"}, {"subject"}, {"id"}});
  for (const json& statement : found.at("statements")) {
    const json& at = statement.at("position");
    const bool has_body = statement.at("body") == "present";
    table.add_row(
        {std::to_string(at.at("height").get<std::uint64_t>()),
         std::to_string(at.at("index").get<std::uint64_t>()),
         has_body ? issued_text(statement) : printable(statement.at("body").get<std::string>()),
         has_body ? type_text(statement) : "", printable(statement.value("subject", std::string())),
         printable(statement.at("id").get<std::string>())});
  }
  return table.text();
}

int run_statements(const Options& options, const Global& global) {
  check(options);
  const json found = find_statements(options, global);
  if (options.client.json) {
    write_out(json_text(found));
    return kOk;
  }
  write_out(shown(options.client, [&] { return statements_text(found); }));
  if (found.contains("next") && !global.quiet)
    write_error_line("there are more: --after " + printable(found["next"].get<std::string>()));
  return kOk;
}

void add_filters(CLI::App& command, Options& options) {
  CLI::Option* const signer =
      command.add_option("--signer", options.signer, "Signed by this key")->type_name("KEY_ID");
  CLI::Option* const subject =
      command.add_option("--subject", options.subject, "About this subject")->type_name("TEXT");
  CLI::Option* const type = command
                                .add_option("--type", options.type,
                                            "Of this type: its media type, or what is short for it")
                                ->type_name("TYPE");
  signer->excludes(subject)->excludes(type);
  subject->excludes(type);
  command.add_option("--from", options.from, "Issued then or later, in seconds since 1970")
      ->type_name("TIME");
  command.add_option("--to", options.to, "Issued then or earlier")->type_name("TIME");
}

}  // namespace

void add_node_statements_command(CLI::App& node, Global& global, Action& action) {
  CLI::App* const command =
      add_subcommand(node, "statements", "Find statements on a running node's chain");
  const auto options = std::make_shared<Options>();
  add_filters(*command, *options);
  command->add_option("-n,--count", options->count, "How many")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
  command->add_option("--after", options->after, "Go on where the page before ended")
      ->type_name("CURSOR");
  add_node_client_options(*command, options->client);
  command->footer(
      "In the order of the chain; without --signer, --subject and --type in the order of time.\n"
      "Bodies are shown to who has a token:\n"
      "  salus node statements --subject patient-7 --token-file my-node/operator.token");
  command->callback([&global, &action, options] {
    action = [&global, options] { return run_statements(*options, global); };
  });
}

}  // namespace salus::cli
