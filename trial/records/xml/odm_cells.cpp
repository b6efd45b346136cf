#include "trial/records/xml/odm_cells.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/error.h"
#include "trial/records/xml/xml_name.h"

namespace salus::trial {
namespace {

constexpr std::size_t kMaxDepth = 64;
constexpr std::string_view kGroup = "ItemGroupData";
constexpr std::string_view kGroupOid = "ItemGroupOID";

/// What places a record in its study. Each belongs to one element, so that its name alone says
/// which.
constexpr std::array<std::string_view, 7> kPlaceAttributes = {
    "StudyOID", "MetaDataVersionOID", "SubjectKey", "StudyEventOID", "StudyEventRepeatKey",
    "FormOID",  "FormRepeatKey"};

/// Elements that stand around groups, and never in themselves.
constexpr std::array<std::string_view, 5> kPlaces = {"ClinicalData", "ReferenceData", "SubjectData",
                                                     "StudyEventData", "FormData"};

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_item(std::string_view name) { return name.starts_with("ItemData"); }

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

[[noreturn]] void refuse(const std::string& reason) { throw Error(ErrorKind::input, reason); }

}  // namespace

void OdmCells::start(std::string name, std::vector<Attribute>& attributes) {
  if (open_.size() == kMaxDepth) refuse(fmt::format("nested more than {} deep", kMaxDepth));
  if (open_.empty() && name != "ODM") refuse("its outermost element is not ODM");
  std::sort(attributes.begin(), attributes.end(),
            [](const Attribute& a, const Attribute& b) { return a.name < b.name; });
  Element element;
  element.name = std::move(name);
  element.context = context_.size();
  if (!open_.empty()) open_.back().has_children = true;
  if (element.name == kGroup)
    start_group(element, attributes);
  else if (groups_.empty())
    start_outside(element, attributes);
  else
    start_inside(element, attributes);
  open_.push_back(std::move(element));
}

/// The outermost element's attributes say when and how the file was written, and are left out.
void OdmCells::start_outside(Element& element, std::span<const Attribute> attributes) {
  if (open_.empty()) return;
  if (is_one_of(kPlaces, element.name) &&
      std::any_of(open_.begin(), open_.end(),
                  [&](const Element& around) { return around.name == element.name; }))
    refuse(fmt::format("{} within {}", element.name, element.name));
  const bool is_place = is_one_of(kPlaces, element.name);
  for (const auto& [name, value] : attributes) {
    const bool is_short = is_place && is_one_of(kPlaceAttributes, name);
    context_.push_back(
        {is_short ? "@" + name : fmt::format("@{}@{}", element.name, name), std::string(value)});
  }
}

void OdmCells::start_group(Element& element, std::span<const Attribute> attributes) {
  const auto oid = std::find_if(attributes.begin(), attributes.end(),
                                [](const Attribute& a) { return a.name == kGroupOid; });
  if (oid == attributes.end()) refuse("an ItemGroupData without ItemGroupOID");
  groups_.emplace_back();
  for (const OwnedCell& cell : context_) add(cell.name, cell.value);
  // The group's own, its OID first: it marks where they begin when groups are inside groups.
  const auto each = [&](const auto& visit) {
    visit(*oid);
    for (const Attribute& attribute : attributes)
      if (attribute.name != kGroupOid) visit(attribute);
  };
  each([&](const Attribute& a) { add("@" + a.name, a.value); });
  each([&](const Attribute& a) {
    context_.push_back({fmt::format("@{}@{}", kGroup, a.name), std::string(a.value)});
  });
  element.is_group = true;
}

void OdmCells::start_inside(Element& element, std::span<const Attribute> attributes) {
  const Element& around = open_.back();
  const auto attribute = [&](std::string_view name) {
    return std::find_if(attributes.begin(), attributes.end(),
                        [&](const Attribute& a) { return a.name == name; });
  };
  const bool item = around.is_group && is_item(element.name);
  if (item) {
    const auto oid = attribute("ItemOID");
    if (oid == attributes.end() || oid->value.empty())
      refuse(fmt::format("an {} without ItemOID", element.name));
    element.path = escaped_in_name(oid->value);
    element.text_name = element.path + '#' + element.name;
    // First of all: an item is known by it, even where nothing else is said of it.
    const auto value = attribute("Value");
    if (value != attributes.end()) add(element.path, value->value);
  } else {
    element.path = around.path + '/' + element.name;
    element.text_name = element.path;
  }
  for (const auto& [name, value] : attributes)
    if (!item || (name != "ItemOID" && name != "Value")) add(element.path + '@' + name, value);
  // An item with a value has no text. Any other element without children has, if only none.
  element.has_children = item && attribute("Value") != attributes.end();
}

void OdmCells::text(std::string_view piece) {
  if (open_.empty() || groups_.empty()) return;
  count(piece.size());
  open_.back().text += piece;
}

void OdmCells::end(BatchBuilder& builder) {
  Element element = std::move(open_.back());
  open_.pop_back();
  context_.resize(element.context);
  if (groups_.empty()) return;
  if (!element.is_group) {
    if (!element.has_children || !is_blank(element.text)) add(element.text_name, element.text);
    return;
  }
  if (!is_blank(element.text)) refuse("text right in an ItemGroupData");
  for (const OwnedCell& cell : groups_.back().cells) builder.add_cell(cell.name, cell.value);
  builder.end_record();
  groups_.pop_back();
}

void OdmCells::add(std::string name, std::string_view value) {
  count(name.size() + value.size() + sizeof(OwnedCell));
  groups_.back().cells.push_back({std::move(name), std::string(value)});
}

void OdmCells::count(std::size_t bytes) {
  std::size_t& sum = groups_.back().bytes;
  sum += bytes;
  if (sum > max_record_)
    refuse(fmt::format("an ItemGroupData of more than {} MiB", max_record_ >> 20));
}

}  // namespace salus::trial
