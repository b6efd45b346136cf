// Standard input, output and error, whatever whoever started us has closed.
#pragma once

namespace salus::cli {

/// Occupies those of the descriptors 0 to 2 that are closed, so that no file that is opened later
/// gets one of them and what is meant for people or pipes is written into it. Reading and writing
/// there fails as before. The first thing that the program does.
void occupy_standard_descriptors();

}  // namespace salus::cli
