// RFC 3161 time stamps over a seal's checkpoint: the word of a time-stamping authority that it was
// there at a certain time. `openssl ts -verify -data checkpoint -in timestamp.tsr` checks the same.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/bytes.h"

namespace salus::trial {

inline constexpr std::string_view kTimestampFile = "timestamp.tsr";
/// A response with the certificates of authority and issuers.
inline constexpr std::size_t kMaxTimestampBytes = std::size_t{256} << 10;

/// The request (TimeStampReq, DER) for the SHA-256 of `checkpoint`. Asks for the authority's
/// certificate. With a nonce, which the answer has to repeat, for an authority that is asked now;
/// without one where request and answer are carried by somebody: an answer that was given before
/// says nothing wrong, as it names the same bytes and an earlier time. Throws `Error` (system).
std::vector<std::uint8_t> timestamp_request(std::string_view checkpoint,
                                            std::optional<std::uint64_t> nonce = {});

struct Timestamp {
  std::string time;         ///< UTC: "2026-11-21T22:00:00Z".
  std::string authority;    ///< Subject of the certificate that signed it, on one line.
  bool is_trusted = false;  ///< The certificate leads to one that the caller trusts.
};

/// Checks a response (TimeStampResp, DER): that it was granted, that it is over `checkpoint`, that
/// it repeats the nonce if one was sent, that its signature holds under the certificate that comes
/// with it; and, where `authorities` names a
/// file of certificates (PEM), that this one is for time stamping and leads to one of those, at the
/// time that was stamped. A reason for people where it does not hold. Throws `Error`: (input) for a
/// file of certificates that cannot be used, (system) when OpenSSL is out of memory.
std::variant<Timestamp, std::string> check_timestamp(Bytes response, std::string_view checkpoint,
                                                     const std::string& authorities = {},
                                                     std::optional<std::uint64_t> nonce = {});

}  // namespace salus::trial
