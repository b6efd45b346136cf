#include "node/api/late_node.h"

#include <utility>

namespace salus::node::api {

void LateSink::open(StatementSink& sink) {
  std::vector<std::function<void()>> waiting;
  {
    const std::lock_guard lock(mutex_);
    sink_ = &sink;
    waiting.swap(waiting_);
  }
  for (auto& resume : waiting) sink.call_when_room(std::move(resume));
}

bool LateSink::submit(Submission& submission) {
  StatementSink* const sink = sink_;
  return sink != nullptr && sink->submit(submission);
}

void LateSink::call_when_room(std::function<void()> resume) {
  {
    const std::lock_guard lock(mutex_);
    if (sink_ == nullptr) return waiting_.push_back(std::move(resume));
  }
  sink_.load()->call_when_room(std::move(resume));
}

std::string LateReader::unready_reason() const {
  const NodeReader* const reader = reader_;
  return reader == nullptr ? NotOpenYet::kReason : reader->unready_reason();
}

const NodeReader& LateReader::reader() const {
  const NodeReader* const reader = reader_;
  if (reader == nullptr) throw NotOpenYet();
  return *reader;
}

}  // namespace salus::node::api
