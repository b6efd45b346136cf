#include "trial/verify/file_run.h"

#include <chrono>

#include "engine/error.h"

namespace salus::trial {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kTick(100);
constexpr std::chrono::seconds kSaveEvery(2);

class ListClient final : public ContentClient {
 public:
  explicit ListClient(const FileList& list) : list_(list) {}

  Supply take(std::vector<ContentTask>& tasks, std::size_t limit) override {
    for (; next_ < list_.size && tasks.size() < limit; ++next_)
      if (const std::string_view path = list_.path(next_); !path.empty())
        tasks.push_back({next_, path, list_.begun ? list_.begun(next_) : nullptr});
    return next_ < list_.size ? Supply::more : Supply::end;
  }
  void done(const ContentTask& task, ContentResult&& result) override {
    list_.done(task.index, std::move(result));
  }

 private:
  const FileList& list_;
  std::uint64_t next_ = 0;
};

}  // namespace

std::uint64_t hash_list(const StudyFolder& study, const FileList& list,
                        const ContentOptions& options, const engine::LaneHasher& hasher,
                        const engine::JobControl& control, std::uint64_t bytes_before,
                        const Meanwhile& meanwhile) {
  ListClient client(list);
  ContentHasher content(study, client, options, hasher);
  Clock::time_point next_save = Clock::now() + kSaveEvery;
  try {
    if (meanwhile.at_once) meanwhile.at_once();
    while (!content.wait_for(kTick)) {
      if (control.stop.stop_requested()) throw Cancelled();
      if (control.progress) control.progress(bytes_before + content.bytes(), 0);
      if (!meanwhile.save || Clock::now() < next_save) continue;
      meanwhile.save(content);
      next_save = Clock::now() + kSaveEvery;
    }
  } catch (const Cancelled&) {
    if (meanwhile.save) meanwhile.save(content);
    throw;
  }
  return content.bytes();
}

}  // namespace salus::trial
