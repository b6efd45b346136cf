#include "tests/trial/records/readstat_reader.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <readstat.h>
#include <unistd.h>

#include <algorithm>

namespace salus::test {
namespace {

int take_variable(int, readstat_variable_t* variable, const char*, void* table) {
  static_cast<SasTable*>(table)->names.emplace_back(readstat_variable_get_name(variable));
  return READSTAT_HANDLER_OK;
}

SasValue converted(readstat_value_t value) {
  if (readstat_value_type(value) == READSTAT_TYPE_STRING) {
    const char* const text = readstat_string_value(value);
    return std::string(text == nullptr ? "" : text);
  }
  if (readstat_value_is_tagged_missing(value)) return readstat_value_tag(value);
  if (readstat_value_is_system_missing(value)) return '.';
  return readstat_double_value(value);
}

int take_value(int row, readstat_variable_t*, readstat_value_t value, void* table) {
  auto& rows = static_cast<SasTable*>(table)->rows;
  rows.resize(std::max(rows.size(), static_cast<std::size_t>(row) + 1));
  rows.back().push_back(converted(value));
  return READSTAT_HANDLER_OK;
}

ssize_t write_bytes(const void* bytes, size_t size, void* file) {
  return write(*static_cast<int*>(file), bytes, size);
}

void insert(readstat_writer_t* writer, const readstat_variable_t* variable, const SasValue& value) {
  readstat_error_t error = READSTAT_OK;
  if (const auto* text = std::get_if<std::string>(&value))
    error = readstat_insert_string_value(writer, variable, text->c_str());
  else if (const auto* number = std::get_if<double>(&value))
    error = readstat_insert_double_value(writer, variable, *number);
  else if (std::get<char>(value) == '.')
    error = readstat_insert_missing_value(writer, variable);
  else
    error = readstat_insert_tagged_missing_value(writer, variable, std::get<char>(value));
  ASSERT_EQ(error, READSTAT_OK) << readstat_error_message(error);
}

std::size_t widest(const SasTable& table, std::size_t column) {
  std::size_t width = 1;
  for (const auto& row : table.rows)
    if (const auto* text = std::get_if<std::string>(&row[column]))
      width = std::max(width, text->size());
  return width;
}

}  // namespace

SasTable readstat_read(const std::string& path) {
  SasTable table;
  readstat_parser_t* const parser = readstat_parser_init();
  readstat_set_variable_handler(parser, take_variable);
  readstat_set_value_handler(parser, take_value);
  readstat_set_file_character_encoding(parser, nullptr);
  const readstat_error_t error = readstat_parse_xport(parser, path.c_str(), &table);
  EXPECT_EQ(error, READSTAT_OK) << readstat_error_message(error);
  readstat_parser_free(parser);
  return table;
}

void readstat_write(const std::string& path, const SasTable& table, int version) {
  int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  readstat_writer_t* const writer = readstat_writer_init();
  readstat_set_data_writer(writer, write_bytes);
  readstat_writer_set_file_format_version(writer, static_cast<std::uint8_t>(version));
  readstat_writer_set_table_name(writer, "TABLE");
  std::vector<readstat_variable_t*> variables;
  for (std::size_t i = 0; i < table.names.size(); ++i) {
    const bool text = std::holds_alternative<std::string>(table.rows.front()[i]);
    variables.push_back(readstat_add_variable(writer, table.names[i].c_str(),
                                              text ? READSTAT_TYPE_STRING : READSTAT_TYPE_DOUBLE,
                                              text ? widest(table, i) : 8));
  }
  ASSERT_EQ(readstat_begin_writing_xport(writer, &file, static_cast<long>(table.rows.size())),
            READSTAT_OK);
  for (const auto& row : table.rows) {
    readstat_begin_row(writer);
    for (std::size_t i = 0; i < row.size(); ++i) insert(writer, variables[i], row[i]);
    readstat_end_row(writer);
  }
  readstat_end_writing(writer);
  readstat_writer_free(writer);
  close(file);
}

}  // namespace salus::test
