// The smallest program of a user of the library.
#include <base/units.hpp>
#include <base/version.hpp>
#include <iostream>

int main() {
    std::cout << axolemma::base::version_text() << '\n';
    return 0;
}
