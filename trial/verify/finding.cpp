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

std::string_view to_string(Place::Change change) {
  switch (change) {
    case Place::Change::changed: return "changed";
    case Place::Change::added: return "added";
    case Place::Change::removed: return "removed";
    case Place::Change::moved: return "moved";
  }
  return "";
}

}  // namespace salus::trial
