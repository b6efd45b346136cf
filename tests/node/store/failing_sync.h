// Makes the system's fdatasync fail, in this program only.
#pragma once

namespace salus::test {

/// While it lives, fdatasync fails with EIO in every thread.
class FailingSync {
 public:
  FailingSync();
  ~FailingSync();
  FailingSync(const FailingSync&) = delete;
  FailingSync& operator=(const FailingSync&) = delete;
};

}  // namespace salus::test
