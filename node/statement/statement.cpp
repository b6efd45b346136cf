#include "node/statement/statement.h"

#include <algorithm>

#include "engine/cbor_cursor.h"
#include "engine/openssl_sha256.h"
#include "node/statement/cose_sign1.h"
#include "node/statement/labels.h"
#include "node/statement/plain_text.h"

namespace salus::node {
namespace {

using Problem = CborCursor::Problem;

/// Sets the bit of one label in `seen`; fails where it is set already.
void note(CborCursor& cursor, unsigned& seen, unsigned bit) {
  if ((seen & bit) != 0) cursor.fail(Problem::other_type);
  seen |= bit;
}

/// Whether a header value that may be a number or a text is either, as RFC 9052 has it for `alg`
/// and `content type`; passed over.
void require_number_or_text(CborCursor& cursor, CborHead head) {
  if (head.major == CborMajor::text_string) {
    cursor.take(head.argument);
  } else if (head.major > CborMajor::negative_integer) {
    cursor.fail(Problem::other_type);
  }
}

/// Reads a statement's protected header.
class HeaderReader {
 public:
  HeaderReader(Bytes header, Statement& out) : cursor_(header), out_(out) {}

  /// Nothing when all is well.
  std::optional<Refusal> read() {
    // All four labels are needed and no other is taken.
    constexpr std::uint64_t kLabels = 4;
    if (cursor_.map() != kLabels) return Refusal::malformed;
    for (std::uint64_t i = 0; i < kLabels; ++i) read_label();
    if (!cursor_.finished()) return Refusal::malformed;
    if (!algorithm_known_) return Refusal::unsupported_algorithm;
    if (!type_known_) return Refusal::unsupported_type;
    return std::nullopt;
  }

 private:
  enum Seen : unsigned { kAlgorithm = 1, kType = 2, kSigner = 4, kClaims = 8 };
  enum SeenClaim : unsigned { kIssuer = 1, kSubject = 2, kIssuedAt = 4, kSequence = 8 };

  void read_label() {
    switch (cursor_.unsigned_integer()) {
      case labels::kAlgorithm: note(cursor_, seen_, kAlgorithm); return read_algorithm();
      case labels::kContentType: note(cursor_, seen_, kType); return read_type();
      case labels::kKeyId: note(cursor_, seen_, kSigner); return read_signer();
      case labels::kClaims: note(cursor_, seen_, kClaims); return read_claims();
      default: cursor_.fail(Problem::other_type);
    }
  }

  void read_algorithm() {
    const CborHead head = cursor_.head();
    require_number_or_text(cursor_, head);
    if (head.major != CborMajor::negative_integer) return;
    switch (-1 - static_cast<std::int64_t>(head.argument)) {
      case labels::kEdDsa:
      case labels::kEd25519: out_.algorithm = Algorithm::ed25519; break;
      case labels::kEs256:
      case labels::kEsp256: out_.algorithm = Algorithm::p256; break;
      default: return;
    }
    algorithm_known_ = true;
  }

  void read_type() {
    std::optional<ContentType> type;
    if (cursor_.peek().major == CborMajor::text_string) {
      type = content_type_from_media_type(cursor_.text_string());
    } else {
      const std::uint64_t number = cursor_.unsigned_integer();
      if (number == labels::kSenmlCbor) type = ContentType::senml_cbor;
      if (number == labels::kSenmlJson) type = ContentType::senml_json;
    }
    type_known_ = type.has_value();
    if (type) out_.type = *type;
  }

  void read_signer() {
    const Bytes id = cursor_.byte_string();
    if (id.size() != out_.signer.size()) return cursor_.fail(Problem::other_type);
    std::ranges::copy(id, out_.signer.begin());
  }

  void read_claims() {
    constexpr std::uint64_t kMost = 4;
    const std::uint64_t count = cursor_.map();
    if (count > kMost) return cursor_.fail(Problem::other_type);
    unsigned seen = 0;
    for (std::uint64_t i = 0; i < count; ++i) read_claim(seen);
    constexpr unsigned kNeeded = kIssuedAt | kSequence;
    if ((seen & kNeeded) != kNeeded) cursor_.fail(Problem::other_type);
  }

  void read_claim(unsigned& seen) {
    if (cursor_.peek().major == CborMajor::text_string) {
      if (cursor_.text_string() != labels::kSequence) return cursor_.fail(Problem::other_type);
      note(cursor_, seen, kSequence);
      out_.sequence = cursor_.unsigned_integer();
      return;
    }
    switch (cursor_.unsigned_integer()) {
      case labels::kIssuer: note(cursor_, seen, kIssuer); return read_text(out_.issuer);
      case labels::kSubject: note(cursor_, seen, kSubject); return read_text(out_.subject);
      case labels::kIssuedAt: note(cursor_, seen, kIssuedAt); return read_time();
      default: cursor_.fail(Problem::other_type);
    }
  }

  void read_text(std::string_view& out) {
    out = cursor_.text_string();
    if (!is_plain_text(out, kMaxClaimBytes)) cursor_.fail(Problem::other_type);
  }

  void read_time() {
    const std::uint64_t time = cursor_.unsigned_integer();
    if (time > static_cast<std::uint64_t>(kLatestTime)) return cursor_.fail(Problem::too_large);
    out_.issued_at = static_cast<std::int64_t>(time);
  }

  CborCursor cursor_;
  Statement& out_;
  unsigned seen_ = 0;
  bool algorithm_known_ = false;
  bool type_known_ = false;
};

/// Splits a message into its parts.
bool read_parts(Bytes message, Statement& out) {
  CborCursor cursor(message);
  if (cursor.tag() != labels::kCoseSign1Tag || cursor.array() != labels::kCoseSign1Items)
    return false;
  out.protected_header = cursor.byte_string();
  if (cursor.map() != 0) return false;
  out.payload = cursor.byte_string();
  out.signature = cursor.byte_string();
  out.message = message;
  return cursor.finished() && out.signature.size() == engine::signature::kSignatureBytes;
}

}  // namespace

std::variant<Statement, Refusal> parse_statement(Bytes message, std::size_t max_bytes) {
  if (message.size() > std::min(max_bytes, kMaxStatementBytes)) return Refusal::oversize;
  std::variant<Statement, Refusal> result;
  auto& statement = std::get<Statement>(result);
  if (!read_parts(message, statement)) return Refusal::malformed;
  if (const auto refusal = HeaderReader(statement.protected_header, statement).read())
    return *refusal;
  return result;
}

std::size_t signed_bytes_size(const Statement& statement) {
  return signature1_size(statement.protected_header, {}, statement.payload);
}

void append_signed_bytes(const Statement& statement, std::vector<std::uint8_t>& out) {
  append_signature1(statement.protected_header, {}, statement.payload, out);
}

Digest statement_id(const Statement& statement) {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(signed_bytes_size(statement));
  append_signed_bytes(statement, bytes);
  return openssl_sha256(bytes);
}

}  // namespace salus::node
