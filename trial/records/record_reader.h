// What every record format offers: its records, one batch after the other, in one pass over the
// file.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "engine/files/descriptor.h"
#include "trial/records/record_batch.h"

namespace salus::trial {

/// Reads one file. Not thread safe; readers of different files run side by side.
class RecordReader {
 public:
  virtual ~RecordReader() = default;

  /// Fills `batch` with the next records, some thousands at most and some MiB of text; false, and
  /// an empty batch, at the end. Throws `Error` (input) that names the file and the record, line or
  /// byte for what is not of the format: a truncated file, a ragged row. What was delivered before
  /// stays good: other batches are not touched.
  virtual bool next(RecordBatch& batch) = 0;

  /// Goes on with record `record`, which begins at `offset` as an earlier pass over the same bytes
  /// said in its batch. False where the reader cannot do that, or the file has changed so that the
  /// place is none; it is not to be used any more then. Called before the first `next`, if at all.
  virtual bool resume(std::uint64_t record, std::uint64_t offset) {
    (void)record;
    (void)offset;
    return false;
  }

  /// The canonical form that the cells are in, for instance "xpt5-obs/1".
  [[nodiscard]] virtual std::string_view canonical_form() const = 0;
};

/// Makes a reader of the canonical form named, which takes `file` from its beginning. `name` is for
/// messages. Throws `Error` (usage) for a form that is not known.
std::unique_ptr<RecordReader> open_records(std::string_view canonical_form, files::Descriptor file,
                                           std::string name);

/// What a reader's message says behind `name`, for lines in which the name stands already.
std::string without_name(std::string_view message, std::string_view name);

/// The canonical form for a file, by its name's extension and by its first bytes (up to 4 KiB are
/// enough); empty where it is no record format, or not told for certain.
std::string_view canonical_form_of(std::string_view path, std::string_view beginning);

}  // namespace salus::trial
