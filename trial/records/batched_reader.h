// What readers of records have in common: cells are gathered until a batch is full.
#pragma once

#include <cstddef>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include "trial/records/record_reader.h"

namespace salus::trial {

/// Gathers the cells of a batch in memory of its own. Not thread safe.
class BatchBuilder {
 public:
  /// Copies both.
  void add_cell(std::string_view name, std::string_view value);
  void end_record();
  /// Forgets the cells since the last `end_record`.
  void drop_open_record();

  [[nodiscard]] bool full() const { return ends_.size() >= kRecords || text_.size() >= kText; }
  [[nodiscard]] bool empty() const { return ends_.empty(); }
  /// Bytes of the record that is not at its end yet.
  [[nodiscard]] std::size_t open_bytes() const { return text_.size() - closed_text_; }

  /// Hands everything over to an empty batch, with the memory that it lies in, takes the batch's
  /// for what comes next, and is empty afterwards.
  void move_to(RecordBatch& batch);

 private:
  static constexpr std::size_t kRecords = 4096;
  static constexpr std::size_t kText = std::size_t{2} << 20;

  struct Extent {
    std::size_t name_end;
    std::size_t value_end;
  };

  std::vector<char> text_;  ///< Name and value of each cell, one behind the other.
  std::vector<Extent> cells_;
  std::vector<std::uint32_t> ends_;
  std::size_t closed_text_ = 0;  ///< Bytes of `text_` that belong to whole records.
};

/// Delivers what was read before something was found wrong, and says what is wrong afterwards.
class BatchedReader : public RecordReader {
 public:
  bool next(RecordBatch& batch) final;
  bool resume(std::uint64_t record, std::uint64_t offset) final;

 protected:
  /// Adds a record or some; false at the end. Throws as `next` may.
  virtual bool read_some(BatchBuilder& builder) = 0;
  /// Where the next record begins, for readers that can `seek` there.
  [[nodiscard]] virtual std::uint64_t position() const { return RecordBatch::kNoOffset; }
  /// Goes to a place that `position` gave for the same bytes; false where that cannot be.
  virtual bool seek(std::uint64_t offset) {
    (void)offset;
    return false;
  }
  /// Which dataset the records are of; empty where the format does not say.
  [[nodiscard]] virtual std::string dataset() const { return {}; }

 private:
  BatchBuilder builder_;
  std::uint64_t delivered_ = 0;
  std::exception_ptr failure_;
  bool ended_ = false;
};

}  // namespace salus::trial
