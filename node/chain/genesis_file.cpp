// Genesis as a file that people edit: TOML.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <limits>
#include <string>

#include "engine/error.h"
#include "node/chain/genesis.h"
#include "node/statement/public_key_pem.h"
#include "node/toml.h"

namespace salus::node {
namespace {

struct RoleName {
  const char* name;
  Role role;
};
constexpr std::array kRoleNames = {RoleName{"authority", Role::authority},
                                   RoleName{"validator", Role::validator},
                                   RoleName{"device", Role::device}};

[[noreturn]] void fail(const std::string& problem) {
  throw Error(ErrorKind::input, "genesis file: " + problem);
}

std::string line_of(const toml::node& node) {
  return "line " + std::to_string(node.source().begin.line);
}

/// A table whose settings are taken one by one; what nobody asked for is an error, since a
/// misspelt rule would be another chain.
class Settings {
 public:
  /// `path` goes in front of names in messages: "work.".
  Settings(const toml::table& table, std::string path) : table_(table), path_(std::move(path)) {}

  const toml::node* find(std::string_view name) {
    const toml::node* node = table_.get(name);
    if (node != nullptr) ++taken_;
    return node;
  }

  const toml::node& get(std::string_view name) {
    const toml::node* node = find(name);
    if (node == nullptr) fail(path_ + std::string(name) + " is missing");
    return *node;
  }

  std::string text(std::string_view name) {
    const auto value = get(name).value_exact<std::string>();
    if (!value) fail(path_ + std::string(name) + " must be text");
    return *value;
  }

  /// Leaves `out` as it is where the file does not say.
  void number(std::string_view name, std::uint32_t& out) {
    const toml::node* node = find(name);
    if (node == nullptr) return;
    const auto value = node->value_exact<std::int64_t>();
    if (!value || *value < 0 || *value > std::numeric_limits<std::uint32_t>::max())
      fail(path_ + std::string(name) + " must be a number from 0 to 4294967295");
    out = static_cast<std::uint32_t>(*value);
  }

  /// An empty one where the file has none.
  const toml::table& table(std::string_view name) {
    static const toml::table kEmpty;
    const toml::node* node = find(name);
    if (node == nullptr) return kEmpty;
    if (!node->is_table()) fail(path_ + std::string(name) + " must be a table");
    return *node->as_table();
  }

  /// To be called when all is taken.
  void end() const {
    if (taken_ == table_.size()) return;
    std::string names;
    for (const auto& [key, node] : table_)
      names += (names.empty() ? "" : ", ") + std::string(key.str());
    fail("there is a setting that no chain has among these: " + names);
  }

 private:
  const toml::table& table_;
  std::string path_;
  std::size_t taken_ = 0;
};

std::uint32_t seconds_of(const toml::node& node) {
  const auto value = node.value_exact<toml::date_time>();
  if (!value || !value->offset) fail("time must be a date and time with Z or an offset");
  namespace chrono = std::chrono;
  const toml::date date = value->date;
  const chrono::year_month_day day{chrono::year(date.year), chrono::month(date.month),
                                   chrono::day(date.day)};
  const toml::time time = value->time;
  const auto at = chrono::sys_days(day) + chrono::hours(time.hour) + chrono::minutes(time.minute) +
                  chrono::seconds(time.second) - chrono::minutes(value->offset->minutes);
  const std::int64_t seconds = at.time_since_epoch() / chrono::seconds(1);
  if (!day.ok() || seconds < 0 || seconds > std::numeric_limits<std::uint32_t>::max())
    fail("time must be between 1970 and 2106");
  return static_cast<std::uint32_t>(seconds);
}

std::uint32_t bits_of(const std::string& text) {
  std::uint32_t bits = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, bits, 16);
  if (error != std::errc() || stop != end || text.size() != 8)
    fail("work.limit_bits must be text of 8 hex digits");
  return bits;
}

GenesisKey key_of(const toml::node& node, const RoleName& role) {
  if (!node.is_table()) fail(std::string(role.name) + " must be written as [[" + role.name + "]]");
  Settings settings(*node.as_table(), std::string(role.name) + ".");
  GenesisKey key;
  key.role = role.role;
  const toml::node* name = settings.find("name");
  if (name != nullptr) key.name = name->value_exact<std::string>().value_or("");
  const std::string pem = settings.text("key");
  try {
    key.key = engine::signature::parse_public_key(as_bytes(pem));
  } catch (const Error& error) {
    fail("the key of the " + std::string(role.name) + " in " + line_of(node) + ": " + error.what());
  }
  settings.end();
  return key;
}

void take_keys(Settings& settings, std::vector<GenesisKey>& keys) {
  for (const RoleName& role : kRoleNames) {
    const toml::node* node = settings.find(role.name);
    if (node == nullptr) continue;
    if (!node->is_array())
      fail(std::string(role.name) + " must be written as [[" + role.name + "]]");
    for (const toml::node& each : *node->as_array()) keys.push_back(key_of(each, role));
  }
}

void take_work(const toml::table& table, ChainParameters& p) {
  Settings work(table, "work.");
  p.limit_bits = bits_of(work.text("limit_bits"));
  work.number("spacing", p.spacing);
  constexpr std::uint32_t kSpacings = 288;
  p.half_life =
      p.spacing > std::numeric_limits<std::uint32_t>::max() / kSpacings ? 0 : kSpacings * p.spacing;
  work.number("half_life", p.half_life);
  work.end();
}

void take_rules(Settings& settings, ChainParameters& p) {
  settings.number("max_ahead", p.max_ahead);
  Settings limits(settings.table("limits"), "limits.");
  limits.number("block_bytes", p.limits.block_bytes);
  limits.number("statement_bytes", p.limits.statement_bytes);
  limits.number("statements", p.limits.statements);
  limits.end();
  Settings diversity(settings.table("diversity"), "diversity.");
  diversity.number("window", p.diversity.window);
  diversity.number("limit", p.diversity.limit);
  diversity.end();
}

toml::table parse(std::string_view text) {
  if (text.size() > kMaxGenesisText) fail("it is longer than 8 MiB");
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    fail("line " + std::to_string(error.source().begin.line) + ": " +
         std::string(error.description()));
  } catch (const NotToml& error) {
    fail(error.what());
  }
}

/// Names are plain text: nothing else in them needs an escape.
std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string date_of(std::uint32_t seconds) {
  namespace chrono = std::chrono;
  const chrono::sys_seconds at{chrono::seconds(seconds)};
  const auto day = chrono::floor<chrono::days>(at);
  const chrono::year_month_day date(day);
  const chrono::hh_mm_ss time(at - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count());
}

}  // namespace

Genesis Genesis::from_toml(std::string_view text) {
  const toml::table table = parse(text);
  Settings settings(table, "");
  ChainParameters p;
  p.name = settings.text("name");
  p.time = seconds_of(settings.get("time"));
  take_work(settings.table("work"), p);
  take_rules(settings, p);
  take_keys(settings, p.keys);
  settings.end();
  return Genesis(std::move(p));
}

std::string Genesis::to_toml() const {
  const ChainParameters& p = parameters_;
  std::string out = fmt::format(
      "# Every setting below is part of the chain's identity: whoever changes one has another "
      "chain.\n"
      "name = {}\n"
      "time = {}\n"
      "\n"
      "# Seconds that a block or a statement may be ahead of the clock.\n"
      "max_ahead = {}\n"
      "\n"
      "[work]\n"
      "limit_bits = \"{:08x}\"  # the easiest target, in compact form\n"
      "spacing = {}  # seconds wanted between blocks\n"
      "half_life = {}  # seconds behind schedule that double the target\n"
      "\n"
      "[limits]\n"
      "block_bytes = {}\n"
      "statement_bytes = {}\n"
      "statements = {}  # in a block\n"
      "\n"
      "# Of any `window` blocks in a row one validator signs at most `limit`.\n"
      "[diversity]\n"
      "window = {}\n"
      "limit = {}\n",
      quoted(p.name), date_of(p.time), p.max_ahead, p.limit_bits, p.spacing, p.half_life,
      p.limits.block_bytes, p.limits.statement_bytes, p.limits.statements, p.diversity.window,
      p.diversity.limit);
  for (const GenesisKey& key : p.keys) {
    const auto role = std::ranges::find(kRoleNames, key.role, &RoleName::role);
    out += fmt::format("\n[[{}]]\nname = {}\nkey = \"\"\"\n{}\"\"\"\n", role->name,
                       quoted(key.name), public_key_pem(key.key));
  }
  return out;
}

}  // namespace salus::node
