// `salus trial stamp`: an RFC 3161 time stamp for a seal's checkpoint.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <random>
#include <variant>

#include "cli/arguments.h"
#include "cli/client/http_client.h"
#include "cli/command.h"
#include "cli/input_file.h"
#include "cli/output.h"
#include "cli/trial/commands.h"
#include "engine/error.h"
#include "trial/proof/signed_seal.h"
#include "trial/proof/timestamp.h"

namespace salus::cli {
namespace {

struct StampOptions {
  std::string seal;
  std::string request;
  std::string token;
  std::string url;
  std::string authorities;
  unsigned timeout_seconds = 60;
};

constexpr std::string_view kQueryType = "application/timestamp-query";
constexpr std::string_view kReplyType = "application/timestamp-reply";

std::string_view as_text(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// A media type without its parameters; case does not count (RFC 9110, 8.3.1).
bool is_reply_type(std::string_view content_type) {
  content_type = content_type.substr(0, content_type.find_first_of("; \t"));
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c; };
  return std::ranges::equal(content_type, kReplyType, {}, lower);
}

std::uint64_t random_number() {
  std::random_device random;
  return std::uniform_int_distribution<std::uint64_t>()(random);
}

/// Asks an authority over HTTP (RFC 3161, 3.4). Its address may have a path.
std::vector<std::uint8_t> ask_authority(const StampOptions& options, const Global& global,
                                        Bytes request) {
  const std::size_t host = options.url.find("://");
  const std::size_t path =
      host == std::string::npos ? std::string::npos : options.url.find('/', host + 3);
  const std::string target = path == std::string::npos ? "/" : options.url.substr(path);
  client::HttpClientOptions settings;
  settings.endpoint = client::parse_endpoint(options.url.substr(0, path));
  settings.max_answer_bytes = trial::kMaxTimestampBytes;
  settings.timeout = std::chrono::seconds(options.timeout_seconds);
  settings.stop = global.stop;
  const client::HttpAnswer answer = client::HttpClient(settings).post(
      target, request, std::string(kQueryType), std::string(kReplyType));
  if (!answer.is_success())
    throw Error(ErrorKind::system,
                fmt::format("{} answered with status {}", printable(options.url), answer.status));
  if (!is_reply_type(answer.content_type))
    throw Error(ErrorKind::input,
                fmt::format("{} is no time-stamping authority: it answered with {}, not with {}",
                            printable(options.url),
                            answer.content_type.empty() ? "no content type"
                                                        : printable(answer.content_type),
                            kReplyType));
  return {answer.body.begin(), answer.body.end()};
}

int attach(const trial::SealFolder& seal, const StampOptions& options, const Global& global,
           std::string_view checkpoint) {
  std::optional<std::uint64_t> nonce;
  if (!options.url.empty()) nonce = random_number();
  const std::vector<std::uint8_t> response =
      nonce ? ask_authority(options, global, trial::timestamp_request(checkpoint, nonce))
            : read_all(options.token, trial::kMaxTimestampBytes);
  const auto verdict = trial::check_timestamp(response, checkpoint, options.authorities, nonce);
  if (const auto* reason = std::get_if<std::string>(&verdict))
    throw Error(ErrorKind::input,
                fmt::format("the time stamp is of no use: {}; nothing was attached", *reason));
  trial::write_part(seal.path(), trial::kTimestampFile, as_text(response));
  const auto& stamp = std::get<trial::Timestamp>(verdict);
  if (!global.quiet)
    print("stamped    {}\nauthority  {}{}\n", stamp.time, printable(stamp.authority),
          stamp.is_trusted ? "" : " (whether it is to be trusted, was not asked: --ca says it)");
  return kOk;
}

int run_stamp(const StampOptions& options, const Global& global) {
  const int ways =
      int{!options.request.empty()} + int{!options.token.empty()} + int{!options.url.empty()};
  if (ways != 1)
    throw Error(ErrorKind::usage,
                "say one of --request FILE, --token FILE and --tsa URL (see `salus trial stamp "
                "--help`)");
  const trial::SealFolder seal(options.seal);
  const std::string checkpoint = signatures_in(seal).checkpoint;
  if (options.request.empty()) return attach(seal, options, global, checkpoint);
  write_file(options.request, as_text(trial::timestamp_request(checkpoint)));
  return kOk;
}

}  // namespace

void add_trial_stamp_command(CLI::App& trial, Global& global, Action& action) {
  CLI::App& command =
      *add_subcommand(trial, "stamp", "Attach a time stamp of an authority (RFC 3161) to a seal");
  const auto options = std::make_shared<StampOptions>();
  command.add_option("SEAL", options->seal, "The seal")->required();
  command
      .add_option("--tsa", options->url, "Ask this time-stamping authority, and attach its answer")
      ->type_name("URL");
  command
      .add_option("--request", options->request,
                  "Only write the request, to be sent in some other way")
      ->type_name("FILE");
  command
      .add_option("--timeout", options->timeout_seconds,
                  "How long the authority may take to answer, in seconds")
      ->type_name("N")
      ->check(CLI::Range(1, 3600))
      ->capture_default_str();
  command.add_option("--token", options->token, "Attach the answer to such a request")
      ->type_name("FILE");
  command
      .add_option("--ca", options->authorities,
                  "Certificates (PEM) of whom you trust to stamp: the answer must lead to one")
      ->type_name("FILE");
  command.footer(
      "Stamped is the SHA-256 of the seal's checkpoint; no data leaves the machine. OpenSSL "
      "checks\n"
      "it as well:\n"
      "  openssl ts -verify -data study.seal/checkpoint -in study.seal/timestamp.tsr -CAfile "
      "ca.pem\n"
      "Examples:\n"
      "  salus trial stamp study.seal --tsa http://timestamp.example/tsr --ca ca.pem\n"
      "  salus trial stamp study.seal --request study.tsq");
  command.callback([&global, &action, options] {
    action = [&global, options] { return run_stamp(*options, global); };
  });
}

}  // namespace salus::cli
