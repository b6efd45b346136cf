#include "cli/simulate/packs.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "cli/simulate/fleet.h"
#include "engine/error.h"
#include "node/statement/senml.h"
#include "node/statement/statement.h"

namespace salus::cli::simulate {

using node::SenmlRecord;

namespace {

/// A record in a pack: map head, two labels, a double each for value and time.
constexpr std::size_t kMostBytesOfSample = 1 + 2 + 9 + 9;
/// What a statement needs besides: headers, signature, the pack's base fields.
constexpr std::size_t kRoomForTheRest = 1024;

/// Far from each other for neighbours, whatever the length: steps of the golden ratio.
std::size_t offset_of(std::size_t device, std::size_t samples) {
  constexpr double kGoldenRatio = 0.6180339887498949;
  const double place = static_cast<double>(device) * kGoldenRatio;
  return static_cast<std::size_t>((place - std::floor(place)) * static_cast<double>(samples));
}

std::string base_name(std::size_t device) {
  return "urn:dev:org:0-salus:" + device_name(device) + ":";
}

}  // namespace

RecordedPacks::RecordedPacks(Recording recording, double seconds)
    : recording_(std::move(recording)),
      samples_in_pack_(static_cast<std::size_t>(std::llround(recording_.hertz * seconds))) {
  if (samples_in_pack_ == 0)
    throw Error(ErrorKind::usage, "--pack: shorter than one sample of the recording");
  if (samples_in_pack_ * kMostBytesOfSample + kRoomForTheRest > node::kDefaultStatementBytes)
    throw Error(ErrorKind::usage,
                fmt::format("--pack: {} samples do not fit a statement", samples_in_pack_));
}

void RecordedPacks::make(std::size_t device, std::uint64_t number, double time,
                         std::vector<std::uint8_t>& out) const {
  const std::vector<double>& samples = recording_.samples;
  const std::string base = base_name(device);
  const std::size_t begin =
      (offset_of(device, samples.size()) + number * samples_in_pack_) % samples.size();
  std::vector<SenmlRecord> records(samples_in_pack_);
  for (std::size_t i = 0; i < records.size(); ++i) {
    records[i].value = samples[(begin + i) % samples.size()];
    // A tenth of a microsecond is near enough, and has half the bytes.
    if (i != 0)
      records[i].time =
          static_cast<double>(static_cast<float>(static_cast<double>(i) / recording_.hertz));
  }
  records[0].base_name = base;
  records[0].base_time = time;
  out.clear();
  // RFC 8428, 4.1: a base name alone may name what is measured.
  append_senml(records, out);
}

void MadeUpPacks::make(std::size_t device, std::uint64_t number, double time,
                       std::vector<std::uint8_t>& out) const {
  struct Sign {
    const char* name;
    const char* unit;
    double value;
  };
  const double heart_rate = 60.0 + static_cast<double>((device + number) % 40);
  const std::string base = base_name(device);
  std::vector<SenmlRecord> records;
  for (const Sign& sign : {Sign{"hr", "beat/min", heart_rate}, Sign{"spo2", "%", 97.5},
                           Sign{"rr", "1/min", 14}, Sign{"t", "Cel", 36.75}}) {
    SenmlRecord& record = records.emplace_back();
    record.name = sign.name;
    record.unit = sign.unit;
    record.value = sign.value;
  }
  records[0].base_name = base;
  records[0].base_time = time;
  out.clear();
  append_senml(records, out);
}

}  // namespace salus::cli::simulate
