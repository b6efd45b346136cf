#include "engine/jobs/search_space.h"

#include <algorithm>
#include <bit>

namespace salus::engine {
namespace {

constexpr std::uint64_t kNonces = std::uint64_t{1} << 32;

/// The first piece of a device whose speed is not known yet.
constexpr std::uint64_t kFirstHashes = std::uint64_t{1} << 18;

/// Spreads the low bits of `index` over the set bits of `mask`, lowest first (as PDEP does).
std::uint32_t deposit(std::uint64_t index, std::uint32_t mask) {
  std::uint32_t out = 0;
  for (; mask != 0; mask &= mask - 1, index >>= 1)
    if (index & 1) out |= mask & (~mask + 1);
  return out;
}

/// Gathers the bits of `value` under `mask` into the low bits (as PEXT does).
std::uint64_t extract(std::uint32_t value, std::uint32_t mask) {
  std::uint64_t out = 0;
  for (unsigned bit = 0; mask != 0; mask &= mask - 1, ++bit)
    if (value & mask & (~mask + 1)) out |= std::uint64_t{1} << bit;
  return out;
}

}  // namespace

SearchSpace::SearchSpace(const MineRequest& request, std::uint64_t max_hashes,
                         const Progress& progress)
    : request_(request),
      max_hashes_(max_hashes),
      progress_(progress),
      version_total_(std::uint64_t{1} << std::popcount(request.version_mask)),
      first_version_(extract(request.header.version, request.version_mask)),
      next_{request.header.time, 0, request.nonce_begin} {}

std::uint32_t SearchSpace::version_at(std::uint64_t index) const {
  const std::uint64_t rolled = (first_version_ + index) % version_total_;
  return (request_.header.version & ~request_.version_mask) |
         deposit(rolled, request_.version_mask);
}

std::uint64_t SearchSpace::group_count() const {
  return (version_total_ + SALUS_MINE_MAX_VERSIONS - 1) / SALUS_MINE_MAX_VERSIONS;
}

bool SearchSpace::wanted(const SearchPlace& place) const { return !best_ || place < best_->first; }

std::uint64_t SearchSpace::nonces_for(std::uint64_t hashes, unsigned versions) const {
  return std::max<std::uint64_t>(std::min(hashes, max_hashes_) / versions, 1);
}

std::optional<SearchPiece> SearchSpace::take(double hashes) {
  const std::scoped_lock lock(mutex_);
  const std::uint64_t count = hashes >= 1 ? static_cast<std::uint64_t>(hashes) : kFirstHashes;
  std::optional<SearchPiece> piece;
  if (!given_back_.empty() && wanted(given_back_.begin()->first))
    piece = take_again(count);
  else if (!at_end_ && wanted(next_))
    piece = cut(count);
  if (piece) handed_out_.emplace(piece->place, *piece);
  return piece;
}

SearchPiece SearchSpace::take_again(std::uint64_t hashes) {
  SearchPiece piece = given_back_.begin()->second;
  given_back_.erase(given_back_.begin());
  const std::uint64_t nonces = nonces_for(hashes, piece.range.version_count);
  if (nonces >= piece.range.nonce_count) return piece;
  SearchPiece rest = piece;
  rest.place.nonce += nonces;
  rest.range.nonce_begin = static_cast<std::uint32_t>(rest.place.nonce);
  rest.range.nonce_count -= nonces;
  given_back_.emplace(rest.place, rest);
  piece.range.nonce_count = nonces;
  return piece;
}

SearchPiece SearchSpace::cut(std::uint64_t hashes) {
  SearchPiece piece;
  piece.place = next_;
  const std::uint64_t first = next_.version_group * SALUS_MINE_MAX_VERSIONS;
  piece.range.version_count = static_cast<unsigned>(
      std::min<std::uint64_t>(SALUS_MINE_MAX_VERSIONS, version_total_ - first));
  for (unsigned i = 0; i < piece.range.version_count; ++i)
    piece.versions[i] = version_at(first + i);
  piece.range.nonce_begin = static_cast<std::uint32_t>(next_.nonce);
  piece.range.nonce_count =
      std::min(nonces_for(hashes, piece.range.version_count), kNonces - next_.nonce);
  advance(piece.range.nonce_count);
  return piece;
}

void SearchSpace::advance(std::uint64_t nonces) {
  next_.nonce += nonces;
  if (next_.nonce < kNonces) return;
  next_.nonce = 0;
  if (++next_.version_group < group_count()) return;
  next_.version_group = 0;
  if (next_.time < request_.time_max)
    ++next_.time;
  else
    at_end_ = true;
}

void SearchSpace::give_back(const SearchPiece& piece) {
  const std::scoped_lock lock(mutex_);
  handed_out_.erase(piece.place);
  given_back_.emplace(piece.place, piece);
}

void SearchSpace::finish(const SearchPiece& piece) {
  const std::scoped_lock lock(mutex_);
  handed_out_.erase(piece.place);
  hashes_done_ += piece.hashes();
  if (progress_) progress_(hashes_done_, 0);
}

bool SearchSpace::complete() {
  const std::scoped_lock lock(mutex_);
  const bool redo = !given_back_.empty() && wanted(given_back_.begin()->first);
  return !redo && (best_ || at_end_);
}

void SearchSpace::report(const SearchPiece& piece, const pow::Header& header) {
  const std::scoped_lock lock(mutex_);
  if (wanted(piece.place)) best_.emplace(piece.place, header);
}

std::uint64_t SearchSpace::hashes_done() {
  const std::scoped_lock lock(mutex_);
  return hashes_done_;
}

std::optional<pow::Header> SearchSpace::winner() {
  const std::scoped_lock lock(mutex_);
  const auto before = [this](const auto& pieces) {
    return !pieces.empty() && pieces.begin()->first < best_->first;
  };
  if (!best_ || before(handed_out_) || before(given_back_)) return std::nullopt;
  return best_->second;
}

pow::Header SearchSpace::next_untried() {
  const std::scoped_lock lock(mutex_);
  SearchPlace place = next_;
  bool any_left = !at_end_;
  for (const auto* pieces : {&handed_out_, &given_back_}) {
    if (pieces->empty() || (any_left && place < pieces->begin()->first)) continue;
    place = pieces->begin()->first;
    any_left = true;
  }
  pow::Header header = request_.header;
  header.time = place.time;
  header.version = version_at(place.version_group * SALUS_MINE_MAX_VERSIONS);
  header.nonce = static_cast<std::uint32_t>(place.nonce);
  return header;
}

bool SearchSpace::exhausted() {
  const std::scoped_lock lock(mutex_);
  return at_end_ && handed_out_.empty() && given_back_.empty();
}

}  // namespace salus::engine
