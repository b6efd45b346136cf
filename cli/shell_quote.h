// Names in messages, as GNU tools show them: quoted so that a shell would take them back.
#pragma once

#include <string>
#include <string_view>

namespace salus::cli {

/// `name` as it is when a shell would take it for one plain word, else in quotes:
///
///   it's  ->  "it's"        a b  ->  'a b'        line<newline>2  ->  'line'$'\n''2'
///
/// Bytes that are not printable characters of the user's locale become octal escapes.
std::string shell_quote(std::string_view name);

}  // namespace salus::cli
