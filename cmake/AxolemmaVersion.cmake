# The version header of base/version.cpp.
#
# Included from CMakeLists.txt it defines axolemma_version_header(). Run as a script (cmake -P) at every build it writes
# the header again, but touches it only when its text changes, so that an unchanged tree compiles nothing.

function(axolemma_write_version_header)
  set(git_describe "unknown")
  find_program(GIT_EXECUTABLE git)
  if(GIT_EXECUTABLE AND EXISTS ${SOURCE_DIR}/.git)
    # Without optional locks: a build must not disturb a git command that runs at the same time.
    execute_process(
      COMMAND ${CMAKE_COMMAND} -E env GIT_OPTIONAL_LOCKS=0
              ${GIT_EXECUTABLE} -C ${SOURCE_DIR} describe --always --dirty --tags --abbrev=12
      OUTPUT_VARIABLE output RESULT_VARIABLE result ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
    if(result EQUAL 0)
      set(git_describe "${output}")
    endif()
  endif()
  file(CONFIGURE OUTPUT ${OUTPUT} @ONLY CONTENT [[
#define AXOLEMMA_VERSION R"(@VERSION@)"
#define AXOLEMMA_GIT_DESCRIBE R"(@git_describe@)"
#define AXOLEMMA_COMPILER R"(@COMPILER@)"
#define AXOLEMMA_FLAGS R"(@FLAGS@)"
#define AXOLEMMA_BUILD_TYPE R"(@BUILD_TYPE@)"
]])
endfunction()

# axolemma_version_header(<target>): the target may include "version_generated.hpp".
function(axolemma_version_header target)
  set(folder ${PROJECT_BINARY_DIR}/generated)
  string(TOUPPER "${CMAKE_BUILD_TYPE}" build_type)
  get_directory_property(options COMPILE_OPTIONS)
  string(JOIN " " flags ${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${build_type}} ${options} ${AXOLEMMA_FLOAT_FLAGS})
  add_custom_target(axolemma_version
    COMMAND ${CMAKE_COMMAND}
      -D SOURCE_DIR=${PROJECT_SOURCE_DIR} -D OUTPUT=${folder}/version_generated.hpp -D VERSION=${PROJECT_VERSION}
      -D "COMPILER=${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}" -D "FLAGS=${flags}"
      -D BUILD_TYPE=${CMAKE_BUILD_TYPE} -P ${PROJECT_SOURCE_DIR}/cmake/AxolemmaVersion.cmake
    BYPRODUCTS ${folder}/version_generated.hpp
    COMMENT "Checking the version" VERBATIM)
  add_dependencies(${target} axolemma_version)
  target_include_directories(${target} PRIVATE ${folder})
endfunction()

if(CMAKE_SCRIPT_MODE_FILE)
  axolemma_write_version_header()
endif()
