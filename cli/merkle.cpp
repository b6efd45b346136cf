// `salus merkle root|prove|verify`.
#include <memory>
#include <optional>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/engine_options.h"
#include "cli/input_file.h"
#include "cli/merkle_entries.h"
#include "cli/output.h"
#include "cli/strict_number.h"
#include "engine/error.h"
#include "engine/log.h"
#include "engine/merkle/proof.h"
#include "engine/openssl_sha256.h"

namespace salus::cli {
namespace {

using engine::TreeKind;

struct TreeCommand {
  std::vector<std::string> inputs{"-"};
  std::string tree = "rfc9162";
  bool files = false;
  bool digests = false;
  std::optional<std::string> index;  ///< Of `prove`, which takes this or `from`.
  std::optional<std::string> from;

  [[nodiscard]] TreeKind tree_kind() const {
    return tree == "bitcoin" ? TreeKind::bitcoin : TreeKind::rfc9162;
  }
  [[nodiscard]] EntryKind entry_kind() const {
    return files ? EntryKind::files : digests ? EntryKind::digests : EntryKind::lines;
  }
};

struct VerifyCommand {
  std::string proof = "-";
  std::string root;
  std::string old_root;
  std::optional<std::string> entry;
  std::optional<std::string> entry_file;
  std::optional<std::string> entry_digest;
};

merkle::Tree build(const Global& global, const TreeCommand& command) {
  engine::Engine engine(engine_options(global));
  log_choice(engine, global);
  merkle::LeafHasher hasher(engine, command.tree_kind(), {global.stop, {}});
  add_entries(global, command.entry_kind(), command.tree_kind(), command.inputs, hasher);
  std::vector<Digest> leaves = hasher.finish();
  logging::info("{} leaves", leaves.size());
  return engine.merkle_tree_of_leaves(command.tree_kind(), std::move(leaves), {global.stop, {}});
}

int run_root(const Global& global, const TreeCommand& command) {
  const merkle::Tree tree = build(global, command);
  print("{}\n", merkle::shown(tree.kind(), tree.root()));
  return kOk;
}

int run_prove(const Global& global, const TreeCommand& command) {
  if (command.index.has_value() == command.from.has_value())
    throw Error(ErrorKind::usage,
                "say one of --index and --from (see `salus merkle prove --help`)");
  const auto number = command.index ? strict_number<std::uint64_t>(*command.index, "--index")
                                    : strict_number<std::uint64_t>(*command.from, "--from");
  const merkle::Tree tree = build(global, command);
  merkle::Proof proof;
  if (command.index)
    proof = prove_inclusion(tree, number);
  else
    proof = prove_consistency(tree, number);
  print("{}\n", to_json(proof));
  return kOk;
}

Digest digest_argument(TreeKind kind, const std::string& option, const std::string& text) {
  const std::optional<Digest> digest = merkle::from_shown(kind, text);
  if (!digest)
    throw Error(ErrorKind::usage,
                fmt::format("{} takes 64 hex digits, not \"{}\"", option, printable(text)));
  return *digest;
}

/// The leaf of the entry that was given to `verify`; nothing when none was.
std::optional<Digest> leaf_argument(TreeKind kind, const VerifyCommand& command) {
  if (command.entry_digest) {
    const Digest digest = digest_argument(kind, "--entry-digest", *command.entry_digest);
    return merkle::leaf_hash(kind, digest);
  }
  std::vector<std::uint8_t> content;
  if (command.entry_file) {
    constexpr std::size_t kMaxEntry = std::size_t{1} << 30;
    content = read_all(*command.entry_file, kMaxEntry);
  } else if (command.entry) {
    content.assign(command.entry->begin(), command.entry->end());
  } else {
    return std::nullopt;
  }
  return kind == TreeKind::bitcoin ? openssl_sha256d(content) : merkle::leaf_hash(kind, content);
}

// Why a proof is not accepted; empty when it is.

std::string objection(const merkle::InclusionProof& proof, const VerifyCommand& command) {
  if (!command.old_root.empty())
    throw Error(ErrorKind::usage, "--old-root is for proofs of consistency");
  if (proof.root != digest_argument(proof.kind, "--root", command.root))
    return fmt::format("the proof is for root {}", merkle::shown(proof.kind, proof.root));
  const std::optional<Digest> leaf = leaf_argument(proof.kind, command);
  if (leaf && *leaf != proof.leaf)
    return fmt::format("the entry's leaf is {}, the proof is for {}",
                       merkle::shown(proof.kind, *leaf), merkle::shown(proof.kind, proof.leaf));
  return holds(proof) ? "" : "the path does not lead from the leaf to the root";
}

std::string objection(const merkle::ConsistencyProof& proof, const VerifyCommand& command) {
  if (command.entry || command.entry_file || command.entry_digest)
    throw Error(ErrorKind::usage, "an entry is for proofs of inclusion");
  if (command.old_root.empty())
    throw Error(ErrorKind::usage, "a proof of consistency needs --old-root as well");
  if (proof.root != digest_argument(TreeKind::rfc9162, "--root", command.root))
    return fmt::format("the proof is for root {}", to_hex(proof.root));
  if (proof.old_root != digest_argument(TreeKind::rfc9162, "--old-root", command.old_root))
    return fmt::format("the proof is for old root {}", to_hex(proof.old_root));
  return holds(proof) ? "" : "the path does not lead to both roots";
}

std::string claim(const merkle::InclusionProof& proof) {
  return fmt::format("leaf {} is number {} of {}", merkle::shown(proof.kind, proof.leaf),
                     proof.index, proof.size);
}

std::string claim(const merkle::ConsistencyProof& proof) {
  return fmt::format("the first {} of {} leaves are unchanged", proof.old_size, proof.size);
}

int run_verify(const Global& global, const VerifyCommand& command) {
  const std::vector<std::uint8_t> text = read_all(command.proof, merkle::kMaxProofText);
  const merkle::Proof proof =
      merkle::proof_from_json({reinterpret_cast<const char*>(text.data()), text.size()});
  const std::string against =
      std::visit([&](const auto& p) { return objection(p, command); }, proof);
  if (!against.empty()) {
    print("FAILED: {}\n", against);
    return kRefused;
  }
  if (!global.quiet) print("OK: {}\n", std::visit([](const auto& p) { return claim(p); }, proof));
  return kOk;
}

/// Inputs, and how they make a tree.
std::shared_ptr<TreeCommand> add_tree_options(CLI::App& app, Global& global) {
  auto command = std::make_shared<TreeCommand>();
  add_file_arguments(app, command->inputs, "Files to read; none or - is standard input");
  auto* const files = app.add_flag("--files", command->files, "Each file as a whole is an entry");
  app.add_flag("--digests", command->digests, "Each line holds 32 bytes in hex, which are an entry")
      ->excludes(files);
  app.add_option("--tree", command->tree, "How leaves and nodes are hashed")
      ->check(one_of({"rfc9162", "bitcoin"}))
      ->capture_default_str();
  add_device_options(app, global);
  add_self_check_option(app, global);
  app.footer(
      "Entries are the lines of the inputs, without their ends, unless --files or --digests says\n"
      "otherwise. In a bitcoin tree an entry of lines or files counts by its SHA-256d, as a\n"
      "transaction does, and hex is byte-reversed, as Bitcoin shows ids.");
  return command;
}

void add_root_command(CLI::App& app, Global& global, Action& action) {
  CLI::App* const root = add_subcommand(app, "root", "Print the root of a tree over entries");
  const auto command = add_tree_options(*root, global);
  root->callback([&global, &action, command] {
    action = [&global, command] { return run_root(global, *command); };
  });
}

void add_prove_command(CLI::App& app, Global& global, Action& action) {
  CLI::App* const prove = add_subcommand(
      app, "prove", "Print a proof, as JSON, that an entry or an earlier tree is in a tree");
  const auto command = add_tree_options(*prove, global);
  prove
      ->add_option("--index", command->index,
                   "Prove that the entry with this number, from 0, is in the tree")
      ->type_name("N");
  prove
      ->add_option("--from", command->from,
                   "Prove that the tree of this many first entries is a part of the tree")
      ->type_name("N");
  prove->callback([&global, &action, command] {
    action = [&global, command] { return run_prove(global, *command); };
  });
}

void add_proof_verify_command(CLI::App& app, Global& global, Action& action) {
  CLI::App* const verify = add_subcommand(app, "verify", "Check a proof against a root");
  const auto command = std::make_shared<VerifyCommand>();
  verify
      ->add_option("proof", command->proof, "The proof as `prove` prints it; - for standard input")
      ->capture_default_str();
  verify->add_option("--root", command->root, "The tree's root, from a source that you trust")
      ->required();
  verify->add_option("--old-root", command->old_root, "The earlier tree's root (consistency)");
  CLI::Option* const text = verify->add_option("--entry", command->entry, "The entry's text");
  CLI::Option* const file =
      verify->add_option("--entry-file", command->entry_file, "A file whose content is the entry")
          ->excludes(text);
  verify->add_option("--entry-digest", command->entry_digest, "The entry's 32 bytes in hex")
      ->excludes(text)
      ->excludes(file);
  verify->footer(
      "Without an entry, the leaf in the proof is taken at its word: look at what is printed.");
  verify->callback([&global, &action, command] {
    action = [&global, command] { return run_verify(global, *command); };
  });
}

}  // namespace

void add_merkle_command(CLI::App& app, Global& global, Action& action) {
  CLI::App* const merkle =
      add_subcommand(app, "merkle", "Merkle trees over lines, files or digests, and proofs");
  merkle->require_subcommand(0, 1);
  add_root_command(*merkle, global, action);
  add_prove_command(*merkle, global, action);
  add_proof_verify_command(*merkle, global, action);
}

}  // namespace salus::cli
