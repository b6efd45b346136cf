// COSE_Sign1 messages in general (RFC 9052, section 4): statements are some of them, receipts and
// other people's messages are others.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/bytes.h"
#include "engine/cbor_cursor.h"

namespace salus::node {

/// Views into the message that it was read from, which must outlive it.
struct CoseSign1 {
  bool tagged = false;           ///< Tag 18 stands in front, which is optional.
  Bytes protected_header;        ///< What the byte string holds: an encoded map, or nothing.
  Bytes unprotected_header;      ///< The encoded map. Not signed.
  std::optional<Bytes> payload;  ///< Nothing when it is detached: nil in its place.
  Bytes signature;
};

/// Splits one message into its parts, with nothing behind it; what the parts hold is not looked at.
/// Nothing when it is no COSE_Sign1 in CBOR of this form, or nested more than 8 deep. Pure.
std::optional<CoseSign1> parse_cose_sign1(Bytes message, CborForm form = CborForm::deterministic);

/// Appends the Sig_structure of RFC 9052, 4.4: ["Signature1", protected, external, payload]. A
/// protected header that is an empty map counts as no bytes at all (RFC 9052, 3).
void append_signature1(Bytes protected_header, Bytes external, Bytes payload,
                       std::vector<std::uint8_t>& out);

/// How many bytes `append_signature1` appends.
std::size_t signature1_size(Bytes protected_header, Bytes external, Bytes payload);

}  // namespace salus::node
