/// make_synthetic_result FILE.h5 [DURATION_MS]: writes the file described in synthetic_result.hpp.
#include <cstdio>
#include <cstdlib>
#include <exception>

#include "support/synthetic_result.hpp"

int main(int argc, char** argv)
{
    if (argc < 2 || argc > 3) {
        std::fprintf(stderr, "usage: make_synthetic_result FILE.h5 [DURATION_MS]\n");
        return 2;
    }
    try {
        const double duration_ms = argc == 3 ? std::atof(argv[2]) : 20.0;
        std::puts(axolemma::test::write_synthetic_result(argv[1], duration_ms).c_str());
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
