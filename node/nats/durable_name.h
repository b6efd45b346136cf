// What a node's consumer is called where its configuration does not say.
#pragma once

#include <filesystem>
#include <string>

namespace salus::node::nats {

/// "salus-" and 16 random hex digits, made up at the first call and kept in the folder's file
/// `nats-durable`, so that a node finds its place in the stream again, and no two nodes share one.
/// Throws `Error`: (input) for a file that has no name in it, (system) where it cannot be written.
std::string kept_durable_name(const std::filesystem::path& folder);

}  // namespace salus::node::nats
