// The ids in a hash table in an order that is the same everywhere.
#pragma once

#include <algorithm>
#include <vector>

namespace salus::node {

/// `id_of` gives the id of an entry of the table.
template <typename Id, typename Table, typename IdOf>
std::vector<Id> sorted_ids(const Table& table, IdOf id_of) {
  std::vector<Id> ids;
  ids.reserve(table.size());
  for (const auto& entry : table) ids.push_back(id_of(entry));
  std::ranges::sort(ids);
  return ids;
}

}  // namespace salus::node
