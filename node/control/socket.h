// A Unix socket in a folder, for one request and one answer a connection.
#pragma once

#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "engine/files/descriptor.h"

namespace salus::node {

/// Listens at `folder / name`, in the place of what was there; only the owner of the process may
/// connect. Paths may be of any length. Throws `Error` (system).
files::Descriptor listen_in(const std::filesystem::path& folder, const char* name);

/// Nothing where nobody listens there. Throws `Error` (system) for anything else.
std::optional<files::Descriptor> connect_in(const std::filesystem::path& folder, const char* name);

/// Whether the other side is a process of this user's, or root's.
bool is_own_peer(const files::Descriptor& connection);

/// Sends all of it and says that no more will come; false when the other side has gone.
bool send_all(const files::Descriptor& connection, std::string_view text);

/// What the other side sends until it says that no more will come; nothing where that is more than
/// `limit` bytes, or takes longer than `seconds` (0: as long as it wants). Throws `Cancelled`.
std::optional<std::string> receive_all(const files::Descriptor& connection, std::size_t limit,
                                       int seconds, const std::stop_token& stop);

}  // namespace salus::node
