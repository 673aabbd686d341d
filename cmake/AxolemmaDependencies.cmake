# System packages the engine is built on; nothing is downloaded and nothing is vendored.
#
# This file is also installed with the CMake package: a program that links the engine needs the same libraries.
macro(axolemma_find)
  if(CMAKE_FIND_PACKAGE_NAME)  # inside find_package(axolemma): report what is missing to the caller
    find_dependency(${ARGV})
  else()
    find_package(${ARGV} REQUIRED)
  endif()
endmacro()

axolemma_find(fmt)
axolemma_find(Eigen3 3.4 NO_MODULE)
axolemma_find(yaml-cpp)
if(NOT TARGET yaml-cpp::yaml-cpp)  # yaml-cpp 0.7 (Debian 12) exports the plain name
  add_library(yaml-cpp::yaml-cpp INTERFACE IMPORTED)
  target_link_libraries(yaml-cpp::yaml-cpp INTERFACE yaml-cpp)
endif()
set(HDF5_PREFER_PARALLEL OFF)
axolemma_find(HDF5 COMPONENTS C)
axolemma_find(OpenSSL COMPONENTS Crypto)
axolemma_find(CLI11)
axolemma_find(pugixml)
axolemma_find(hwy 1.0)
if(AXOLEMMA_OPENMP)
  axolemma_find(OpenMP COMPONENTS CXX)
endif()
if(AXOLEMMA_MPI STREQUAL "ON")
  axolemma_find(MPI COMPONENTS C)
elseif(AXOLEMMA_MPI STREQUAL "AUTO" AND NOT CMAKE_FIND_PACKAGE_NAME)
  find_package(MPI QUIET COMPONENTS C)
endif()
if(NOT CMAKE_FIND_PACKAGE_NAME)
  add_feature_info(Ranks MPI_C_FOUND "several processes with MPI: mpirun, srun")
endif()
if(NOT CMAKE_FIND_PACKAGE_NAME)  # header only, and in no public header
  find_path(RANDOM123_INCLUDE_DIR Random123/philox.h REQUIRED)
  find_path(BOOST_RANDOM_INCLUDE_DIR boost/random/sobol.hpp REQUIRED)
endif()
