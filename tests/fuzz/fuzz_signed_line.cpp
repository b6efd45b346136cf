// Any text as a line of `salus verify --jsonl`: what is taken is an item that the verifier decides,
// and written plainly it is the same item again. The bytes are also read as a DER signature.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>

#include "cli/signed_line.h"
#include "engine/error.h"
#include "engine/signature/ecdsa_der.h"
#include "engine/signature/form.h"
#include "tests/fuzz/require.h"

namespace {

using namespace salus;
using cli::Encoding;
using cli::SignedItem;
using cli::SignedLineParser;

using salus::fuzz::require;

std::string written(const SignedItem& item) {
  return nlohmann::json{{"alg", to_string(item.algorithm)},
                        {"key", to_hex(item.key)},
                        {"message", to_hex(item.message)},
                        {"signature", to_hex(item.signature)}}
      .dump();
}

void check_line(std::string_view line, Encoding encoding) {
  try {
    const SignedItem item = SignedLineParser(encoding).parse(line);
    require(check_form(item.view(), {}) != engine::signature::Reason::key_length);
    const SignedItem again = SignedLineParser(Encoding::hex).parse(written(item));
    require(again.key == item.key && again.message == item.message);
    require(again.signature == item.signature && again.algorithm == item.algorithm);
  } catch (const Error& error) {
    require(error.kind() == ErrorKind::input);
    require(std::string_view(error.what()).find('\n') == std::string_view::npos);
  }
}

/// A number as DER writes it, from 32 bytes.
std::vector<std::uint8_t> der_number(Bytes number) {
  while (number.size() > 1 && number[0] == 0) number = number.subspan(1);
  std::vector<std::uint8_t> out = {0x02, static_cast<std::uint8_t>(number.size())};
  if (number[0] >= 0x80) {
    ++out[1];
    out.push_back(0);
  }
  out.insert(out.end(), number.begin(), number.end());
  return out;
}

/// There is one strict DER encoding of each pair of numbers.
void check_der(Bytes bytes) {
  const auto signature = engine::signature::p256_signature_from_der(bytes);
  if (!signature) return;
  std::vector<std::uint8_t> out = der_number(Bytes(*signature).first(32));
  const std::vector<std::uint8_t> second = der_number(Bytes(*signature).last(32));
  out.insert(out.end(), second.begin(), second.end());
  out.insert(out.begin(), {0x30, static_cast<std::uint8_t>(out.size())});
  require(std::ranges::equal(out, bytes));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  check_der({data, size});
  for (const Encoding encoding : {Encoding::automatic, Encoding::hex, Encoding::base64url})
    check_line({reinterpret_cast<const char*>(data), size}, encoding);
  return 0;
}
