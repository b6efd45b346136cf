#include "node/nats/mailbox.h"

#include <span>
#include <utility>

#include "engine/error.h"

namespace salus::node::nats {
namespace {

/// Held by the sink for as long as it has the submission.
class Ticket {
 public:
  Ticket(std::shared_ptr<Mailbox> mailbox, std::shared_ptr<Batch> batch)
      : mailbox_(std::move(mailbox)), batch_(std::move(batch)) {}
  ~Ticket() {
    if (batch_) mailbox_->drop(*batch_);
  }
  Ticket(const Ticket&) = delete;
  Ticket& operator=(const Ticket&) = delete;

  void answer(std::span<const Outcome> outcomes) {
    batch_->outcomes.assign(outcomes.begin(), outcomes.end());
    mailbox_->answer(std::exchange(batch_, nullptr));
  }

 private:
  std::shared_ptr<Mailbox> mailbox_;
  std::shared_ptr<Batch> batch_;  // Null once it is answered.
};

}  // namespace

void Mailbox::open(const Batch& batch) {
  counting_->held.add(batch.messages.size());
  const std::lock_guard lock(mutex_);
  ++open_;
}

void Mailbox::close(const Batch& batch) {
  counting_->held.subtract(batch.messages.size());
  --open_;
  changed_.notify_all();
}

void Mailbox::answer(std::shared_ptr<Batch> batch) {
  const std::lock_guard lock(mutex_);
  close(*batch);
  answered_.push_back(std::move(batch));
}

void Mailbox::drop(const Batch& batch) {
  const std::lock_guard lock(mutex_);
  close(batch);
}

void Mailbox::fail(const std::string& why) {
  const std::lock_guard lock(mutex_);
  if (failure_.empty()) failure_ = why;
  changed_.notify_all();
}

std::vector<std::shared_ptr<Batch>> Mailbox::wait(std::stop_token stop,
                                                  std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, stop, time, [this] { return !answered_.empty() || !failure_.empty(); });
  return std::exchange(answered_, {});
}

bool Mailbox::has_open() const {
  const std::lock_guard lock(mutex_);
  return open_ > 0 || !answered_.empty();
}

void Mailbox::throw_failure() const {
  const std::lock_guard lock(mutex_);
  if (!failure_.empty()) throw Error(ErrorKind::system, failure_);
}

bool submit(StatementSink& sink, const std::shared_ptr<Mailbox>& mailbox,
            const std::shared_ptr<Batch>& batch) {
  const auto ticket = std::make_shared<Ticket>(mailbox, batch);
  batch->submission.done = [ticket](std::span<const Outcome> outcomes) {
    ticket->answer(outcomes);
  };
  mailbox->open(*batch);
  const bool is_taken = sink.submit(batch->submission);
  if (!is_taken) batch->submission.done = nullptr;  // which would hold the batch that holds it
  return is_taken;
}

}  // namespace salus::node::nats
