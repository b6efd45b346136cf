// What a batch of signatures is in device memory, shared word for word by host and device code.
#pragma once

#ifdef __cplusplus
#include <cstdint>
namespace salus::kernels {
typedef std::uint32_t batch_word;
#else
typedef unsigned int batch_word;
#endif

/// Where an item's message lies and which table its key has.
typedef struct SignatureSlot {
  batch_word message_at;     ///< In units of 16 bytes from the arena's start.
  batch_word message_bytes;  ///< Or SALUS_HASHED.
  batch_word table;          ///< In units of SALUS_TABLE_UNIT bytes; registered keys only.
  batch_word reserved;
} SignatureSlot;

/// The message has been hashed on the host: in its place lies the challenge, reduced, in 32 bytes
/// (Ed25519), or the hash (P-256).
#define SALUS_HASHED 0xffffffffu

/// Where tables of keys may begin: what all tables' sizes are multiples of.
#define SALUS_TABLE_UNIT 64

/// Bits of a window of an unknown key's scalar and of the base point's.
#define SALUS_KEY_WINDOW 5
#define SALUS_BASE_WINDOW 10

/// Multiples of an unknown key that a work-item makes, the words of one (Ed25519), and the words of
/// them all (the larger of both algorithms').
#define SALUS_KEY_ROWS 16
#define SALUS_KEY_ROW_WORDS 32
#define SALUS_KEY_SCRATCH_WORDS 640

/// Words of an item's two scalars, and of its sum between the curve kernel and the last one.
#define SALUS_SCALAR_WORDS 16
#define SALUS_SUM_WORDS 24

/// What a reason byte is while it is open, and what it becomes (engine/signature/signature.h).
#define SALUS_REASON_VALID 0
#define SALUS_REASON_NOT_ON_CURVE 12
#define SALUS_REASON_MISMATCH 13
#define SALUS_REASON_OPEN 255

#ifdef __cplusplus
}  // namespace salus::kernels
#endif
