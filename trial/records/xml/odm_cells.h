// What the elements of an ODM file become: cells of the ItemGroupData that they stand in.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "trial/records/batched_reader.h"

namespace salus::trial {

/// Is told of elements as they come, and adds a record whenever an ItemGroupData ends. Names are
/// those of `cell_name_of`. Throws `Error` (input) for what ODM does not allow and the canonical
/// form has no cells for. Not thread safe.
class OdmCells {
 public:
  struct Attribute {
    std::string name;
    std::string_view value;
  };

  explicit OdmCells(std::size_t max_record) : max_record_(max_record) {}

  /// Puts `attributes` in order.
  void start(std::string name, std::vector<Attribute>& attributes);
  /// Some of the text of the element that is open.
  void text(std::string_view piece);
  void end(BatchBuilder& builder);

 private:
  struct OwnedCell {
    std::string name;
    std::string value;
  };
  /// An element that is open.
  struct Element {
    std::string name;
    bool is_group = false;
    std::string path;  ///< Of its cells, inside a group.
    std::string text_name;
    std::string text;
    bool has_children = false;
    std::size_t context = 0;  ///< Cells of `context_` that were there before it.
  };
  /// An ItemGroupData that is open; ODM 2.0 has them inside one another.
  struct Group {
    std::vector<OwnedCell> cells;
    std::size_t bytes = 0;
  };

  void start_outside(Element& element, std::span<const Attribute> attributes);
  void start_group(Element& element, std::span<const Attribute> attributes);
  void start_inside(Element& element, std::span<const Attribute> attributes);
  void add(std::string name, std::string_view value);
  void count(std::size_t bytes);

  std::size_t max_record_;
  std::vector<Element> open_;
  std::vector<OwnedCell> context_;  ///< Attributes of the elements around a group.
  std::vector<Group> groups_;
};

}  // namespace salus::trial
