#include "node/config.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <vector>

#include "engine/error.h"
#include "node/toml.h"

namespace salus::node {
namespace {

constexpr std::int64_t kMost = std::int64_t{1} << 40;

/// One setting: how it is called, what it does, and where it is kept.
struct Setting {
  const char* table;
  const char* name;
  const char* help;
  std::function<std::string()> get;
  std::function<bool(const toml::node&)> set;  ///< False for what it does not take.
};

template <typename Number>
Setting number(const char* table, const char* name, const char* help, Number& value,
               std::int64_t least, std::int64_t most = kMost) {
  return {table, name, help, [&value] { return std::to_string(value); },
          [&value, least, most](const toml::node& node) {
            const auto given = node.value_exact<std::int64_t>();
            if (!given || *given < least || *given > most) return false;
            value = static_cast<Number>(*given);
            return true;
          }};
}

template <typename Duration>
Setting duration(const char* table, const char* name, const char* help, Duration& value,
                 std::int64_t least) {
  return {table, name, help, [&value] { return std::to_string(value.count()); },
          [&value, least](const toml::node& node) {
            const auto given = node.value_exact<std::int64_t>();
            if (!given || *given < least || *given > kMost) return false;
            value = Duration(*given);
            return true;
          }};
}

Setting text(const char* table, const char* name, const char* help, std::string& value) {
  return {table, name, help, [&value] { return '"' + value + '"'; },
          [&value](const toml::node& node) {
            const auto given = node.value_exact<std::string>();
            if (given) value = *given;
            return given.has_value();
          }};
}

Setting texts(const char* table, const char* name, const char* help,
              std::vector<std::string>& values) {
  return {table, name, help,
          [&values] {
            std::string list;
            for (const std::string& value : values)
              list += (list.empty() ? "\"" : ", \"") + value + '"';
            return '[' + list + ']';
          },
          [&values](const toml::node& node) {
            const toml::array* const given = node.as_array();
            if (given == nullptr) return false;
            std::vector<std::string> read;
            for (const toml::node& element : *given) {
              const auto text = element.value_exact<std::string>();
              if (!text) return false;
              read.push_back(*text);
            }
            values = std::move(read);
            return true;
          }};
}

Setting truth(const char* table, const char* name, const char* help, bool& value) {
  return {table, name, help, [&value] { return std::string(value ? "true" : "false"); },
          [&value](const toml::node& node) {
            const auto given = node.value_exact<bool>();
            if (given) value = *given;
            return given.has_value();
          }};
}

using Settings = std::vector<Setting>;

void append(Settings&& more, Settings& to) { std::ranges::move(more, std::back_inserter(to)); }

Settings tls_settings(const char* table, TlsConfig& tls) {
  return {
      text(table, "tls_certificate",
           "Certificate with its chain (PEM), in this folder or by its whole path; empty: no TLS. "
           "SIGHUP has the node read it again, with the key and the authority.",
           tls.certificate),
      text(table, "tls_key", "Its key (PEM), not encrypted.", tls.key),
      text(table, "tls_client_authority",
           "Who signs clients' certificates (PEM); empty: none are asked for.",
           tls.client_authority),
  };
}

Settings http_settings(HttpConfig& c) {
  Settings all = {
      truth("http", "enabled", "Whether to serve the HTTP interface (docs/api.md).", c.enabled),
      text("http", "address", "IP address to listen at. Beyond loopback, use TLS.",
           c.server.address),
      number("http", "port", "TCP port; 0: any that is free.", c.server.port, 0, 65535),
  };
  append(tls_settings("http", c.tls), all);
  append(
      {
          text("http", "tokens",
               "File of the bearer tokens that may read bodies, explained in it; empty: none may. "
               "SIGHUP has the node read it again.",
               c.tokens),
          texts("http", "certificates",
                "Client certificates that may read bodies, each as \"ROLE COMMON-NAME\".",
                c.certificates),
          number("http", "max_connections", "Connections at once, at most.",
                 c.server.max_connections, 1, 1 << 20),
          number("http", "max_body_bytes", "Bytes of a request's body, at most.",
                 c.server.max_body_bytes, 1 << 10, std::int64_t{1} << 30),
          number("http", "max_body_memory", "Bytes of all bodies together, at most.",
                 c.server.max_body_memory, 1 << 20),
          number("http", "max_statements", "Statements in a request, at most.",
                 c.server.max_statements, 1, 1 << 20),
          duration("http", "header_timeout_ms",
                   "A request's header is there after so many milliseconds, or its connection "
                   "ends.",
                   c.server.header_timeout, 1),
          duration("http", "body_timeout_ms", "The same for its body.", c.server.body_timeout, 1),
          duration("http", "write_timeout_ms", "The same for reading an answer.",
                   c.server.write_timeout, 1),
          duration("http", "idle_timeout_ms", "Longest silence between two requests.",
                   c.server.idle_timeout, 1),
          number("http", "threads", "Threads that serve the connections.", c.server.threads, 1,
                 256),
          number("http", "reader_threads", "Threads that read chain and store for them.",
                 c.server.reader_threads, 1, 256),
      },
      all);
  return all;
}

Settings getwork_settings(GetworkConfig& c) {
  return {
      truth("getwork", "enabled",
            "Whether miners outside get work at \"/\" of the HTTP interface (docs/mining.md).",
            c.enabled),
      texts("getwork", "users",
            "Users, each as \"name:SHA-256 of the password in hex\"; without any, everybody may "
            "mine.",
            c.users),
  };
}

Settings mqtt_settings(MqttConfig& c) {
  Settings all = {
      truth("mqtt", "enabled", "Whether devices may publish by MQTT 3.1.1.", c.enabled),
      text("mqtt", "address", "IP address to listen at. Beyond loopback, use TLS.", c.address),
      number("mqtt", "port", "TCP port; 0: any that is free.", c.port, 0, 65535),
  };
  append(tls_settings("mqtt", c.tls), all);
  append(
      {
          texts("mqtt", "users",
                "Users, each as \"name:SHA-256 of the password in hex\"; without any, everybody "
                "may publish.",
                c.users),
          number("mqtt", "max_connections", "Connections at once, at most.", c.max_connections, 1,
                 1 << 20),
          number("mqtt", "threads", "Threads that serve the connections.", c.threads, 1, 256),
      },
      all);
  return all;
}

Settings nats_settings(NatsConfig& c) {
  return {
      truth("nats", "enabled", "Whether to fetch statements from NATS JetStream.", c.enabled),
      texts("nats", "servers", "Its servers, tried in turn. No passwords in here.", c.servers),
      text("nats", "tls_authority",
           "Who signs the servers' certificates (PEM), in this folder or by its whole path; empty: "
           "no TLS.",
           c.tls_authority),
      text("nats", "tls_certificate",
           "The certificate that we show, with its chain (PEM); empty: none.", c.tls_certificate),
      text("nats", "tls_key", "Its key (PEM).", c.tls_key),
      text("nats", "tls_server_name",
           "DNS name that the servers' certificates must have; empty: the host in their URL.",
           c.tls_server_name),
      text("nats", "user", "User name; empty: none.", c.user),
      text("nats", "password_file", "A file whose first line is the password.", c.password_file),
      text("nats", "credentials_file", "A user's JWT and seed (.creds), instead of a password.",
           c.credentials_file),
      text("nats", "stream", "The stream.", c.stream),
      texts("nats", "subjects", "Subjects of statements, which the stream must have.", c.subjects),
      text("nats", "durable",
           "Name of this node's consumer, which no other node may have; empty: one that is made up "
           "and kept in this folder.",
           c.durable),
      text("nats", "inbox_prefix", "What the subjects begin with at which answers come.",
           c.inbox_prefix),
      text("nats", "refused_prefix",
           "Why statements are refused is published below this subject; empty: nowhere.",
           c.refused_prefix),
      number("nats", "batch", "Messages that one fetch asks for.", c.batch, 1, 65536),
      number("nats", "fetches", "Fetches at once.", c.fetches, 1, 64),
      number("nats", "fetch_bytes", "Bytes that one fetch may bring.", c.fetch_bytes, 1 << 16,
             1 << 30),
      duration("nats", "ack_wait_s",
               "After so many seconds without an acknowledgement a message comes again; of a "
               "consumer that the node makes.",
               c.ack_wait, 1),
      truth("nats", "create_stream",
            "Whether to make the stream where it is not there, as follows.", c.create_stream),
      number("nats", "stream_replicas", "Servers of a cluster that have it.", c.stream_replicas, 1,
             5),
      number("nats", "stream_max_bytes", "Its bytes, at most.", c.stream_max_bytes, 1 << 20),
      duration("nats", "stream_max_age_s", "Seconds that it keeps messages, at most; 0: no limit.",
               c.stream_max_age, 0),
      truth("nats", "stream_refuse_when_full",
            "When it is full: true refuses publishers, false discards the oldest messages.",
            c.stream_refuse_when_full),
  };
}

Settings settings_of(NodeConfig& c) {
  Settings all = {
      text("engine", "devices",
           "What verifies and hashes: \"auto\", \"all\", or a list such as \"cpu,cuda:0\".",
           c.devices),
      number("engine", "threads", "CPU threads; 0: one for each core.", c.threads, 0, 4096),

      number("intake", "batch_statements", "A batch is verified when it has so many statements,",
             c.intake.batch_statements, 1, 1 << 20),
      duration("intake", "batch_deadline_us", "or so many microseconds after its first one came.",
               c.intake.batch_deadline, 0),
      number("intake", "max_statements",
             "Taken and not answered yet, at most: beyond, senders are asked to wait.",
             c.intake.max_statements, 1),
      number("intake", "max_bytes", "The same in bytes.", c.intake.max_bytes, 1),
      number("intake", "log_segment_bytes", "Size of a file of the intake log.",
             c.log.segment_bytes, 1 << 20),

      number("mempool", "max_statements", "Durable and waiting for a block, at most.",
             c.mempool.max_statements, 1),
      number("mempool", "max_bytes", "The same in bytes.", c.mempool.max_bytes, 1),
      number("mempool", "keep_depth",
             "The intake log keeps statements until so many blocks are on top of theirs.",
             c.mempool.keep_depth, 1),

      truth("mining", "enabled", "Whether to make blocks, as `--mine` says.", c.mine),
      text("mining", "key", "The validator's key (PEM), in this folder or by its whole path.",
           c.validator_key),
      text("mining", "devices", "What searches for nonces.", c.mining.mining.devices),
      number("mining", "threads", "CPU threads of the search.", c.mining.mining.cpu.threads, 1,
             4096),
      number("mining", "niceness",
             "How much the search gives way to other work, 0 to 19; making blocks does by half.",
             c.mining.niceness, 0, 19),
      duration("mining", "interval_ms", "Milliseconds from one block of ours to the next at least.",
               c.mining.interval, 0),
      duration("mining", "template_age_ms",
               "After so many milliseconds a block is put together anew.", c.mining.template_age,
               10),
      duration("mining", "empty_after_ms",
               "After so many milliseconds without a block an empty one is made, too.",
               c.mining.empty_after, 10),
      number("mining", "max_statements", "Statements in a block of ours, at most.",
             c.mining.limits.statements, 1, 1 << 20),
      number("mining", "max_bytes", "Bytes of a block of ours, at most.", c.mining.limits.bytes,
             1 << 12),

      number("store", "memory_bytes", "Memory of the block store for caches and buffers.",
             c.store.memory_bytes, 1 << 20),
  };
  append(http_settings(c.http), all);
  append(getwork_settings(c.getwork), all);
  append(mqtt_settings(c.mqtt), all);
  append(nats_settings(c.nats), all);
  return all;
}

[[noreturn]] void fail(const toml::source_region& where, const std::string& problem) {
  throw Error(ErrorKind::input,
              fmt::format("configuration, line {}: {}", where.begin.line, problem));
}

void apply(const Settings& settings, std::string_view table, std::string_view name,
           const toml::node& node) {
  for (const Setting& setting : settings) {
    if (setting.table != table || setting.name != name) continue;
    if (!setting.set(node))
      fail(node.source(), fmt::format("{}.{} cannot have this value", table, name));
    return;
  }
  fail(node.source(), fmt::format("there is no setting {}.{}", table, name));
}

}  // namespace

NodeConfig parse_config(std::string_view toml) {
  NodeConfig config;
  const Settings settings = settings_of(config);
  try {
    const toml::table file = toml::parse(toml);
    for (const auto& [table, content] : file) {
      if (!content.is_table())
        fail(content.source(), fmt::format("there is no setting {}", table.str()));
      for (const auto& [name, value] : *content.as_table())
        apply(settings, table.str(), name.str(), value);
    }
  } catch (const toml::parse_error& error) {
    fail(error.source(), std::string(error.description()));
  } catch (const NotToml& error) {
    throw Error(ErrorKind::input, std::string("configuration: ") + error.what());
  }
  return config;
}

std::string default_config() {
  NodeConfig config;
  std::string out = "# Settings of this node. Those that are left out are as they are here.\n";
  std::string_view table;
  for (const Setting& setting : settings_of(config)) {
    if (table != setting.table) out += fmt::format("\n[{}]\n", setting.table);
    table = setting.table;
    out += fmt::format("# {}\n{} = {}\n", setting.help, setting.name, setting.get());
  }
  return out;
}

}  // namespace salus::node
