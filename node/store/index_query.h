// Pages of statements out of the secondary indexes.
#pragma once

#include "node/store/block_store.h"
#include "node/store/database.h"

namespace salus::node {

/// `BlockStore::find`.
IndexPage find_statements(const Database& database, const IndexQuery& query);

}  // namespace salus::node
