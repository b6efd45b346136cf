#include "cli/signed_line.h"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "cli/error_context.h"

namespace salus::cli {
namespace {

using engine::signature::Algorithm;
using engine::signature::PublicKey;

[[noreturn]] void fail(const std::string& problem) { throw Error(ErrorKind::input, problem); }

/// The members of an item, as text.
enum Member : std::size_t { kAlg, kKey, kMessage, kSignature, kMemberCount };
constexpr std::array<const char*, kMemberCount> kMemberNames = {"alg", "key", "message",
                                                                "signature"};

/// Takes an item's members out of JSON while it is read, so that nothing else of it is kept.
class MemberReader : public nlohmann::json_sax<nlohmann::json> {
 public:
  std::array<std::optional<std::string>, kMemberCount> members;
  std::string problem;

  bool null() override { return other_value(); }
  bool boolean(bool) override { return other_value(); }
  bool number_integer(number_integer_t) override { return other_value(); }
  bool number_unsigned(number_unsigned_t) override { return other_value(); }
  bool number_float(number_float_t, const string_t&) override { return other_value(); }
  bool binary(binary_t&) override { return other_value(); }
  bool start_array(std::size_t) override { return other_value() && enter(); }
  bool end_array() override { return leave(); }
  bool end_object() override { return leave(); }

  bool start_object(std::size_t) override { return (depth_ == 0 || other_value()) && enter(); }

  bool key(string_t& name) override {
    if (depth_ != 1) return true;
    awaited_.reset();
    for (std::size_t i = 0; i < kMemberCount; ++i)
      if (name == kMemberNames[i]) awaited_ = i;
    if (awaited_ && members[*awaited_]) return refuse(fmt::format("{} twice", name));
    return true;
  }

  bool string(string_t& value) override {
    if (depth_ == 0) return refuse("not a JSON object");
    if (depth_ == 1 && awaited_) members[*awaited_] = std::move(value);
    return true;
  }

  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception&) override {
    return refuse(fmt::format("not JSON, from byte {} on", position));
  }

 private:
  static constexpr unsigned kMaxDepth = 16;

  bool refuse(const std::string& what) {
    problem = what;
    return false;
  }
  bool other_value() {
    if (depth_ == 0) return refuse("not a JSON object");
    if (depth_ == 1 && awaited_)
      return refuse(fmt::format("{}: no string", kMemberNames[*awaited_]));
    return true;
  }
  bool enter() { return ++depth_ <= kMaxDepth || refuse("nested too deep"); }
  bool leave() {
    --depth_;
    return true;
  }

  unsigned depth_ = 0;
  std::optional<std::size_t> awaited_;  ///< The member whose value comes next.
};

std::array<std::string, kMemberCount> read_members(std::string_view line) {
  MemberReader reader;
  if (!nlohmann::json::sax_parse(line.data(), line.data() + line.size(), &reader))
    fail(reader.problem);
  std::array<std::string, kMemberCount> members;
  for (std::size_t i = 0; i < kMemberCount; ++i) {
    if (!reader.members[i]) fail(fmt::format("no {}", kMemberNames[i]));
    members[i] = *std::move(reader.members[i]);
  }
  return members;
}

bool is_raw_key(Algorithm algorithm, Bytes bytes) {
  return bytes.size() == (algorithm == Algorithm::ed25519 ? engine::signature::kEd25519KeyBytes
                                                          : engine::signature::kP256KeyBytes);
}

}  // namespace

std::vector<std::uint8_t> SignedLineParser::key_bytes(Algorithm algorithm,
                                                      const std::string& text) {
  constexpr std::size_t kMaxKnownKeys = 4096;
  constexpr std::size_t kMaxKnownText = 1024;
  const bool is_pem = text.starts_with("-----BEGIN ");
  const auto known = known_keys_.find(text);
  PublicKey key;
  if (known != known_keys_.end()) {
    key = known->second;
  } else {
    const std::vector<std::uint8_t> bytes =
        is_pem ? std::vector<std::uint8_t>(text.begin(), text.end()) : decode_text(text, encoding_);
    if (is_raw_key(algorithm, bytes)) return bytes;  // whatever they hold: the verifier says it
    key = engine::signature::parse_public_key(bytes);
    if (known_keys_.size() == kMaxKnownKeys) known_keys_.clear();
    if (text.size() <= kMaxKnownText) known_keys_.emplace(text, key);
  }
  if (key.algorithm != algorithm)
    fail(fmt::format("is one of {}, alg says {}", to_string(key.algorithm), to_string(algorithm)));
  return key.bytes;
}

SignedItem SignedLineParser::parse(std::string_view line) {
  const auto members = read_members(line);
  const auto algorithm = algorithm_named(members[kAlg]);
  if (!algorithm) fail("alg: neither ed25519 nor p256");
  SignedItem item;
  item.algorithm = *algorithm;
  item.key = in_context(kMemberNames[kKey], [&] { return key_bytes(*algorithm, members[kKey]); });
  item.message =
      in_context(kMemberNames[kMessage], [&] { return decode_text(members[kMessage], encoding_); });
  item.signature = in_context(kMemberNames[kSignature], [&] {
    return core_signature(*algorithm, decode_text(members[kSignature], encoding_));
  });
  return item;
}

}  // namespace salus::cli
