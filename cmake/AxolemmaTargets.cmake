# Helpers that give every floor and every test the same flags.

# axolemma_floor(<name> SOURCES <files...> [USES <lower floors...>] [LIBRARIES <third-party targets...>])
#
# A floor is a folder below engine/, a namespace and a static library axolemma_<name>. Third-party libraries stay
# private to the floor that wraps them.
function(axolemma_floor name)
  cmake_parse_arguments(PARSE_ARGV 1 floor "" "" "SOURCES;USES;LIBRARIES")
  add_library(axolemma_${name} STATIC ${floor_SOURCES})
  target_include_directories(axolemma_${name} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/engine> $<INSTALL_INTERFACE:include/axolemma>)
  axolemma_flags(axolemma_${name})
  foreach(lower IN LISTS floor_USES)
    target_link_libraries(axolemma_${name} PUBLIC axolemma_${lower})
  endforeach()
  target_link_libraries(axolemma_${name} PRIVATE ${floor_LIBRARIES})
  set_property(GLOBAL APPEND PROPERTY AXOLEMMA_FLOORS ${name})
endfunction()

# Warnings and floating-point rules shared by all our targets. Contraction is off so that a result does not depend on
# whether the compiler chose to fuse a multiply and an add; kernels that want FMA spell it out.
function(axolemma_flags target)
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast -ffp-contract=off)
  if(AXOLEMMA_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
endfunction()
