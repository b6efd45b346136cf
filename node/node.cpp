#include "node/node.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <fstream>
#include <iterator>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

#include "engine/error.h"
#include "engine/log.h"
#include "engine/message_view.h"
#include "node/api/token_file.h"
#include "node/store/file.h"

namespace salus::node {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kReplayedTogether = 8192;
/// Every 65,536th hash meets it.
constexpr std::uint32_t kEasyBits = 0x1f00ffff;

std::string read_text(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream)
    throw Error(ErrorKind::input, "cannot open " + path.string() + "; is it a node's folder?");
  return {std::istreambuf_iterator<char>(stream), {}};
}

void write_text(const fs::path& path, std::string_view text) {
  std::ofstream stream(path, std::ios::binary);
  stream.write(text.data(), static_cast<std::streamsize>(text.size()));
  if (!stream.flush()) throw Error(ErrorKind::system, "cannot write " + path.string());
}

/// For its owner alone.
void write_private(const fs::path& path, std::string_view text) {
  File file(path, O_WRONLY | O_CREAT | O_EXCL);
  file.write_at(0, as_bytes(text));
  file.sync();
}

void make_new_folder(const fs::path& folder) {
  std::error_code failed;
  if (fs::exists(folder / kGenesisFile, failed))
    throw Error(ErrorKind::usage, folder.string() + " is the folder of a node already");
  make_folder(folder);
}

/// The genesis file comes last: it says that the folder is one.
void init_folder_with(const fs::path& folder, std::string_view genesis_toml,
                      const std::string& token_lines) {
  const Genesis genesis = Genesis::from_toml(genesis_toml);
  make_new_folder(folder);
  write_text(folder / kConfigFile, default_config());
  write_private(folder / kTokensFile, std::string(api::token_file_head()) + token_lines);
  write_text(folder / kGenesisFile, genesis.to_toml());
}

}  // namespace

void init_folder(const fs::path& folder, std::string_view genesis_toml) {
  init_folder_with(folder, genesis_toml, {});
}

void init_dev_folder(const fs::path& folder) {
  make_new_folder(folder);
  const SigningKey validator = SigningKey::generate(Algorithm::ed25519);
  const SigningKey authority = SigningKey::generate(Algorithm::ed25519);
  ChainParameters parameters;
  parameters.name = "dev";
  parameters.time = static_cast<std::uint32_t>(system_clock()());
  parameters.limit_bits = kEasyBits;
  parameters.spacing = 1;
  parameters.half_life = 3600;
  parameters.keys = {{Role::validator, validator.public_key(), "validator"},
                     {Role::authority, authority.public_key(), "authority"}};
  validator.save(folder / "validator.pem", {});
  authority.save(folder / "authority.pem", {});
  const std::string token = api::make_token();
  write_private(folder / kDevTokenFile, token + '\n');
  init_folder_with(folder, Genesis(parameters).to_toml(),
                   api::token_file_line(api::ApiRole::operator_, token));
}

Genesis load_genesis(const fs::path& folder) {
  return Genesis::from_toml(read_text(folder / kGenesisFile));
}

NodeConfig load_config(const fs::path& folder) {
  return parse_config(read_text(folder / kConfigFile));
}

/// Rewrites files of the store that hold deleted bodies, behind everything else.
class Purger {
 public:
  /// Begins with what is left from before.
  explicit Purger(BlockStore& store)
      : store_(store), thread_([this](const std::stop_token& stop) { run(stop); }) {}

  void wake() {
    {
      const std::lock_guard lock(mutex_);
      is_wanted_ = true;
    }
    wanted_.notify_one();
  }

 private:
  void run(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (wanted_.wait(lock, stop, [this] { return is_wanted_; })) {
      is_wanted_ = false;
      lock.unlock();
      try {
        store_.purge();
      } catch (const Error& error) {
        logging::warn("erased bodies are still in files: {}", error.what());
      }
      lock.lock();
    }
  }

  BlockStore& store_;
  std::mutex mutex_;
  std::condition_variable_any wanted_;
  bool is_wanted_ = true;
  std::jthread thread_;  ///< Last, so that it ends before what it uses goes.
};

class Node::Impl {
 public:
  Impl(const fs::path& folder, const NodeConfig& config, std::optional<SigningKey> validator)
      : folder_(folder),
        genesis_(load_genesis(folder)),
        engine_({.devices = config.devices, .cpu = {.threads = config.threads}}),
        store_(folder / kBlocksFolder, config.store),
        storage_(store_),
        log_(folder / kIntakeFolder, config.log),
        mempool_(config.mempool),
        validator_(std::move(validator)),
        chain_(genesis_, engine_, storage_, chain_options()),
        pipeline_(chain_, engine_, log_, mempool_, intake_options(config)) {
    if (log_.torn_tail())
      logging::warn("{} ended in the middle of a write: {} bytes that nobody had been told of",
                    log_.torn_tail()->file.string(), log_.torn_tail()->bytes);
    expect_right_clock(config.intake.clock());
    replay();
    is_open_ = true;
    if (validator_) start_making_blocks(config);
  }

  ~Impl() {
    pipeline_.stop();
    if (producer_) producer_->stop();
    producer_now_ = nullptr;
    work_now_ = nullptr;
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  BackupReport back_up(const fs::path& out, bool with_keys) {
    const std::lock_guard lock(releasing_);
    return back_up_folder(folder_, store_, log_, out, with_keys);
  }

  fs::path folder_;
  Genesis genesis_;
  engine::Engine engine_;
  BlockStore store_;
  BlockStoreStorage storage_;
  IntakeLog log_;
  Mempool mempool_;
  std::optional<SigningKey> validator_;
  std::mutex releasing_;  // whoever holds it may let go what the log has, or keep it from that
  std::atomic<bool> is_open_ = false;
  std::atomic<std::uint64_t> on_chain_ = 0;
  std::atomic<BlockProducer*> producer_now_ = nullptr;
  std::atomic<WorkSource*> work_now_ = nullptr;
  std::size_t restored_ = 0;
  Purger purger_{store_};
  Chain chain_;
  IngestPipeline pipeline_;
  std::unique_ptr<BlockProducer> producer_;
  std::unique_ptr<WorkSource> work_;

 private:
  void start_making_blocks(const NodeConfig& config) {
    const KeyId id = validator_->id();
    if (config.getwork.enabled) {
      WorkOptions options;
      options.limits = config.mining.limits;
      options.template_age = config.mining.template_age;
      options.clock = config.mining.clock;
      work_ = std::make_unique<WorkSource>(chain_, engine_, mempool_, id, sign_by(*validator_),
                                           options);
      work_now_ = work_.get();
    }
    if (config.getwork.enabled && !config.mine) return;
    producer_ = std::make_unique<BlockProducer>(chain_, engine_, mempool_, id, sign_by(*validator_),
                                                config.mining);
    producer_now_ = producer_.get();
  }

  void on_new_tip() {
    if (BlockProducer* producer = producer_now_) producer->on_new_tip();
    if (WorkSource* work = work_now_) work->on_new_tip();
  }

  /// A clock that is behind would refuse what devices say as coming from the future.
  void expect_right_clock(std::int64_t now) const {
    const std::int64_t last = chain_.tip().header.time;
    if (now + genesis_.parameters().max_ahead >= last) return;
    throw Error(ErrorKind::system,
                fmt::format("this machine's clock is {} seconds behind the chain's last block: set "
                            "it, and start the node again",
                            last - now));
  }

  ChainOptions chain_options() {
    ChainOptions options;
    options.verified_before = [this](std::span<const Statement> statements,
                                     std::span<const Digest> ids) {
      return mempool_.verified(statements, ids);
    };
    options.on_connected = [this](const ConnectedBlock& block) { on_connected(block); };
    options.on_disconnected = [this](std::uint64_t height, const Digest&, Bytes block) {
      on_disconnected(height, block);
    };
    return options;
  }

  IngestOptions intake_options(const NodeConfig& config) {
    IngestOptions options = config.intake;
    options.is_on_chain = [this](const Digest& id) {
      return store_.find_statement(id).has_value();
    };
    return options;
  }

  // What happens while the chain is opened, `replay` sees by itself.

  void on_connected(const ConnectedBlock& block) {
    if (!is_open_) return;
    on_chain_ += block.statements.size();
    mempool_.on_connected(block);
    pipeline_.on_mempool_changed();
    on_new_tip();
    if (!block.erased.empty()) {
      log_.begin_file();  // so that the erased ones, too, can soon be let go
      purger_.wake();
    }
    release_log();
  }

  /// Not during a backup: with the next block after it.
  void release_log() {
    const std::unique_lock lock(releasing_, std::try_to_lock);
    if (!lock) return;
    try {
      log_.release(mempool_.releasable());
    } catch (const Error& error) {
      logging::warn("files of the intake log could not be deleted: {}", error.what());
    }
  }

  void on_disconnected(std::uint64_t height, Bytes block) {
    if (!is_open_) return;
    mempool_.on_disconnected(height);
    const auto statements = statements_of_block(block, genesis_.parameters().limits);
    if (!statements.empty()) {
      auto group = std::make_shared<const StatementGroup>(statements);
      mempool_.put_back(group, log_again(*group));
      pipeline_.rules().restore(group->statements());
    }
    on_new_tip();
  }

  /// The first record's number. The log may not have these any more, or they came from elsewhere.
  Sequence log_again(const StatementGroup& group) {
    try {
      return log_.append(group.messages()) - group.size() + 1;
    } catch (const Error& error) {
      logging::error("what a block had that was taken off the chain could not be logged: {}",
                     error.what());
      return 1;  // nothing of the log is let go while they wait
    }
  }

  /// Takes what the log has and the chain has not into the mempool.
  void replay() {
    mempool_.keep_log_from(chain_.tip().height, 1);
    std::vector<std::vector<std::uint8_t>> messages;
    Sequence first = 0;
    log_.replay(0, [&](Sequence at, Bytes record) {
      if (messages.empty()) first = at;
      messages.emplace_back(record.begin(), record.end());
      if (messages.size() < kReplayedTogether) return;
      restore(messages, first);
      messages.clear();
    });
    restore(messages, first);
  }

  void restore(const std::vector<std::vector<std::uint8_t>>& messages, Sequence first) {
    std::vector<PendingStatement> waiting = not_on_chain(messages);
    if (waiting.empty()) return;
    set_ids(waiting);
    auto group = std::make_shared<const StatementGroup>(waiting);
    mempool_.put_back(group, first);
    pipeline_.rules().restore(group->statements());
    restored_ = mempool_.stats().statements;
  }

  /// A signer's sequence only ever rises: what is not above its last one on the chain is there, or
  /// can never be.
  std::vector<PendingStatement> not_on_chain(
      const std::vector<std::vector<std::uint8_t>>& messages) {
    std::vector<PendingStatement> waiting;
    chain_.with_state([&](const ChainTip&, const State& state) {
      for (const auto& message : messages) {
        const auto parsed = parse_statement(message, kMaxStatementBytes);
        const auto* statement = std::get_if<Statement>(&parsed);
        if (statement == nullptr) continue;
        const KeyRecord* signer = state.find_key(statement->signer);
        if (signer != nullptr && signer->last && statement->sequence <= signer->last->sequence)
          continue;
        waiting.push_back({*statement, {}});
      }
    });
    return waiting;
  }

  void set_ids(std::vector<PendingStatement>& statements) {
    std::vector<std::uint8_t> arena;
    std::vector<std::size_t> ends;
    for (const PendingStatement& pending : statements) {
      append_signed_bytes(pending.statement, arena);
      ends.push_back(arena.size());
    }
    std::vector<Bytes> views;
    for (std::size_t i = 0, begin = 0; i < ends.size(); begin = ends[i++])
      views.push_back(Bytes(arena).subspan(begin, ends[i] - begin));
    std::vector<Digest> ids(views.size());
    engine_.hash_many(engine::MessageView::scattered(views), ids);
    for (std::size_t i = 0; i < ids.size(); ++i) statements[i].id = ids[i];
  }
};

Node::Node(const fs::path& folder, const NodeConfig& config, std::optional<SigningKey> validator)
    : impl_(std::make_unique<Impl>(folder, config, std::move(validator))) {}

Node::~Node() = default;

StatementSink& Node::sink() { return impl_->pipeline_; }
Chain& Node::chain() { return impl_->chain_; }
const BlockStore& Node::store() const { return impl_->store_; }
Mempool& Node::mempool() { return impl_->mempool_; }
engine::Engine& Node::engine() { return impl_->engine_; }
const SigningKey* Node::validator() const {
  return impl_->validator_ ? &*impl_->validator_ : nullptr;
}
WorkSource* Node::work() { return impl_->work_.get(); }
std::size_t Node::restored() const { return impl_->restored_; }

BackupReport Node::back_up(const fs::path& out, bool with_keys) {
  return impl_->back_up(out, with_keys);
}

NodeStats Node::stats() const {
  NodeStats stats{impl_->pipeline_.stats(),
                  impl_->mempool_.stats(),
                  impl_->log_.stats(),
                  impl_->chain_.tip(),
                  impl_->chain_.orphans(),
                  std::nullopt,
                  std::nullopt,
                  impl_->on_chain_,
                  impl_->engine_.loads()};
  if (impl_->producer_) stats.producer = impl_->producer_->stats();
  if (impl_->work_) stats.work = impl_->work_->stats();
  return stats;
}

std::optional<std::string> Node::failure() const {
  if (auto failure = impl_->chain_.failure()) return failure;
  if (auto failure = impl_->log_.failure()) return failure;
  if (!impl_->producer_) return std::nullopt;
  std::string failure = impl_->producer_->stats().failure;
  return failure.empty() ? std::nullopt : std::optional(std::move(failure));
}

}  // namespace salus::node
