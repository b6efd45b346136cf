// One run of `salus simulate`: a fleet registered, its statements signed or read, and sent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cli/command.h"

namespace salus::cli::simulate {

/// As the command line has them; empty or absent: not given.
struct SessionOptions {
  // Who sends what
  std::size_t devices = 100;
  double p256_share = 0;
  std::uint64_t seed = 1;
  std::string keys_folder;
  std::string authority;  ///< A private key in PEM.
  std::string passphrase_file;
  std::string waveform;  ///< A CSV file; empty: the recording of the demo.
  double hertz = 0;
  bool made_up = false;
  double pack_seconds = 1;
  // How much of it
  std::optional<double> rate;  ///< Statements/s; absent: as devices would send.
  std::optional<double> duration;
  std::optional<std::uint64_t> count;
  double tampered = 0;
  double replayed = 0;
  // Where to
  std::string to;    ///< An address, or a node's folder.
  std::string out;   ///< A file instead.
  std::string play;  ///< A file that is sent instead of what a fleet would.
  std::size_t batch = 100;
  std::optional<std::size_t> connections;
  std::size_t in_flight = 2000;
  std::string user;
  std::string password_file;
  std::string topic_prefix = "salus";
  std::string authorities;  ///< Who signs servers' certificates.
  std::string certificate;
  std::string key;
  double retry_seconds = 30;
  std::string acknowledged_file;
};

/// Exit code: refused when an answer is not what it should be, device when there is none at all.
int run_session(const SessionOptions& options, const Global& global);

}  // namespace salus::cli::simulate
