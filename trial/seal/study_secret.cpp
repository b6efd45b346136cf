#include "trial/seal/study_secret.h"

#include <fcntl.h>
#include <openssl/rand.h>
#include <unistd.h>

#include <string_view>
#include <utility>
#include <vector>

#include "engine/error.h"
#include "node/store/file.h"

namespace salus::trial {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";
constexpr std::size_t kFileBytes = 2 * StudySecret::kBytes + 1;

/// 64 digits of lower case and a newline, which may be missing.
std::vector<char> decoded(std::string_view text, const std::filesystem::path& path) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  std::vector<char> out(StudySecret::kBytes);
  bool good = text.size() == 2 * out.size();
  for (std::size_t i = 0; good && i < out.size(); ++i) {
    const std::size_t high = kDigits.find(text[2 * i]);
    const std::size_t low = kDigits.find(text[2 * i + 1]);
    good = high != std::string_view::npos && low != std::string_view::npos;
    if (good) out[i] = static_cast<char>(16 * high + low);
  }
  if (!good)
    throw Error(ErrorKind::input,
                path.string() + ": is no secret of a study: 64 hex digits are expected");
  return out;
}

}  // namespace

StudySecret StudySecret::generate() {
  std::vector<char> bytes(kBytes);
  if (RAND_priv_bytes(reinterpret_cast<unsigned char*>(bytes.data()), kBytes) != 1)
    throw Error(ErrorKind::system, "OpenSSL has no random bytes");
  return StudySecret(node::Secret(std::move(bytes)));
}

StudySecret StudySecret::load(const std::filesystem::path& path) {
  const node::Secret text = node::read_secret_file(path.string(), kFileBytes);
  return StudySecret(node::Secret(decoded(text.text(), path)));
}

void StudySecret::save(const std::filesystem::path& path) const {
  std::vector<char> text;
  text.reserve(kFileBytes);
  for (const std::uint8_t byte : bytes()) {
    text.push_back(kDigits[byte >> 4]);
    text.push_back(kDigits[byte & 15]);
  }
  text.push_back('\n');
  const node::Secret hex(std::move(text));
  if (std::filesystem::exists(std::filesystem::symlink_status(path)))
    throw Error(ErrorKind::usage, path.string() + " is there already and is not overwritten");
  node::File file(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW);
  try {
    file.write_at(0, as_bytes(hex.text()));
    file.sync();
  } catch (...) {
    ::unlink(path.c_str());
    throw;
  }
  node::sync_folder(std::filesystem::absolute(path).parent_path());
}

std::span<const std::uint8_t, StudySecret::kBytes> StudySecret::bytes() const {
  return as_bytes(bytes_.text()).first<kBytes>();
}

}  // namespace salus::trial
