#include "node/prune.h"

#include <algorithm>
#include <array>
#include <string>

#include "engine/error.h"
#include "engine/pow/header.h"

namespace salus::node {
namespace {

constexpr std::array kPrunable = {ContentType::senml_cbor, ContentType::senml_json,
                                  ContentType::fhir_json, ContentType::data_seal};

/// The lowest height that is not to be touched: that of the first block which is not old enough, or
/// that of the last blocks. A block's time may be a little before its parent's: what comes after a
/// young one is young.
Height limit_of(const BlockStore& store, const PruneRequest& request) {
  const auto tip = store.tip();
  if (!tip) return 0;
  Height below = tip->height + 1;
  store.for_each_header(0, [&](Height height, const StoredHeader& stored) {
    if (stored.header.size() != pow::kHeaderSize)
      throw Error(ErrorKind::input,
                  "block " + std::to_string(height) + " in the store has no header");
    const pow::Header header = pow::parse_header(Bytes(stored.header).first<pow::kHeaderSize>());
    if (std::int64_t{header.time} < request.before) return true;
    below = height;
    return false;
  });
  const Height kept = std::min(request.keep_blocks, tip->height + 1);
  return std::min<Height>(below, tip->height + 1 - kept);
}

void require_prunable(const PruneRequest& request) {
  for (const ContentType type : request.types)
    if (!is_prunable(type))
      throw Error(ErrorKind::usage, "bodies of " + std::string(media_type(type)) +
                                        " cannot be pruned: the chain is checked by them");
}

/// The sum of `tally(type, below)` over the types.
template <typename Tally>
PruneReport report_of(const BlockStore& store, const PruneRequest& request, const Tally& tally) {
  require_prunable(request);
  PruneReport report;
  report.below = limit_of(store, request);
  for (const ContentType type : request.types) {
    const BodyTally bodies = tally(static_cast<std::uint8_t>(type), report.below);
    report.statements += bodies.statements;
    report.bytes += bodies.bytes;
  }
  return report;
}

}  // namespace

std::span<const ContentType> prunable_types() { return kPrunable; }

bool is_prunable(ContentType type) { return std::ranges::find(kPrunable, type) != kPrunable.end(); }

PruneReport count_prunable(const BlockStore& store, const PruneRequest& request) {
  return report_of(store, request, [&store](std::uint8_t type, Height below) {
    return store.count_bodies_of_type(type, below);
  });
}

PruneReport prune(BlockStore& store, const PruneRequest& request) {
  const PruneReport report = report_of(store, request, [&store](std::uint8_t type, Height below) {
    return store.prune_bodies_of_type(type, below);
  });
  store.purge();
  return report;
}

}  // namespace salus::node
