# Install rules of the program, the libraries, the headers and the CMake package.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

get_property(floors GLOBAL PROPERTY AXOLEMMA_FLOORS)
list(TRANSFORM floors PREPEND axolemma_ OUTPUT_VARIABLE libraries)

# The whole engine as one target; the name axolemma belongs to the program.
add_library(axolemma_engine INTERFACE)
target_link_libraries(axolemma_engine INTERFACE ${libraries})
target_compile_features(axolemma_engine INTERFACE cxx_std_20)
set_target_properties(axolemma_engine PROPERTIES EXPORT_NAME axolemma)
add_library(axolemma::axolemma ALIAS axolemma_engine)

install(TARGETS axolemma_engine ${libraries} EXPORT axolemma
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}/axolemma)
if(TARGET axolemma)
  install(TARGETS axolemma RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
foreach(floor IN LISTS floors)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/engine/${floor} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/axolemma
    FILES_MATCHING PATTERN "*.hpp")
endforeach()
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

set(AXOLEMMA_MPI_FOUND OFF)
if(MPI_C_FOUND)
  set(AXOLEMMA_MPI_FOUND ON)
endif()
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/axolemma)
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/axolemma-config.cmake.in
  ${PROJECT_BINARY_DIR}/axolemma-config.cmake INSTALL_DESTINATION ${package})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/axolemma-config-version.cmake COMPATIBILITY SameMinorVersion)
install(EXPORT axolemma FILE axolemma-targets.cmake NAMESPACE axolemma:: DESTINATION ${package})
install(FILES
  ${PROJECT_BINARY_DIR}/axolemma-config.cmake
  ${PROJECT_BINARY_DIR}/axolemma-config-version.cmake
  ${PROJECT_SOURCE_DIR}/cmake/AxolemmaDependencies.cmake
  DESTINATION ${package})
