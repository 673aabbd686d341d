# Helpers that give every floor and every test the same flags.

# Contraction is off so that a result does not depend on whether the compiler chose to fuse a multiply and an add;
# kernels that want a fused multiply-add spell it out.
set(AXOLEMMA_FLOAT_FLAGS -ffp-contract=off)

# axolemma_floor(<name> [SOURCES <files...>] [USES <lower floors...>] [LIBRARIES <third-party targets...>])
#
# A floor is a folder below engine/, a namespace and a static library axolemma_<name> (a header-only target if there are
# no sources). Third-party libraries stay private to the floor that wraps them.
function(axolemma_floor name)
  cmake_parse_arguments(PARSE_ARGV 1 floor "" "" "SOURCES;USES;LIBRARIES")
  set(target axolemma_${name})
  list(TRANSFORM floor_USES PREPEND axolemma_)
  if(floor_SOURCES)
    add_library(${target} STATIC ${floor_SOURCES})
    axolemma_flags(${target})
    target_link_libraries(${target} PUBLIC ${floor_USES} PRIVATE ${floor_LIBRARIES})
    set(scope PUBLIC)
  else()
    add_library(${target} INTERFACE)
    target_link_libraries(${target} INTERFACE ${floor_USES} ${floor_LIBRARIES})
    set(scope INTERFACE)
  endif()
  target_compile_features(${target} ${scope} cxx_std_20)
  target_include_directories(${target} ${scope}
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/engine> $<INSTALL_INTERFACE:include/axolemma>)
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
  add_library(axolemma::${name} ALIAS ${target})
  set_property(GLOBAL APPEND PROPERTY AXOLEMMA_FLOORS ${name})
endfunction()

# Warnings and floating-point rules shared by all our targets.
function(axolemma_flags target)
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast ${AXOLEMMA_FLOAT_FLAGS})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    target_compile_options(${target} PRIVATE -Wno-restrict)  # false alarms in std::string, GCC bug 105651
  endif()
  if(AXOLEMMA_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
endfunction()
