// Plain-text tables with aligned columns.
#pragma once

#include <string>
#include <vector>

namespace salus::cli {

class Table {
 public:
  enum class Align { left, right };
  struct Column {
    std::string title;
    Align align = Align::left;
  };

  explicit Table(std::vector<Column> columns);

  /// One cell a column; missing ones stay empty.
  void add_row(std::vector<std::string> cells);

  /// Title line, a rule, the rows: two blanks between columns, none at the ends of lines.
  [[nodiscard]] std::string text() const;

 private:
  [[nodiscard]] std::string line(const std::vector<std::string>& cells,
                                 const std::vector<std::size_t>& widths) const;

  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace salus::cli
