// The state: what was changed is undone bit for bit, kept as bytes, and loaded again.
#include "node/state/state.h"

#include <gtest/gtest.h>

#include <random>

#include "engine/error.h"
#include "node/state/state_overlay.h"
#include "tests/support/random_data.h"

namespace salus::node::test {
namespace {

using salus::test::random_bytes;
using salus::test::random_digests;

/// Permitted changes made up: keys come, go and sign, statements are erased, blocks are signed.
class RandomChanges {
 public:
  explicit RandomChanges(unsigned seed) : random_(seed) {}

  /// One block's changes.
  void fill(StateOverlay& overlay, std::uint64_t height) {
    const KeyId first = add(overlay, nullptr);
    overlay.apply({first, {height, digest()}, RecordValidator{height}});
    for (int i = 0; i < 20; ++i) step(overlay, first);
  }

 private:
  void step(StateOverlay& overlay, const KeyId& signer) {
    const LastStatement last{random_(), digest()};
    const KeyId& known = ids_[random_() % ids_.size()];
    const KeyRecord* record = overlay.find_key(known);
    const bool is_active = record != nullptr && record->is_active();
    switch (random_() % 5) {
      case 0: add(overlay, &signer); return;
      case 1: overlay.apply({signer, last, EraseBody{digest()}}); return;
      case 2:
        if (is_active && known != signer) overlay.apply({signer, last, RevokeKey{known}});
        return;
      case 3:
        if (is_active && known != signer)
          overlay.apply({signer, last, ReplaceKey{known, id(), key()}});
        return;
      default:
        if (is_active) overlay.apply({known, last, {}});
    }
  }

  KeyId add(StateOverlay& overlay, const KeyId* signer) {
    const KeyId new_id = id();
    if (signer == nullptr) {
      overlay.add_key(new_id, key());
    } else {
      overlay.apply({*signer, {random_(), digest()}, AddKey{new_id, key()}});
    }
    return new_id;
  }

  KeyId id() {
    const Digest bytes = digest();
    KeyId out;
    std::copy_n(bytes.begin(), out.size(), out.begin());
    ids_.push_back(out);
    return out;
  }
  Digest digest() { return random_digests(1, static_cast<std::uint32_t>(random_()))[0]; }
  KeyRecord key() {
    const bool is_p256 = random_() % 2 != 0;
    const engine::signature::PublicKey key{
        is_p256 ? Algorithm::p256 : Algorithm::ed25519,
        random_bytes(is_p256 ? 65 : 32, static_cast<std::uint32_t>(random_()))};
    return new_key_record(key, static_cast<Role>(1 + random_() % 3),
                          static_cast<std::int64_t>(random_()));
  }

  std::mt19937_64 random_;
  std::vector<KeyId> ids_;
};

State copy_of(const State& state) {
  State copy;
  copy.write(StateWrites(state.contents().bytes()));
  return copy;
}

TEST(State, UndoingBlocksGivesEachStateBefore) {
  RandomChanges changes(1);
  State state;
  std::vector<Digest> digests{state.digest()};
  std::vector<std::vector<std::uint8_t>> undos;
  // More than the window, so that slots of validators are used again.
  const std::uint64_t blocks = kMaxValidatorWindow + 50;
  for (std::uint64_t height = 1; height <= blocks; ++height) {
    StateOverlay overlay(state);
    changes.fill(overlay, height);
    undos.push_back(overlay.undo().bytes());
    state.write(overlay.writes());
    digests.push_back(state.digest());
  }
  EXPECT_EQ(state.validator_at(blocks - kMaxValidatorWindow), std::nullopt);
  EXPECT_NE(state.validator_at(blocks - kMaxValidatorWindow + 1), std::nullopt);
  for (std::uint64_t height = blocks; height > 0; --height) {
    ASSERT_EQ(state.digest(), digests[height]);
    state.write(StateWrites(undos[height - 1]));
  }
  EXPECT_EQ(state.digest(), digests[0]);
  EXPECT_EQ(state.contents().size(), 0U);
  for (const Role role : {Role::device, Role::validator, Role::authority})
    EXPECT_EQ(state.active_keys(role), 0U);
}

TEST(State, AnOverlayShowsWhatTheStateWillBe) {
  RandomChanges changes(2);
  State state;
  for (std::uint64_t height = 1; height <= 30; ++height) {
    StateOverlay overlay(state);
    changes.fill(overlay, height);
    State after = copy_of(state);
    after.write(overlay.writes());
    after.for_each_key([&](const KeyId& id, const KeyRecord& record) {
      const KeyRecord* seen = overlay.find_key(id);
      ASSERT_NE(seen, nullptr);
      EXPECT_EQ(*seen, record);
    });
    for (const Role role : {Role::device, Role::validator, Role::authority})
      EXPECT_EQ(overlay.active_keys(role), after.active_keys(role));
    EXPECT_EQ(overlay.validator_at(height), after.validator_at(height));
    state = std::move(after);
  }
}

TEST(State, AnOverlayTakesChangesThatWereMadeElsewhere) {
  RandomChanges changes(3);
  State state;
  std::vector<StateWrites> undos;
  for (std::uint64_t height = 1; height <= 20; ++height) {
    StateOverlay overlay(state);
    changes.fill(overlay, height);
    undos.push_back(overlay.undo());
    state.write(overlay.writes());
  }
  const State before = copy_of(state);
  StateOverlay back(state);
  while (!undos.empty()) {
    back.write(undos.back());
    undos.pop_back();
  }
  for (const Role role : {Role::device, Role::validator, Role::authority})
    EXPECT_EQ(back.active_keys(role), 0U);
  const StateWrites writes = back.writes();
  const StateWrites undo = back.undo();
  state.write(writes);
  EXPECT_EQ(state.digest(), State().digest());
  state.write(undo);
  EXPECT_EQ(state.digest(), before.digest());
}

TEST(State, WhatWasStoredIsLoadedEntryByEntry) {
  RandomChanges changes(4);
  State state;
  StateOverlay overlay(state);
  changes.fill(overlay, 1);
  state.write(overlay.writes());
  State loaded;
  state.contents().for_each(
      [&](Bytes key, std::optional<Bytes> value) { loaded.write(key, value); });
  EXPECT_EQ(loaded.digest(), state.digest());
  for (const Role role : {Role::device, Role::validator, Role::authority})
    EXPECT_EQ(loaded.active_keys(role), state.active_keys(role));
}

TEST(State, DamagedEntriesAreRefused) {
  RandomChanges changes(5);
  State state;
  StateOverlay overlay(state);
  changes.fill(overlay, 1);
  overlay.writes().for_each([](Bytes key, std::optional<Bytes> value) {
    State other;
    ASSERT_TRUE(value.has_value());
    for (std::size_t size = 0; size < key.size(); ++size)
      EXPECT_THROW(other.write(key.first(size), *value), Error);
    for (std::size_t size = 0; size < value->size(); ++size)
      EXPECT_THROW(other.write(key, value->first(size)), Error);
    std::vector<std::uint8_t> longer(value->begin(), value->end());
    longer.push_back(0);
    EXPECT_THROW(other.write(key, longer), Error);
  });
  State other;
  EXPECT_THROW(other.write(as_bytes("X"), Bytes()), Error);
  const std::vector<std::uint8_t> slot{'V', 0, 0, 1, 0};  // 256: one too many
  EXPECT_THROW(other.write(slot, std::vector<std::uint8_t>(24)), Error);
  const std::vector<std::uint8_t> wrong_slot{'V', 0, 0, 0, 1};  // of height 0
  EXPECT_THROW(other.write(wrong_slot, std::vector<std::uint8_t>(24)), Error);
}

TEST(StateWrites, ComeBackFromTheirBytesAndEveryTruncationIsRefused) {
  StateWrites writes;
  writes.put(as_bytes("key"), as_bytes("value"));
  writes.remove(as_bytes("gone"));
  writes.put(as_bytes(""), as_bytes(""));
  const StateWrites again(writes.bytes());
  EXPECT_EQ(again, writes);
  EXPECT_EQ(again.size(), 3U);
  std::vector<std::size_t> entry_ends{0};
  for (std::size_t size = 1; size < writes.bytes().size(); ++size) {
    const std::vector<std::uint8_t> cut(writes.bytes().begin(),
                                        writes.bytes().begin() + static_cast<std::ptrdiff_t>(size));
    try {
      (void)StateWrites(cut);
      entry_ends.push_back(size);  // between two entries
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::input);
    }
  }
  EXPECT_EQ(entry_ends, (std::vector<std::size_t>{0, 11, 18}));
}

}  // namespace
}  // namespace salus::node::test
