#include "engine/signature/cose_key.h"

#include <algorithm>
#include <array>
#include <optional>

#include "engine/cbor_reader.h"
#include "engine/cbor_writer.h"
#include "engine/error.h"
#include "engine/signature/point.h"

namespace salus::engine::signature {
namespace {

using Major = CborReader::Major;

// Labels and values: RFC 9052, tables 4 and 5; RFC 9053, tables 17 to 21; RFC 9864.
constexpr std::int64_t kLabelType = 1;
constexpr std::int64_t kLabelAlgorithm = 3;
constexpr std::int64_t kLabelOperations = 4;
constexpr std::int64_t kLabelCurve = -1;
constexpr std::int64_t kLabelX = -2;
constexpr std::int64_t kLabelY = -3;
constexpr std::int64_t kLabelPrivate = -4;
constexpr std::int64_t kTypeOkp = 1;
constexpr std::int64_t kTypeEc2 = 2;
constexpr std::int64_t kCurveP256 = 1;
constexpr std::int64_t kCurveEd25519 = 6;
constexpr std::int64_t kOperationVerify = 2;
constexpr std::array<std::int64_t, 2> kEd25519Algorithms = {-8, -19};  // EdDSA, Ed25519
constexpr std::array<std::int64_t, 2> kP256Algorithms = {-7, -9};      // ES256, ESP256

constexpr std::size_t kCoordinateBytes = 32;
/// A key has seven labels of its own at most; this leaves room for those of others.
constexpr std::uint64_t kMaxLabels = 32;

[[noreturn]] void fail(const char* problem) {
  throw Error(ErrorKind::input, std::string("COSE_Key: ") + problem);
}

struct Fields {
  std::optional<std::int64_t> type;
  std::optional<std::int64_t> algorithm;
  std::optional<std::int64_t> curve;
  std::optional<Bytes> x;
  std::optional<Bytes> y;
  std::optional<bool> y_is_odd;  ///< In place of y.
  bool may_verify = true;
};

bool reads_verify(CborReader& reader) {
  const CborReader::Head array = reader.head();
  if (array.major != Major::array) fail("key_ops is no array");
  bool found = false;
  for (std::uint64_t i = 0; i < array.argument; ++i) {
    CborReader ahead = reader;
    const CborReader::Head operation = ahead.head();
    found = found || (operation.major == Major::unsigned_integer &&
                      operation.argument == static_cast<std::uint64_t>(kOperationVerify));
    reader.skip();
  }
  return found;
}

void read_y(CborReader& reader, Fields& fields) {
  constexpr std::uint64_t kFalse = 20;
  constexpr std::uint64_t kTrue = 21;
  CborReader ahead = reader;
  const CborReader::Head head = ahead.head();
  if (head.major == Major::simple && (head.argument == kFalse || head.argument == kTrue)) {
    fields.y_is_odd = head.argument == kTrue;
    reader.skip();
  } else {
    fields.y = reader.byte_string();
  }
}

void read_value(CborReader& reader, std::int64_t label, Fields& fields) {
  switch (label) {
    case kLabelType: fields.type = reader.integer(); return;
    case kLabelAlgorithm: fields.algorithm = reader.integer(); return;
    case kLabelOperations: fields.may_verify = reads_verify(reader); return;
    case kLabelCurve: fields.curve = reader.integer(); return;
    case kLabelX: fields.x = reader.byte_string(); return;
    case kLabelY: read_y(reader, fields); return;
    case kLabelPrivate: fail("this is a private key: only the public one belongs here");
    default: reader.skip(); return;
  }
}

Fields read_fields(Bytes bytes) {
  CborReader reader(bytes);
  const CborReader::Head map = reader.head();
  if (map.major != Major::map) fail("not a map");
  if (map.argument > kMaxLabels) fail("more than 32 labels");
  Fields fields;
  std::vector<std::int64_t> seen;
  for (std::uint64_t i = 0; i < map.argument; ++i) {
    CborReader ahead = reader;
    if (ahead.head().major == Major::text_string) {  // nothing of ours
      reader.skip();
      reader.skip();
      continue;
    }
    const std::int64_t label = reader.integer();
    if (std::ranges::find(seen, label) != seen.end()) fail("the same label twice");
    seen.push_back(label);
    read_value(reader, label, fields);
  }
  if (!reader.at_end()) fail("bytes behind the key");
  return fields;
}

void require_use(const Fields& fields, std::span<const std::int64_t> algorithms) {
  if (!fields.may_verify) fail("key_ops does not allow the key to verify");
  if (fields.algorithm && std::ranges::find(algorithms, *fields.algorithm) == algorithms.end())
    fail("alg is not one that goes with the curve");
}

Bytes coordinate(const std::optional<Bytes>& bytes) {
  if (!bytes || bytes->size() != kCoordinateBytes) fail("x and y have 32 bytes each");
  return *bytes;
}

PublicKey ed25519_key(const Fields& fields) {
  if (fields.y || fields.y_is_odd) fail("a key on Ed25519 has no y");
  require_use(fields, kEd25519Algorithms);
  const Bytes x = coordinate(fields.x);
  return {Algorithm::ed25519, {x.begin(), x.end()}};
}

PublicKey p256_key(const Fields& fields) {
  require_use(fields, kP256Algorithms);
  const Bytes x = coordinate(fields.x);
  std::array<std::uint8_t, kP256KeyBytes> point;
  std::ranges::copy(x, point.begin() + 1);
  if (fields.y_is_odd) {
    point[0] = *fields.y_is_odd ? 0x03 : 0x02;
    return p256_key_from_point(Bytes(point).first(kP256CompressedBytes));
  }
  point[0] = 0x04;
  std::ranges::copy(coordinate(fields.y), point.begin() + 1 + kCoordinateBytes);
  return p256_key_from_point(point);
}

}  // namespace

bool looks_like_cose_key(Bytes bytes) {
  return !bytes.empty() && bytes[0] >> 5 == static_cast<int>(Major::map);
}

PublicKey parse_cose_key(Bytes bytes) {
  const Fields fields = read_fields(bytes);
  if (fields.type == kTypeOkp && fields.curve == kCurveEd25519) return ed25519_key(fields);
  if (fields.type == kTypeEc2 && fields.curve == kCurveP256) return p256_key(fields);
  fail("not a key on Ed25519 or P-256");
}

std::vector<std::uint8_t> encode_cose_key(const PublicKey& key) {
  const bool is_ed25519 = key.algorithm == Algorithm::ed25519;
  std::vector<std::uint8_t> out;
  CborWriter writer(out);
  writer.map(is_ed25519 ? 3 : 4);
  writer.integer(kLabelType);
  writer.integer(is_ed25519 ? kTypeOkp : kTypeEc2);
  writer.integer(kLabelCurve);
  writer.integer(is_ed25519 ? kCurveEd25519 : kCurveP256);
  writer.integer(kLabelX);
  // A point of SEC 1 has a byte for its form in front.
  const Bytes coordinates = is_ed25519 ? Bytes(key.bytes) : Bytes(key.bytes).subspan(1);
  writer.byte_string(coordinates.first(kCoordinateBytes));
  if (is_ed25519) return out;
  writer.integer(kLabelY);
  writer.byte_string(coordinates.subspan(kCoordinateBytes));
  return out;
}

}  // namespace salus::engine::signature
