#include "trial/records/batched_reader.h"

namespace salus::trial {

void BatchBuilder::add_cell(std::string_view name, std::string_view value) {
  text_.insert(text_.end(), name.begin(), name.end());
  const std::size_t name_end = text_.size();
  text_.insert(text_.end(), value.begin(), value.end());
  cells_.push_back({name_end, text_.size()});
}

void BatchBuilder::end_record() {
  ends_.push_back(static_cast<std::uint32_t>(cells_.size()));
  closed_text_ = text_.size();
}

void BatchBuilder::drop_open_record() {
  text_.resize(closed_text_);
  cells_.resize(ends_.empty() ? 0 : ends_.back());
}

void BatchBuilder::move_to(RecordBatch& batch) {
  batch.text.swap(text_);
  batch.ends.swap(ends_);
  batch.cells.reserve(cells_.size());
  const std::string_view text(batch.text.data(), batch.text.size());
  std::size_t begin = 0;
  for (const Extent& cell : cells_) {
    batch.cells.push_back({text.substr(begin, cell.name_end - begin),
                           text.substr(cell.name_end, cell.value_end - cell.name_end)});
    begin = cell.value_end;
  }
  text_.clear();
  cells_.clear();
  ends_.clear();
  closed_text_ = 0;
}

bool BatchedReader::resume(std::uint64_t record, std::uint64_t offset) {
  if (!seek(offset)) return false;
  delivered_ = record;
  return true;
}

bool BatchedReader::next(RecordBatch& batch) {
  batch.clear();
  if (failure_) std::rethrow_exception(failure_);
  const std::uint64_t offset = position();
  try {
    while (!ended_ && !builder_.full()) ended_ = !read_some(builder_);
  } catch (...) {
    failure_ = std::current_exception();
    builder_.drop_open_record();
    if (builder_.empty()) throw;
  }
  builder_.move_to(batch);
  batch.first = delivered_;
  batch.offset = offset;
  batch.dataset = dataset();
  delivered_ += batch.size();
  return batch.size() != 0;
}

}  // namespace salus::trial
