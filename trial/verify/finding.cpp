#include "trial/verify/finding.h"

namespace salus::trial {

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::unchanged: return "OK";
    case Outcome::records_equal: return "RECORDS EQUAL";
    case Outcome::changed: return "CHANGED";
    case Outcome::missing: return "MISSING";
    case Outcome::added: return "ADDED";
    case Outcome::renamed: return "RENAMED";
    case Outcome::unreadable: return "UNREADABLE";
  }
  return "";
}

}  // namespace salus::trial
