// Numbers of COSE and CWT that statements are made of, named.
#pragma once

#include <cstdint>
#include <string_view>

namespace salus::node::labels {

inline constexpr std::uint64_t kCoseSign1Tag = 18;  // RFC 9052, 4.2
inline constexpr std::uint64_t kCoseSign1Items = 4;

// Header parameters: RFC 9052, 3.1; RFC 9597, 2.
inline constexpr std::uint64_t kAlgorithm = 1;
inline constexpr std::uint64_t kContentType = 3;
inline constexpr std::uint64_t kKeyId = 4;
inline constexpr std::uint64_t kClaims = 15;

// Algorithms: RFC 9053, 2; RFC 9864, 2.
inline constexpr std::int64_t kEs256 = -7;
inline constexpr std::int64_t kEdDsa = -8;
inline constexpr std::int64_t kEsp256 = -9;
inline constexpr std::int64_t kEd25519 = -19;

// Claims: RFC 8392, 4. `seq` is ours: text, because numbers are IANA's to give.
inline constexpr std::uint64_t kIssuer = 1;
inline constexpr std::uint64_t kSubject = 2;
inline constexpr std::uint64_t kIssuedAt = 6;
inline constexpr std::string_view kSequence = "seq";

// CoAP content-formats: RFC 8428, 12.3.
inline constexpr std::uint64_t kSenmlJson = 110;
inline constexpr std::uint64_t kSenmlCbor = 112;

}  // namespace salus::node::labels
