// `salus demo`: the main job on real input, every number computed in this run.
#include <fmt/format.h>

#include <ctime>
#include <memory>
#include <span>
#include <stdexcept>

#include "cli/arguments.h"
#include "cli/bench/report.h"
#include "cli/bench/subject_choice.h"
#include "cli/bench/suite.h"
#include "cli/command.h"
#include "cli/demo_data.h"
#include "cli/demo_node.h"
#include "cli/demo_trial.h"
#include "cli/device_report.h"
#include "cli/engine_options.h"
#include "cli/output.h"
#include "cli/status_line.h"
#include "cli/units.h"
#include "engine/bitcoin/verifier.h"
#include "engine/error.h"
#include "engine/openssl_sha256.h"
#include "engine/stopwatch.h"

namespace salus::cli {
namespace {

using engine::MessageView;
using engine::TreeKind;

/// 2^24 hashes on average: a good second on one core without vector units.
constexpr std::uint32_t kDemoBits = 0x1e00ffff;
/// Seconds of samples for each row of the table at the end.
constexpr double kBenchSeconds = 0.1;

void heading(const std::string& text) {
  print("\n{}\n{}\n", text, std::string(text.size(), '='));
  flush_out();
}

/// What the parts of the demonstration hand on.
struct Demo {
  const Global& global;
  std::filesystem::path folder;
  engine::Engine engine;
  unsigned failures = 0;
};

void show_devices(const Global& global) {
  heading("Devices of this machine");
  write_out(device_text(report_machine(global)));
}

void verify_blocks(Demo& demo) {
  heading("Real Bitcoin blocks: proof of work, linkage, Merkle roots");
  for (const char* const name : {"blocks1-256.dat", "headers1-11.txt", "block413567.raw"}) {
    const Stopwatch watch;
    bitcoin::InputSummary summary;
    bitcoin::VerifyOptions options;
    options.stop = demo.global.stop;
    bitcoin::Verifier verifier(demo.engine, options, [&](const bitcoin::Failure& failure) {
      ++demo.failures;
      print("  {}: block {}: {}\n", name, failure.index, failure.reason);
    });
    verifier.verify(0, *bitcoin::open_block_file((demo.folder / "bitcoin" / name).string()),
                    summary);
    verifier.finish();
    print("{:16} {} header{}, {} transactions, {}: verified in {}\n", name, summary.headers,
          summary.headers == 1 ? "" : "s", summary.transactions,
          format_amount(static_cast<double>(summary.bytes), Unit::bytes),
          format_duration(watch.seconds()));
  }
}

std::vector<Bytes> contents(const std::vector<NamedFile>& files) {
  std::vector<Bytes> views;
  for (const NamedFile& file : files) views.emplace_back(file.content);
  return views;
}

/// Hashes the trial's files one by one and as a tree, and shows what the tree is for: one file can
/// be proven to belong to it, and one changed bit cannot be hidden. Returns the root.
Digest seal_trial(Demo& demo) {
  heading("Real trial data (CDISC pilot study): digests and one root over all files");
  std::vector<NamedFile> files = read_folder(demo.folder / "trial");
  const std::vector<Bytes> views = contents(files);
  const MessageView messages = MessageView::scattered(views);
  std::vector<Digest> digests(files.size());
  engine::JobControl control;
  control.stop = demo.global.stop;
  const Stopwatch watch;
  demo.engine.hash_many(messages, digests, control);
  const merkle::Tree tree = demo.engine.merkle_tree(TreeKind::rfc9162, messages, control);
  const double seconds = watch.seconds();

  std::size_t bytes = 0;
  for (std::size_t i = 0; i < files.size(); ++i) {
    bytes += files[i].content.size();
    if (digests[i] != openssl_sha256(files[i].content))
      throw Error(ErrorKind::device, files[i].name + ": wrong digest: OpenSSL's differs");
    print("{}  {}\n", to_hex(digests[i]), files[i].name);
  }
  print("{}  root over all {} files\n", to_hex(tree.root()), files.size());
  print("{} hashed and rooted in {}; every digest is the same as OpenSSL's\n",
        format_amount(static_cast<double>(bytes), Unit::bytes), format_duration(seconds));

  constexpr std::size_t kShown = 1;
  NamedFile& shown = files.at(kShown);
  const std::vector<Digest> proof = tree.inclusion_proof(kShown);
  const auto holds = [&] {
    return merkle::verify_inclusion(TreeKind::rfc9162,
                                    merkle::leaf_hash(TreeKind::rfc9162, shown.content), kShown,
                                    files.size(), proof, tree.root());
  };
  const bool as_it_is = holds();
  shown.content.at(shown.content.size() / 2) ^= 1;
  const bool changed = holds();
  print("{}: proof of {} digests {}; with one bit changed it {}\n", shown.name, proof.size(),
        as_it_is ? "holds" : "FAILS", changed ? "STILL HOLDS" : "fails, as it must");
  demo.failures += (as_it_is ? 0 : 1) + (changed ? 1 : 0);
  return tree.root();
}

void mine_on_top(Demo& demo, const Digest& root) {
  heading("A block mined on top, which commits to that root");
  const std::vector<std::uint8_t> tip = read_file(demo.folder / "bitcoin/block413567.raw");
  engine::MineRequest request;
  request.header.version = 0x20000000;
  request.header.previous = pow::header_id(pow::parse_header(Bytes(tip).first<pow::kHeaderSize>()));
  request.header.merkle_root = root;
  request.header.time = static_cast<std::uint32_t>(std::time(nullptr));
  request.header.bits = kDemoBits;
  request.target = pow::decode_bits(kDemoBits).target;
  request.version_mask = 0x1fffe000;  // BIP 320
  engine::JobControl control;
  control.stop = demo.global.stop;
  const Stopwatch watch;
  const engine::MineResult result = demo.engine.mine(request, control);
  const double seconds = watch.seconds();
  if (!result.header) throw Cancelled();
  print("previous  {}  (Bitcoin's block 413567)\n", to_hex_reversed(request.header.previous));
  print("header    {}\n", to_hex(pow::serialise(*result.header)));
  print("id        {}\n", to_hex_reversed(pow::header_id(*result.header)));
  const auto hashes = static_cast<double>(result.hashes);
  print("{} in {}, {}; {} expected for bits {:08x}\n", format_amount(hashes, Unit::hashes),
        format_duration(seconds), format_rate(hashes / seconds, Unit::hashes),
        format_amount(pow::work_of(request.target).to_double(), Unit::hashes), kDemoBits);
}

void show_speed(const Global& global) {
  heading("What each device does, checked against OpenSSL");
  auto subjects = bench::quick_subjects(cpu_options(global));
  bench::SuiteOptions options;
  options.seconds = kBenchSeconds;
  options.stop = global.stop;
  if (!global.quiet) options.status = show_status;
  const bench::SuiteResult result = bench::run_suite(options, subjects);
  clear_status();
  write_out(bench::report_text(result, false));
  print("Short samples, for a first look: `salus bench` measures properly.\n");
}

int run_demo(const Global& global) {
  const Stopwatch watch;
  show_devices(global);
  Demo demo{global, demo_folder(), engine::Engine(engine_options(global))};
  verify_blocks(demo);
  mine_on_top(demo, seal_trial(demo));
  heading("The same study sealed record by record: a change is named, a record proved");
  demo.failures += demonstrate_trial(global, demo.folder / "trial");
  heading("A ledger node: devices send, blocks are mined, nothing false gets in");
  demo.failures += demonstrate_node(global);
  show_speed(global);
  print("\nDone in {}: {}\n", format_duration(watch.seconds()),
        demo.failures == 0 ? "everything verified." : "something did NOT verify, see above.");
  return demo.failures == 0 ? kOk : kRefused;
}

}  // namespace

void add_demo_command(CLI::App& app, Global& global, Action& action) {
  CLI::App* const command = add_subcommand(
      app, "demo",
      "Verify real blocks, seal trial data, mine, run a node, show what the devices do");
  add_device_options(*command, global);
  command->callback([&global, &action] { action = [&global] { return run_demo(global); }; });
}

}  // namespace salus::cli
