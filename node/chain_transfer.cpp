#include "node/chain_transfer.h"

#include "engine/error.h"
#include "engine/stopwatch.h"
#include "node/chain/block_stream.h"

namespace salus::node {
namespace {

/// A header of a block that the stream's reader took for one.
pow::Header header_of(Bytes block) {
  constexpr std::size_t kHeaderOffset = 3;
  return pow::parse_header(block.subspan(kHeaderOffset).first<pow::kHeaderSize>());
}

/// A block of the stream, as messages call it.
std::string name_of(const BlockStreamReader& stream, const pow::Header& header,
                    const ChainTip& before) {
  std::string name = "block " + std::to_string(stream.index()) + " of the stream";
  if (header.previous == before.id) name += ", height " + std::to_string(before.height + 1);
  return name + ", id " + to_hex_reversed(pow::header_id(header));
}

std::optional<std::string> problem_with(const AddResult& added, const pow::Header& header,
                                        const Genesis& genesis, const ChainTip& before) {
  if (header.previous == Digest{} && added.id != genesis.id())
    return "it begins another chain; \"" + genesis.parameters().name + "\" begins with " +
           to_hex_reversed(genesis.id());
  if (added.standing == Standing::refused)
    return added.fault ? describe(*added.fault) : std::string("refused");
  if (added.standing == Standing::orphan)
    return "the block before it, " + to_hex_reversed(header.previous) +
           ", is not known: this chain ends at height " + std::to_string(before.height);
  return std::nullopt;
}

/// The next block; where the stream holds none, the report says why.
std::optional<Bytes> next_block(BlockStreamReader& stream, ImportReport& report) {
  try {
    return stream.next();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::input) throw;
    report.problem = error.what();
    return std::nullopt;
  }
}

void count(ImportReport& report, const AddResult& added, std::uint64_t statements) {
  ++report.blocks;
  if (added.standing == Standing::side) ++report.side;
  if (added.is_new)
    report.statements += statements;
  else
    ++report.known;
}

}  // namespace

ExportReport export_blocks(const BlockStorage& storage, const BlockRange& range,
                           const std::function<void(Bytes)>& take,
                           const engine::JobControl& control) {
  ExportReport report;
  const std::uint64_t total = range.to - range.from + 1;
  for (std::uint64_t height = range.from; height <= range.to; ++height) {
    if (control.stop.stop_requested()) throw Cancelled();
    const auto bytes = storage.block(height);
    if (!bytes)
      throw Error(ErrorKind::input,
                  "block " + std::to_string(height) +
                      ": bodies of it were deleted, so that it cannot be handed out whole");
    take(*bytes);
    ++report.blocks;
    report.bytes += bytes->size();
    if (control.progress) control.progress(report.blocks, total);
  }
  return report;
}

ImportReport import_blocks(Chain& chain, ByteSource& source,
                           const std::function<void(const ImportReport&)>& progress,
                           const std::stop_token& stop) {
  const Stopwatch watch;
  BlockStreamReader stream(source, chain.genesis().parameters().limits);
  ImportReport report;
  report.height = chain.tip().height;
  while (!report.problem) {
    if (stop.stop_requested()) throw Cancelled();
    const auto block = next_block(stream, report);
    if (!block) break;
    const pow::Header header = header_of(*block);
    const ChainTip before = chain.tip();
    const AddResult added = chain.add_block(*block);
    report.problem = problem_with(added, header, chain.genesis(), before);
    if (report.problem)
      report.problem = name_of(stream, header, before) + ": " + *report.problem;
    else
      count(report, added, stream.statements());
    report.height = chain.tip().height;
    report.bytes = stream.bytes();
    report.seconds = watch.seconds();
    if (progress) progress(report);
  }
  return report;
}

}  // namespace salus::node
