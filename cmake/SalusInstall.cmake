# `cmake --install`: the salus binary, the engine library with its headers, and find_package(salus).
include(CMakePackageConfigHelpers)

install(TARGETS salus RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
# For readers of proofs: checks them without salus.
install(PROGRAMS ${PROJECT_SOURCE_DIR}/scripts/check-tlog-proof.sh
        DESTINATION ${CMAKE_INSTALL_DATADIR}/salus)
install(TARGETS salus_engine EXPORT salus ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
foreach(header IN LISTS SALUS_PUBLIC_HEADERS)
  cmake_path(GET header PARENT_PATH folder)
  install(FILES ${PROJECT_SOURCE_DIR}/${header}
          DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/salus/${folder})
endforeach()
install(EXPORT salus NAMESPACE salus:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/salus
        FILE salusTargets.cmake)
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/salusConfig.cmake.in
  ${PROJECT_BINARY_DIR}/salusConfig.cmake
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/salus)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/salusConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/salusConfig.cmake ${PROJECT_BINARY_DIR}/salusConfigVersion.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/salus)
