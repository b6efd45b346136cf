#include "trial/records/layouts.h"

#include <openssl/evp.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "engine/cbor_reader.h"
#include "engine/cbor_writer.h"
#include "engine/error.h"

namespace salus::trial {
namespace {

constexpr std::string_view kKeyLabel = "salus-trial-layouts/key";
constexpr std::string_view kNonceLabel = "salus-trial-layouts/nonce";
constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

void require(bool good) {
  if (!good) throw Error(ErrorKind::system, "OpenSSL cannot use AES-256-GCM");
}

/// The nonce follows from the text (as in RFC 8452), so that no key ever meets two texts with one.
Digest nonce_for(const FileKey& key, Bytes text) {
  std::vector<std::uint8_t> message(kNonceLabel.begin(), kNonceLabel.end());
  message.insert(message.end(), text.begin(), text.end());
  return key.derive(message);
}

std::vector<std::uint8_t> to_cbor(std::span<const Layout> layouts) {
  std::vector<std::uint8_t> out;
  CborWriter writer(out);
  writer.array(layouts.size());
  for (const Layout& layout : layouts) {
    writer.array(layout.size());
    for (const std::string& name : layout) writer.byte_string(as_bytes(name));
  }
  return out;
}

std::uint64_t array_size(CborReader& reader) {
  const CborHead head = reader.head();
  if (head.major != CborMajor::array) throw Error(ErrorKind::input, "names are malformed");
  return head.argument;
}

std::vector<Layout> from_cbor(Bytes text) {
  CborReader reader(text);
  std::vector<Layout> out;
  for (std::uint64_t left = array_size(reader); left > 0; --left) {
    Layout& layout = out.emplace_back();
    for (std::uint64_t names = array_size(reader); names > 0; --names) {
      const Bytes name = reader.byte_string();
      layout.emplace_back(name.begin(), name.end());
    }
  }
  return out;
}

}  // namespace

bool LayoutTable::is_last(std::span<const Cell> record) const {
  if (last_ == kNoLayout) return false;
  const Layout& names = layouts_[last_];
  return std::equal(record.begin(), record.end(), names.begin(), names.end(),
                    [](const Cell& cell, const std::string& name) { return cell.name == name; });
}

std::uint32_t LayoutTable::number_of(std::span<const Cell> record) {
  if (is_last(record)) return last_;
  std::string names;
  for (const Cell& cell : record) {
    names += std::to_string(cell.name.size()) + ':';
    names += cell.name;
  }
  const auto known = numbers_.find(names);
  if (known != numbers_.end()) return last_ = known->second;
  if (layouts_.size() == kMaxLayouts || bytes_ + names.size() > kMaxBytes) return kNoLayout;
  bytes_ += names.size();
  last_ = static_cast<std::uint32_t>(layouts_.size());
  Layout& layout = layouts_.emplace_back();
  for (const Cell& cell : record) layout.emplace_back(cell.name);
  numbers_.emplace(std::move(names), last_);
  return last_;
}

std::vector<std::uint8_t> seal_layouts(const FileKey& key, std::span<const Layout> layouts) {
  const std::vector<std::uint8_t> text = to_cbor(layouts);
  const Digest cipher_key = key.derive(as_bytes(kKeyLabel));
  const Digest nonce = nonce_for(key, text);
  std::vector<std::uint8_t> out(kNonceBytes + kTagBytes + text.size());
  std::copy_n(nonce.begin(), kNonceBytes, out.begin());
  const Context context(EVP_CIPHER_CTX_new());
  int written = 0;
  require(context != nullptr && EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr,
                                                   cipher_key.data(), out.data()) == 1);
  require(EVP_EncryptUpdate(context.get(), out.data() + kNonceBytes + kTagBytes, &written,
                            text.data(), static_cast<int>(text.size())) == 1);
  require(EVP_EncryptFinal_ex(context.get(), out.data() + out.size(), &written) == 1);
  require(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes,
                              out.data() + kNonceBytes) == 1);
  return out;
}

std::vector<Layout> open_layouts(const FileKey& key, Bytes sealed) {
  const Error refused(ErrorKind::input, "was not made with this study secret, or is damaged");
  if (sealed.size() < kNonceBytes + kTagBytes || sealed.size() > 4 * LayoutTable::kMaxBytes)
    throw refused;
  const Digest cipher_key = key.derive(as_bytes(kKeyLabel));
  const Bytes cipher_text = sealed.subspan(kNonceBytes + kTagBytes);
  std::array<std::uint8_t, kTagBytes> tag;
  std::copy_n(sealed.begin() + kNonceBytes, kTagBytes, tag.begin());
  std::vector<std::uint8_t> text(cipher_text.size() + 1);  // never empty, for OpenSSL's sake
  const Context context(EVP_CIPHER_CTX_new());
  int written = 0;
  require(context != nullptr && EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr,
                                                   cipher_key.data(), sealed.data()) == 1);
  require(EVP_DecryptUpdate(context.get(), text.data(), &written, cipher_text.data(),
                            static_cast<int>(cipher_text.size())) == 1);
  require(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()) == 1);
  if (EVP_DecryptFinal_ex(context.get(), text.data() + cipher_text.size(), &written) != 1)
    throw refused;
  text.pop_back();
  return from_cbor(text);
}

}  // namespace salus::trial
