# Sanitizers for everything that is compiled after this file was included.
if(NOT AXOLEMMA_SANITIZE)
  return()
endif()

set(flags -fsanitize=${AXOLEMMA_SANITIZE} -fno-omit-frame-pointer)
if(AXOLEMMA_SANITIZE MATCHES "undefined")
  list(APPEND flags -fno-sanitize-recover=undefined)  # a finding must fail the test
endif()
add_compile_options(${flags})
add_link_options(${flags})

# ThreadSanitizer cannot see the barriers of GCC's OpenMP runtime and reports races that are none. LLVM's runtime tells
# it about them through the Archer library, which has to be loaded with the program.
if(AXOLEMMA_SANITIZE MATCHES "thread" AND AXOLEMMA_OPENMP)
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "AXOLEMMA_SANITIZE=thread with OpenMP needs clang and libomp (packages clang, libomp-dev); "
      "with ${CMAKE_CXX_COMPILER_ID} set AXOLEMMA_OPENMP=OFF")
  endif()
  string(REGEX MATCH "^[0-9]+" clang_major ${CMAKE_CXX_COMPILER_VERSION})
  find_library(AXOLEMMA_ARCHER archer HINTS /usr/lib/llvm-${clang_major}/lib REQUIRED)
endif()
