// Wording that the forms of a report share.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "trial/report/report.h"

namespace salus::trial {

/// `text` on one line and as UTF-8: control characters and bytes that are no UTF-8 as \xNN.
std::string plain(std::string_view text);

/// "record 17: variable AESEV changed", without what identifies a subject.
std::string place_text(const Place& place);

/// What is said of the whole: "Everything is as it was sealed", ...
std::string verdict(const Report& report);

/// A requirement and what a seal does for it.
struct Control {
  std::string_view reference;
  std::string_view support;
};
extern const std::array<Control, 5> kControls;

extern const std::string_view kNoCompliance;
extern const std::string_view kNoValues;

}  // namespace salus::trial
