#include "node/api/getwork.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "engine/openssl_sha256.h"
#include "node/api/text.h"

namespace salus::node::api {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kDataBytes = 128;
constexpr std::size_t kWordBytes = 4;
constexpr std::size_t kMaxCredentialBytes = 512;
constexpr std::string_view kScheme = "basic";
constexpr const char* kLongPollPath = "/longpoll";

// Error codes of JSON-RPC 2.0, and of Bitcoin Core for what it has one for.
constexpr int kParseError = -32700;
constexpr int kInvalidRequest = -32600;
constexpr int kMethodNotFound = -32601;
constexpr int kInvalidParams = -32602;
constexpr int kNoWorkNow = -10;
constexpr int kStarting = -28;

using Data = std::array<std::uint8_t, kDataBytes>;

/// Between the order of a header's bytes and that in which miners take its words.
void swap_words(Data& data) {
  for (auto word = data.begin(); word != data.end(); word += kWordBytes)
    std::reverse(word, word + kWordBytes);
}

/// The header as SHA-256 pads it (FIPS 180-4, 5.1.1).
Data padded(const pow::Header& header) {
  constexpr std::uint32_t kBits = pow::kHeaderSize * 8;
  Data data{};
  std::ranges::copy(pow::serialise(header), data.begin());
  data[pow::kHeaderSize] = 0x80;
  data[kDataBytes - 2] = kBits >> 8;
  data[kDataBytes - 1] = kBits & 0xff;
  return data;
}

std::string data_of(const pow::Header& header) {
  Data data = padded(header);
  swap_words(data);
  return to_hex(data);
}

/// Nothing for what is not exactly a padded header.
std::optional<pow::Header> header_of(std::string_view hex) {
  if (hex.size() != 2 * kDataBytes) return std::nullopt;
  const auto bytes = from_hex(hex);
  if (!bytes) return std::nullopt;
  Data data{};
  std::ranges::copy(*bytes, data.begin());
  swap_words(data);
  const pow::Header header = pow::parse_header(
      std::span<const std::uint8_t, pow::kHeaderSize>(data.data(), pow::kHeaderSize));
  return padded(header) == data ? std::optional(header) : std::nullopt;
}

std::string target_of_bits(std::uint32_t bits) {
  constexpr std::size_t kLimbBytes = 8;
  std::array<std::uint8_t, 32> bytes{};
  const pow::Target target = pow::decode_bits(bits).target;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<std::uint8_t>(target.limbs[i / kLimbBytes] >> (8 * (i % kLimbBytes)));
  return to_hex(bytes);
}

/// "name:password" of "Basic BASE64"; nothing where it is something else.
std::optional<std::string> basic_credentials(std::string_view authorization) {
  if (authorization.size() <= kScheme.size() || authorization[kScheme.size()] != ' ' ||
      !equals_ignoring_case(authorization.substr(0, kScheme.size()), kScheme))
    return std::nullopt;
  const std::string_view coded = trimmed(authorization.substr(kScheme.size()));
  if (coded.empty() || coded.size() > kMaxCredentialBytes || coded.size() % 4 != 0)
    return std::nullopt;
  std::string text(coded.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                   reinterpret_cast<const unsigned char*>(coded.data()),
                                   static_cast<int>(coded.size()));
  if (size < 0) return std::nullopt;
  text.resize(static_cast<std::size_t>(size));
  // What padding stands for is decoded as zeros.
  for (std::size_t i = coded.size(); i > coded.size() - 2 && coded[i - 1] == '='; --i)
    text.pop_back();
  return text;
}

bool is_user(const std::vector<GetworkUser>& users, const std::string& credentials) {
  const std::size_t colon = credentials.find(':');
  if (colon == std::string::npos) return false;
  const std::string_view name = std::string_view(credentials).substr(0, colon);
  const Digest hash = openssl_sha256(as_bytes(std::string_view(credentials).substr(colon + 1)));
  bool is_known = false;
  for (const GetworkUser& user : users) {  // all of them, whichever it is
    const bool has_password =
        CRYPTO_memcmp(hash.data(), user.password_sha256.data(), hash.size()) == 0;
    is_known = (user.name == name && has_password) || is_known;
  }
  return is_known;
}

/// Miners take other statuses than 200 for a failure of the connection: errors are in the body.
Reply rpc_reply(const Json& id, const Json& result, const Json& error) {
  const Json body{{"result", result}, {"error", error}, {"id", id}};
  return {200,
          "application/json",
          body.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n",
          {{"X-Long-Polling", kLongPollPath}}};
}

Reply rpc_error(const Json& id, int code, const char* message) {
  return rpc_reply(id, nullptr, {{"code", code}, {"message", message}});
}

Reply work_reply(const Json& id, WorkSource& source) {
  const auto header = source.next();
  if (!header)
    return rpc_error(id, kNoWorkNow, "it is not this validator's turn to make a block; ask again");
  return rpc_reply(id, {{"data", data_of(*header)}, {"target", target_of_bits(header->bits)}},
                   nullptr);
}

Reply submission_reply(const Json& id, const Json& data, WorkSource& source) {
  const auto header =
      data.is_string() ? header_of(data.get_ref<const std::string&>()) : std::nullopt;
  if (!header) return rpc_error(id, kInvalidParams, "not the data of a work: 256 hex digits");
  const WorkVerdict verdict = source.submit(*header);
  Reply reply = rpc_reply(id, verdict == WorkVerdict::accepted, nullptr);
  if (verdict != WorkVerdict::accepted)
    reply.fields.emplace_back("X-Reject-Reason", to_string(verdict));
  return reply;
}

}  // namespace

std::optional<Reply> Getwork::refusal(std::string_view authorization) const {
  if (users_.empty()) return std::nullopt;
  const auto credentials = basic_credentials(authorization);
  if (credentials && is_user(users_, *credentials)) return std::nullopt;
  Reply reply = problem(401, "no_credentials", "this needs a user and a password that are known");
  reply.fields.emplace_back("WWW-Authenticate", "Basic realm=\"salus\"");
  return reply;
}

Reply Getwork::answer(Bytes request) const {
  const Json call = Json::parse(request.begin(), request.end(), nullptr, false);
  if (call.is_discarded()) return rpc_error(nullptr, kParseError, "not JSON");
  if (!call.is_object()) return rpc_error(nullptr, kInvalidRequest, "not a call");
  const Json id = call.value("id", Json());
  const auto method = call.find("method");
  if (method == call.end() || !method->is_string())
    return rpc_error(id, kInvalidRequest, "a call names its method");
  if (*method != "getwork") return rpc_error(id, kMethodNotFound, "there is getwork alone");
  const Json params = call.value("params", Json::array());
  if (!params.is_array() || params.size() > 1)
    return rpc_error(id, kInvalidParams, "getwork takes the data of a work, or nothing");
  WorkSource* const source = source_;
  if (source == nullptr) return rpc_error(id, kStarting, "the node is being opened");
  return params.empty() ? work_reply(id, *source) : submission_reply(id, params[0], *source);
}

void Getwork::call_on_new_work(std::function<void()> ready) const {
  WorkSource* const source = source_;
  if (source == nullptr) return ready();
  source->call_on_new_tip(std::move(ready));
}

}  // namespace salus::node::api
