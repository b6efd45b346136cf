// What the readers of JSON formats have in common: a parser, and messages that say where.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

#include "engine/error.h"
#include "trial/records/batched_reader.h"
#include "trial/records/json/canonical_json.h"

namespace salus::trial {

class JsonReader : public BatchedReader {
 public:
  [[nodiscard]] std::string_view canonical_form() const final { return form_; }

 protected:
  JsonReader(std::string_view form, std::string name, JsonNumbers numbers)
      : json_(numbers), form_(form), name_(std::move(name)) {}

  /// One record or none; false at the end. What it throws gets the file's name in front.
  virtual bool read_record(BatchBuilder& builder) = 0;

  /// Parses what stands at `place`, which is for messages.
  template <typename... Place>
  void parse(std::string_view text, fmt::format_string<Place...> place, Place&&... values) {
    try {
      json_.parse(text);
    } catch (const Error& error) {
      throw Error(error.kind(),
                  fmt::format(place, std::forward<Place>(values)...) + ": " + error.what());
    }
  }

  CanonicalJson json_;

 private:
  bool read_some(BatchBuilder& builder) final {
    try {
      return read_record(builder);
    } catch (const Error& error) {
      throw Error(error.kind(), name_ + ": " + error.what());
    }
  }

  std::string_view form_;
  std::string name_;
};

}  // namespace salus::trial
