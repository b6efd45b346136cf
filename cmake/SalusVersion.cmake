# Run at build time (cmake -P) so that the version in the binary is the one that was built:
# writes OUTPUT from INPUT, and touches it only when something changed.
execute_process(COMMAND git describe --always --dirty --tags
                WORKING_DIRECTORY ${SOURCE_DIR}
                OUTPUT_VARIABLE SALUS_GIT_VERSION OUTPUT_STRIP_TRAILING_WHITESPACE
                ERROR_QUIET RESULT_VARIABLE failed)
if(failed)
  set(SALUS_GIT_VERSION "unknown")
endif()
configure_file(${INPUT} ${OUTPUT} @ONLY)
