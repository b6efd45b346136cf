#include "engine/bitcoin/verifier.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/error.h"

namespace salus::bitcoin {
namespace {

using engine::MessageView;

Bytes bytes_of(std::span<const Digest> digests) {
  return digests.empty() ? Bytes() : Bytes(digests.front().data(), digests.size() * 32);
}

/// Appends to a list of faults in one line.
void add(std::string& faults, const std::string& fault) {
  if (!faults.empty() && !fault.empty()) faults += "; ";
  faults += fault;
}

/// Only the first transaction makes coins. This closes the second way to another list with the same
/// root: inner nodes passed off as transactions of 64 bytes (CVE-2017-12842) do not begin with one.
std::string coinbase_fault(const Block& block) {
  if (!block.transactions.front().is_coinbase) return "transaction 0 is no coinbase";
  for (std::size_t i = 1; i < block.transactions.size(); ++i)
    if (block.transactions[i].is_coinbase)
      return fmt::format("transaction {} is a second coinbase", i);
  return {};
}

}  // namespace

Verifier::Verifier(engine::Engine& engine, VerifyOptions options,
                   std::function<void(const Failure&)> on_failure)
    : engine_(engine), options_(std::move(options)), on_failure_(std::move(on_failure)) {}

void Verifier::verify(std::size_t input, ByteSource& source, InputSummary& summary) {
  BlockReader reader(source);
  summary = {};
  summary.format = reader.format();
  summary.network = reader.network();
  input_ = input;
  summary_ = &summary;
  last_id_.reset();
  take_bits(0);
  for (;;) {
    const std::span<const Record> records = reader.next_batch();
    summary.bytes = reader.bytes_read();
    if (records.empty()) return;
    if (reader.format() == Format::headers)
      check_headers(records);
    else
      check_blocks(records);
    if (options_.progress) options_.progress(summary.bytes);
    if (options_.stop.stop_requested()) throw Cancelled();
  }
}

void Verifier::finish() {
  if (unlinked_.empty()) return;
  std::ranges::sort(known_);
  for (const Unlinked& block : unlinked_) {
    if (std::ranges::binary_search(known_, block.previous)) continue;
    on_failure_({block.input, block.index, block.offset, block.id,
                 fmt::format("previous block {} is in none of the inputs",
                             to_hex_reversed(block.previous))});
  }
}

void Verifier::check_headers(std::span<const Record> records) {
  // Headers lie side by side in the stream, so they are hashed where they are.
  const Bytes bytes(records.front().bytes.data(), records.size() * pow::kHeaderSize);
  const std::vector<Digest> ids = double_hash(MessageView::fixed(bytes, pow::kHeaderSize));
  for (std::size_t i = 0; i < records.size(); ++i) {
    const pow::Header header = pow::parse_header(records[i].bytes.first<pow::kHeaderSize>());
    std::string faults = work_fault(header, ids[i]);
    add(faults, link_fault(header, ids[i], records[i]));
    if (!faults.empty()) report(records[i], ids[i], std::move(faults));
  }
  summary_->headers += records.size();
}

Verifier::Opened Verifier::open(const Record& record) const {
  Opened out;
  out.fault = record.fault;
  if (!out.fault.empty()) return out;
  try {
    out.block = read_block(record.bytes);
    if (out.block.size != record.bytes.size())
      out.fault =
          fmt::format("{} bytes after the last transaction", record.bytes.size() - out.block.size);
  } catch (const Error& error) {
    out.fault = error.what();
    // The header may be sound: then the next block still has its parent.
    if (record.bytes.size() >= pow::kHeaderSize)
      out.block.header = pow::parse_header(record.bytes.first<pow::kHeaderSize>());
  }
  return out;
}

void Verifier::check_blocks(std::span<const Record> records) {
  std::vector<Opened> opened;
  opened.reserve(records.size());
  for (const Record& record : records) opened.push_back(open(record));
  identify(records, opened);
  const std::vector<Digest> txids = transaction_ids(opened);
  std::span<const Digest> rest = txids;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const std::size_t count = opened[i].block.transactions.size();
    check_block(records[i], opened[i], rest.first(count));
    rest = rest.subspan(count);
  }
}

void Verifier::identify(std::span<const Record> records, std::vector<Opened>& opened) {
  std::vector<Bytes> headers;
  for (const Record& record : records)
    if (record.bytes.size() >= pow::kHeaderSize)
      headers.push_back(record.bytes.first(pow::kHeaderSize));
  const std::vector<Digest> ids = double_hash(MessageView::scattered(headers));
  auto id = ids.begin();
  for (std::size_t i = 0; i < records.size(); ++i)
    if (records[i].bytes.size() >= pow::kHeaderSize) opened[i].id = *id++;
}

std::vector<Digest> Verifier::transaction_ids(const std::vector<Opened>& opened) {
  std::size_t stripped_size = 0;
  for (const Opened& record : opened)
    for (const Transaction& transaction : record.block.transactions)
      if (transaction.has_witness) stripped_size += transaction.stripped_size();
  std::vector<std::uint8_t> stripped;
  stripped.reserve(stripped_size);  // so that it never moves under the views into it

  std::vector<Bytes> messages;
  for (const Opened& record : opened)
    for (const Transaction& transaction : record.block.transactions) {
      if (!transaction.has_witness) {
        messages.push_back(transaction.bytes);
        continue;
      }
      transaction.append_stripped(stripped);
      messages.push_back(Bytes(stripped).last(transaction.stripped_size()));
    }
  return double_hash(MessageView::scattered(messages));
}

std::vector<Digest> Verifier::double_hash(const MessageView& messages) {
  std::vector<Digest> once(messages.count());
  if (once.empty()) return once;
  std::vector<Digest> twice(once.size());
  const engine::JobControl control{options_.stop, {}};
  engine_.hash_many(messages, once, control);
  engine_.hash_many(MessageView::fixed(bytes_of(once), sizeof(Digest)), twice, control);
  return twice;
}

void Verifier::check_block(const Record& record, const Opened& opened,
                           std::span<const Digest> txids) {
  std::string faults = opened.fault;
  if (!opened.id) {
    last_id_.reset();
    return report(record, {}, std::move(faults));
  }
  add(faults, work_fault(opened.block.header, *opened.id));
  add(faults, link_fault(opened.block.header, *opened.id, record));
  if (!txids.empty()) {
    add(faults, coinbase_fault(opened.block));
    add(faults, root_fault(opened.block, txids));
  }
  ++summary_->headers;
  summary_->transactions += txids.size();
  if (!faults.empty()) report(record, opened.id, std::move(faults));
}

void Verifier::take_bits(std::uint32_t bits) {
  const pow::DecodedBits decoded = pow::decode_bits(bits);
  bits_ = bits;
  target_ = decoded.target;
  work_ = {};
  bits_fault_.clear();
  if (decoded.error != pow::BitsError::none)
    bits_fault_ = fmt::format("bits {:08x} are no target: {}", bits, to_string(decoded.error));
  else if (summary_->network != nullptr &&
           target_ > pow::decode_bits(summary_->network->easiest_bits).target)
    bits_fault_ = fmt::format("bits {:08x} are easier than {} allows ({:08x})", bits,
                              summary_->network->name, summary_->network->easiest_bits);
  else
    work_ = pow::work_of(target_);
}

std::string Verifier::work_fault(const pow::Header& header, const Digest& id) {
  if (header.bits != bits_) take_bits(header.bits);
  if (!bits_fault_.empty()) return bits_fault_;
  if (pow::Uint256::from_digest(id) > target_)
    return fmt::format("no proof of work: the id is above the target of bits {:08x}", header.bits);
  summary_->work = summary_->work + work_;
  return {};
}

std::string Verifier::link_fault(const pow::Header& header, const Digest& id,
                                 const Record& record) {
  const std::optional<Digest> before = std::exchange(last_id_, id);
  known_.push_back(id);
  if (before == header.previous) return {};
  if (header.previous == Digest{} && summary_->network != nullptr)
    return to_hex_reversed(id) == summary_->network->genesis
               ? std::string()
               : fmt::format("has no previous block, but is not the genesis of {}",
                             summary_->network->name);
  if (record.index == 0 || options_.allow_gaps) return {};
  if (summary_->format == Format::headers)
    return fmt::format("previous id {} is not that of the header before",
                       to_hex_reversed(header.previous));
  unlinked_.push_back({input_, record.index, record.offset, id, header.previous});
  return {};
}

std::string Verifier::root_fault(const Block& block, std::span<const Digest> txids) {
  Digest root = txids.front();
  if (txids.size() > 1) {
    const merkle::Tree tree = engine_.merkle_tree(
        engine::TreeKind::bitcoin, MessageView::fixed(bytes_of(txids), sizeof(Digest)),
        {options_.stop, {}});
    if (merkle::has_equal_siblings(tree))
      return "transactions are repeated so that the Merkle root stays the same (CVE-2012-2459)";
    root = tree.root();
  }
  if (root == block.header.merkle_root) return {};
  return fmt::format("Merkle root is {}, the header has {}", to_hex_reversed(root),
                     to_hex_reversed(block.header.merkle_root));
}

void Verifier::report(const Record& record, const std::optional<Digest>& id,
                      std::string reason) const {
  on_failure_({input_, record.index, record.offset, id, std::move(reason)});
}

}  // namespace salus::bitcoin
