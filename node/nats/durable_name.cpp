#include "node/nats/durable_name.h"

#include <fcntl.h>
#include <openssl/rand.h>

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/bytes.h"
#include "engine/error.h"
#include "node/nats/subjects.h"
#include "node/store/file.h"

namespace salus::node::nats {
namespace {

constexpr const char* kFile = "nats-durable";

std::string new_name() {
  std::array<std::uint8_t, 8> random{};
  if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1)
    throw Error(ErrorKind::system, "OpenSSL gives no random bytes");
  return "salus-" + to_hex(random);
}

std::string read_name(const std::filesystem::path& path) {
  const File file(path, O_RDONLY);
  std::vector<std::uint8_t> text(kMaxNameBytes + 2);
  text.resize(file.read_at(0, text));
  std::string_view name(reinterpret_cast<const char*>(text.data()), text.size());
  name = name.substr(0, name.find('\n'));
  if (!is_name(name))
    throw Error(ErrorKind::input, path.string() + " has no name of a consumer in it");
  return std::string(name);
}

void keep(const std::filesystem::path& folder, const std::string& name) {
  const std::filesystem::path path = folder / kFile;
  // Renamed once it is whole: after a crash there is the file, or none.
  File file(folder / "nats-durable.new", O_WRONLY | O_CREAT | O_TRUNC);
  file.write_at(0, as_bytes(name + '\n'));
  file.sync();
  file.rename(path);
  sync_folder(folder);
}

}  // namespace

std::string kept_durable_name(const std::filesystem::path& folder) {
  if (std::filesystem::exists(folder / kFile)) return read_name(folder / kFile);
  std::string name = new_name();
  keep(folder, name);
  return name;
}

}  // namespace salus::node::nats
