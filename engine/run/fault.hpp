/// What is said about a group that cannot go on.
#pragma once

#include <string>

#include "run/build.hpp"

namespace axolemma::run {

/// Time, cell, place and reason of a group that stopped in GroupRun::bad_step.
std::string describe_fault(const BuiltModel& built, const GroupRun& group);

}  // namespace axolemma::run
