/// One case of the validation table as a test.
#pragma once

#include <string>

/// Runs the case and fails with its rows of the table unless it passed. Checks that need reference data are skipped, with a
/// warning, where AXOLEMMA_TEST_DATA is not set.
void run_case(const std::string& name);
