#include "node/reload.h"

#include <exception>

namespace salus::node {

Reloaded reload(const std::function<std::string()>& read) {
  try {
    return {true, read()};
  } catch (const std::exception& error) {
    return {false, error.what()};
  }
}

}  // namespace salus::node
