// Bags, as RFC 8493 describes them.
#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "engine/cbor_cursor.h"
#include "engine/error.h"
#include "engine/files/opened_file.h"
#include "engine/openssl_sha256.h"
#include "trial/content/study_folder.h"
#include "trial/manifest/bag.h"
#include "trial/manifest/manifest_lines.h"

namespace salus::trial {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kCopyBytes = std::size_t{1} << 20;

[[noreturn]] void fail(const fs::path& path, int error) {
  throw Error(ErrorKind::system, shown_name(path.string()) + ": " + std::strerror(error));
}

std::string percent_encoded(std::string_view path) {
  std::string out;
  for (const char c : path) {
    if (c == '\n')
      out += "%0A";
    else if (c == '\r')
      out += "%0D";
    else if (c == '%')
      out += "%25";
    else
      out.push_back(c);
  }
  return out;
}

/// A new file that is written front to back and synced at the end.
class NewFile {
 public:
  explicit NewFile(fs::path path)
      : path_(std::move(path)),
        file_(open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644)) {
    if (!file_.is_open()) fail(path_, errno);
  }

  void write(Bytes bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::write(file_.number(), bytes.data(), bytes.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) fail(path_, errno);
      bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
  }

  void sync() {
    if (fsync(file_.number()) != 0) fail(path_, errno);
  }

 private:
  fs::path path_;
  files::Descriptor file_;
};

struct DigestContextDeleter {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

/// SHA-256 of a stream.
class StreamDigest {
 public:
  StreamDigest() : context_(EVP_MD_CTX_new()) {
    require(context_ && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1);
  }
  void update(Bytes bytes) {
    require(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
  }
  Digest finish() {
    Digest digest;
    require(EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr) == 1);
    return digest;
  }

 private:
  static void require(bool good) {
    if (!good) throw Error(ErrorKind::system, "OpenSSL cannot compute SHA-256");
  }
  std::unique_ptr<EVP_MD_CTX, DigestContextDeleter> context_;
};

/// Copies files of a study into a bag's payload, and counts bytes.
class PayloadCopier {
 public:
  PayloadCopier(const fs::path& folder, fs::path payload, const engine::JobControl& control)
      : study_(folder),
        opener_(study_),
        payload_(std::move(payload)),
        control_(control),
        buffer_(kCopyBytes) {}

  void copy(const ManifestFile& file) {
    StudyFile source = opener_.open(file.path);
    if (!source.descriptor.is_open() || source.error != 0 || !source.kind.empty())
      throw Error(ErrorKind::input, shown_name(file.path) + ": " +
                                        (source.kind.empty() ? std::strerror(source.error)
                                                             : std::string(source.kind)));
    const fs::path target = payload_ / file.path;
    fs::create_directories(target.parent_path());
    NewFile out(target);
    StreamDigest digest;
    for (;;) {
      if (control_.stop.stop_requested()) throw Cancelled();
      const files::ReadResult read = files::read_some(source.descriptor.number(), buffer_);
      if (read.error != 0)
        throw Error(ErrorKind::input, shown_name(file.path) + ": " + std::strerror(read.error));
      if (read.count == 0) break;
      const Bytes piece = Bytes(buffer_).first(read.count);
      digest.update(piece);
      out.write(piece);
      bytes_ += read.count;
      if (control_.progress) control_.progress(bytes_, 0);
    }
    out.sync();
    if (digest.finish() != file.digest)
      throw Error(ErrorKind::input, shown_name(file.path) + ": not as it was sealed");
  }

  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

 private:
  StudyFolder study_;
  StudyOpener opener_;
  fs::path payload_;
  const engine::JobControl& control_;
  std::vector<std::uint8_t> buffer_;
  std::uint64_t bytes_ = 0;
};

/// Gone with what is in it, unless it was made to stay.
class PartialFolder {
 public:
  explicit PartialFolder(fs::path path) : path_(std::move(path)) {
    std::error_code error;
    if (!fs::create_directory(path_, error)) fail(path_, error ? error.value() : EEXIST);
  }
  ~PartialFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  PartialFolder(const PartialFolder&) = delete;
  PartialFolder& operator=(const PartialFolder&) = delete;

  [[nodiscard]] const fs::path& path() const { return path_; }
  void become(const fs::path& name) {
    std::error_code error;
    fs::rename(path_, name, error);
    if (error) fail(name, error.value());
    path_.clear();
  }

 private:
  fs::path path_;
};

ManifestFile write_tag_file(const fs::path& bag, std::string_view name, std::string_view content) {
  NewFile file(bag / name);
  file.write(as_bytes(content));
  file.sync();
  return {std::string(name), openssl_sha256(as_bytes(content)), content.size()};
}

}  // namespace

std::string bag_manifest_text(std::span<const ManifestFile> files) {
  std::string text;
  for (const ManifestFile& file : files) {
    if (!is_utf8(file.path))
      throw Error(ErrorKind::usage, shown_name(file.path) + ": names in a bag are UTF-8");
    text += fmt::format("{}  {}\n", to_hex(file.digest), percent_encoded(file.path));
  }
  return text;
}

void write_bag(std::span<const ManifestFile> files, const fs::path& folder, const fs::path& bag,
               std::string_view described_as, const engine::JobControl& control) {
  std::error_code error;
  if (fs::exists(fs::symlink_status(bag, error)))
    throw Error(ErrorKind::usage, shown_name(bag.string()) + ": is there already");
  std::vector<ManifestFile> payload(files.begin(), files.end());
  for (ManifestFile& file : payload) file.path.insert(0, kBagPayload);
  const std::string manifest = bag_manifest_text(payload);

  fs::path partial = bag;
  partial += ".partial";
  PartialFolder out(partial);
  fs::create_directory(out.path() / "data");
  PayloadCopier copier(folder, out.path() / "data", control);
  for (const ManifestFile& file : files) copier.copy(file);

  std::vector<ManifestFile> tags;
  tags.push_back(
      write_tag_file(out.path(), kBagInfo,
                     fmt::format("External-Description: {}\nPayload-Oxum: {}.{}\n",
                                 shown_name(described_as), copier.bytes(), files.size())));
  tags.push_back(write_tag_file(out.path(), kBagDeclaration,
                                "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"));
  tags.push_back(write_tag_file(out.path(), kBagManifest, manifest));
  write_tag_file(out.path(), kBagTagManifest, bag_manifest_text(tags));
  out.become(bag);
}

}  // namespace salus::trial
