// Blocks and headers out of a stream, whichever of the usual ways they were written in.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/bitcoin/byte_window.h"
#include "engine/bitcoin/network.h"
#include "engine/bitcoin/source.h"

namespace salus::bitcoin {

enum class Format {
  headers,   ///< 80-byte headers, one after the other.
  blocks,    ///< One serialised block, or several one after the other.
  sequence,  ///< A `blk*.dat` file: magic bytes and length before each block, padded with zeros.
};

const char* to_string(Format format);

/// One header or block, or what stands where one should.
struct Record {
  std::uint64_t index = 0;   ///< Counted from 0 over the stream.
  std::uint64_t offset = 0;  ///< Of the header's first byte in the stream.
  Bytes bytes;               ///< The block or header; empty where `fault` says what is wrong.
  std::string fault;
};

/// Finds out the format and cuts a stream into records, some megabytes at a time.
///
/// A record that is broken does not hide those behind it where the format allows to find them: in a
/// sequence the search goes on for the next magic bytes.
class BlockReader {
 public:
  /// Bytes of records that are handed out together, about: enough to keep any device busy.
  static constexpr std::size_t kBatchSize = std::size_t{16} << 20;

  /// Reads the first bytes. Throws `Error` (input) when they are neither a block nor headers. The
  /// source must outlive the reader.
  explicit BlockReader(ByteSource& source);

  [[nodiscard]] Format format() const { return format_; }
  /// Of a sequence; nullptr for the other formats, which do not say.
  [[nodiscard]] const Network* network() const { return network_; }
  /// Bytes of the stream that were cut so far.
  [[nodiscard]] std::uint64_t bytes_read() const { return window_.offset(); }

  /// The next records, valid until the next call; none at the end. Throws `Error` as the source
  /// does, and (input) for a last header that is cut short.
  std::span<const Record> next_batch();

 private:
  /// What became of an attempt to cut the next record.
  enum class Cut { record, more_needed, end };

  void detect();
  Cut cut();
  Cut cut_header();
  Cut cut_block();
  Cut cut_framed();
  Cut search_magic();
  [[nodiscard]] bool frame_ends_well(Bytes after) const;
  Cut add_record(std::size_t prefix, std::size_t size);
  Cut add_fault(std::string fault, std::size_t skip);
  Cut lose_frame(std::string fault);

  ByteWindow window_;
  Format format_ = Format::headers;
  const Network* network_ = nullptr;
  std::vector<Record> batch_;
  std::uint64_t next_index_ = 0;
  bool searching_ = false;  ///< In a sequence: the frame was lost; magic bytes are looked for.
  bool lost_ = false;       ///< In other formats: what is left cannot be cut.
};

}  // namespace salus::bitcoin
