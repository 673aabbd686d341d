# What can be switched on and off, and how everything is compiled.
include(FeatureSummary)

option(AXOLEMMA_OPENMP "Step groups of cells in parallel with OpenMP" ON)
set(AXOLEMMA_MPI AUTO CACHE STRING "Run on several processes with MPI: AUTO (where it is found), ON or OFF")
set_property(CACHE AXOLEMMA_MPI PROPERTY STRINGS AUTO ON OFF)
option(AXOLEMMA_TESTS "Build the tests" ${PROJECT_IS_TOP_LEVEL})
option(AXOLEMMA_INSTALL "Make the install rules and the CMake package" ${PROJECT_IS_TOP_LEVEL})
option(AXOLEMMA_FUZZ "Build the fuzz harnesses of tools/fuzz" OFF)
option(AXOLEMMA_WERROR "Treat compiler warnings as errors" OFF)
set(AXOLEMMA_SANITIZE "" CACHE STRING "Sanitizers to build with: empty, address,undefined or thread")
set_property(CACHE AXOLEMMA_SANITIZE PROPERTY STRINGS "" "address,undefined" "thread")

add_feature_info(OpenMP AXOLEMMA_OPENMP "threads over groups of cells")
add_feature_info(Tests AXOLEMMA_TESTS "run them with ctest")
add_feature_info(Install AXOLEMMA_INSTALL "cmake --install and find_package(axolemma)")
add_feature_info(Fuzz AXOLEMMA_FUZZ "harnesses for the SWC and YAML readers")
add_feature_info(Werror AXOLEMMA_WERROR "compiler warnings are errors")
add_feature_info(Sanitizers AXOLEMMA_SANITIZE "${AXOLEMMA_SANITIZE}")

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
