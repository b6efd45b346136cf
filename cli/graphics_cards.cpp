#include "cli/graphics_cards.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <system_error>

namespace salus::cli {
namespace {

namespace fs = std::filesystem;

std::string first_word(const fs::path& file) {
  std::ifstream stream(file);
  std::string word;
  stream >> word;
  return word;
}

/// PCI vendor ids (pci-ids.ucw.cz).
std::string vendor_name(const std::string& id) {
  if (id == "0x10de") return "NVIDIA";
  if (id == "0x1002") return "AMD";
  if (id == "0x8086") return "Intel";
  return "";
}

std::vector<fs::path> entries_of(const fs::path& folder) {
  std::vector<fs::path> entries;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
    entries.push_back(at->path());
  std::sort(entries.begin(), entries.end());
  return entries;
}

bool leads_to_a_gpu(const fs::path& file) {
  const std::string name = file.filename().string();
  return name.starts_with("renderD") || name == "kfd" || name == "nvidiactl" ||
         name == "nvidia-uvm" ||
         (name.starts_with("nvidia") && name.size() > 6 && isdigit(name[6]));
}

}  // namespace

std::vector<GraphicsCard> list_graphics_cards(const fs::path& sys_root) {
  constexpr const char* kDisplayControllerClass = "0x03";
  std::vector<GraphicsCard> cards;
  for (const fs::path& device : entries_of(sys_root / "bus/pci/devices")) {
    if (!first_word(device / "class").starts_with(kDisplayControllerClass)) continue;
    const std::string vendor = vendor_name(first_word(device / "vendor"));
    if (!vendor.empty()) cards.push_back({device.filename().string(), vendor});
  }
  return cards;
}

std::vector<std::string> forbidden_device_files(const fs::path& dev_root) {
  std::vector<std::string> forbidden;
  for (const fs::path& folder : {dev_root, dev_root / "dri"})
    for (const fs::path& file : entries_of(folder))
      if (leads_to_a_gpu(file) && access(file.c_str(), R_OK | W_OK) != 0)
        forbidden.push_back(file.string());
  return forbidden;
}

}  // namespace salus::cli
