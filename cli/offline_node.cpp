#include "cli/offline_node.h"

#include "engine/error.h"
#include "node/node.h"

namespace salus::cli {

OfflineNode::OfflineNode(const std::filesystem::path& folder)
    : folder_(folder),
      genesis_(node::load_genesis(folder)),
      store_(folder / node::kBlocksFolder),
      storage_(store_) {}

node::Height OfflineNode::tip_height() const {
  const auto tip = store_.tip();
  if (!tip) throw Error(ErrorKind::input, folder_.string() + " has no blocks yet");
  return tip->height;
}

}  // namespace salus::cli
