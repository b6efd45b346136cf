#include "cli/verify_files.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/input_file.h"
#include "cli/progress.h"
#include "engine/error.h"

namespace salus::cli {
namespace {

using engine::signature::PublicKey;

PublicKey read_key(const SignedFiles& what) {
  PublicKey key = key_argument(what.key);
  if (what.algorithm && *what.algorithm != key.algorithm)
    throw Error(ErrorKind::usage,
                fmt::format("--alg says {}, but the key is one of {}", to_string(*what.algorithm),
                            to_string(key.algorithm)));
  return key;
}

void check_count(const SignedFiles& what) {
  const std::size_t count = what.signatures.size();
  if (count == 0 && std::ranges::find(what.files, "-") != what.files.end())
    throw Error(ErrorKind::usage, "standard input needs --sig");
  if (count > 1 && count != what.files.size())
    throw Error(ErrorKind::usage,
                fmt::format("{} signatures for {} file{}: give one, or one each", count,
                            what.files.size(), what.files.size() == 1 ? "" : "s"));
}

/// The argument that holds the signature of file `i`.
std::string signature_of(const SignedFiles& what, std::size_t i) {
  if (what.signatures.empty()) return what.files[i] + ".sig";
  return what.signatures[what.signatures.size() == 1 ? 0 : i];
}

SignedItem read_item(const SignedFiles& what, const PublicKey& key, std::size_t i) {
  SignedItem item{key.algorithm, key.bytes, {}, {}};
  item.signature = core_signature(key.algorithm, signature_argument(signature_of(what, i)));
  // A byte more than a message may have, so that the verifier says that it is too long.
  item.message = read_up_to(what.files[i], engine::signature::kMaxMessageBytes + 1);
  return item;
}

}  // namespace

void verify_files(const SignedFiles& what, ItemStream& stream, const Global& global) {
  check_count(what);
  const PublicKey key = read_key(what);
  ProgressBar bar(global, "verifying", Unit::files);
  for (std::size_t i = 0; i < what.files.size(); ++i) {
    if (global.stop.stop_requested()) throw Cancelled();
    const ItemOrigin origin{what.files[i], 0};
    try {
      stream.add(origin, read_item(what, key, i));
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::device || error.kind() == ErrorKind::system) throw;
      stream.add_problem(origin, error.what());
    }
    bar.update(i + 1, what.files.size());
  }
  stream.finish();
}

}  // namespace salus::cli
