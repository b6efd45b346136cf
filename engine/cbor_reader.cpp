#include "engine/cbor_reader.h"

#include <string>

#include "engine/error.h"

namespace salus {
namespace {

const char* describe(CborCursor::Problem problem) {
  using Problem = CborCursor::Problem;
  switch (problem) {
    case Problem::cut_short: return "cut short";
    case Problem::indefinite_or_reserved: return "an indefinite length or a reserved encoding";
    case Problem::not_shortest: return "a number that is not in its shortest form";
    case Problem::no_byte_string: return "something else where a byte string belongs";
    case Problem::no_number: return "something else where a number belongs";
    case Problem::too_large: return "a number that is too large";
    case Problem::too_deep: return "nested too deep";
    case Problem::none:
    case Problem::other_type: break;
  }
  return "something else than what belongs here";
}

}  // namespace

template <typename T>
T CborReader::checked(T value) const {
  if (cursor_.failed())
    throw Error(ErrorKind::input, std::string("CBOR: ") + describe(cursor_.problem()));
  return value;
}

CborReader::Head CborReader::head() { return checked(cursor_.head()); }

Bytes CborReader::take(std::uint64_t size) { return checked(cursor_.take(size)); }

Bytes CborReader::byte_string() { return checked(cursor_.byte_string()); }

std::int64_t CborReader::integer() { return checked(cursor_.integer()); }

void CborReader::skip() { checked(cursor_.item()); }

}  // namespace salus
