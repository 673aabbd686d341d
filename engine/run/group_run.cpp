#include "run/group_run.hpp"

namespace axolemma::run {

namespace {

std::unique_ptr<solve::Stepper> make_stepper(const group::Plan& plan, const model::RunSpec& run)
{
    const bool exact = run.gate_evaluation == model::GateEvaluation::exact;
    const solve::StepOptions options{run.method, run.dt_ms, exact ? 0.0 : run.gate_table_error};
    return run.kernel == model::Kernel::reference ? solve::make_reference_stepper(plan, options)
                                                  : solve::make_lane_stepper(plan, options);
}

}  // namespace

GroupRun::GroupRun(group::Plan made, const model::RunSpec& run)
    : plan(std::move(made)), state(plan), stepper(make_stepper(plan, run))
{}

}  // namespace axolemma::run
