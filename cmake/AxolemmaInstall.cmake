# Filled in with the install rules of the library, the program and the CMake package.
