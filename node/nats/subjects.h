// Subjects and names as NATS has them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace salus::node::nats {

inline constexpr std::size_t kMaxSubjectBytes = 255;
inline constexpr std::size_t kMaxNameBytes = 64;

/// Tokens of printable ASCII between dots, none empty. With `*` for any token and `>` for all that
/// follow, where patterns are permitted.
bool is_subject(std::string_view text);
bool is_subject_pattern(std::string_view text);

/// Of a stream or a consumer: letters, digits, `-` and `_`.
bool is_name(std::string_view text);

/// Whether every subject that `pattern` matches is matched by `wider`.
bool covers(std::string_view wider, std::string_view pattern);
/// Whether a subject is matched by both.
bool overlap(std::string_view a, std::string_view b);

/// What the subject says to which a message is acknowledged.
struct AckSubject {
  std::string_view stream;
  std::string_view consumer;
  std::uint64_t deliveries = 0;       ///< 1: for the first time.
  std::uint64_t stream_sequence = 0;  ///< As its publisher was told.
  std::uint64_t backlog = 0;          ///< Messages behind it that the consumer has not seen.
};

/// `$JS.ACK.<stream>.<consumer>.<deliveries>.<stream seq>.<consumer seq>.<time>.<backlog>`, or with
/// domain and account before the stream, and possibly one more token at the end; nothing for
/// anything else.
std::optional<AckSubject> parse_ack_subject(std::string_view subject);

}  // namespace salus::node::nats
