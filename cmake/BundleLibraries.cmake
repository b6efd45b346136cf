# Copies the shared libraries that PROGRAM needs into FOLDER, but for the C library's own, which must be the
# machine's where it runs.
file(REMOVE_RECURSE ${FOLDER})  # where the program would find those of an earlier build
file(GET_RUNTIME_DEPENDENCIES EXECUTABLES ${PROGRAM}
  RESOLVED_DEPENDENCIES_VAR libraries
  UNRESOLVED_DEPENDENCIES_VAR missing
  POST_EXCLUDE_REGEXES "/(ld-linux[^/]*|lib(c|m|dl|pthread|rt|resolv))[.]so")
if(missing)
  message(FATAL_ERROR "${PROGRAM} needs ${missing}, which cannot be found")
endif()
file(COPY ${libraries} DESTINATION ${FOLDER} FOLLOW_SYMLINK_CHAIN)
