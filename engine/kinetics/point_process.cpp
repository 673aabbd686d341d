#include "kinetics/point_process.hpp"

#include <cassert>
#include <utility>

#include "kinetics/mechanism.hpp"
#include "kinetics/point_runner.hpp"

namespace axolemma::kinetics {

namespace {

using mechanisms::MechanismInfo;
using mechanisms::SynapseInfo;

class PointProcess final : public mechanisms::PointKernels {
public:
    explicit PointProcess(Equations equations) : program_(std::move(equations)) {}

    const MechanismInfo& between_events() const override { return *program_.between_events; }
    std::size_t memory_size(std::size_t n_connections) const override { return program_.layout.size(n_connections); }
    bool tells_connections_apart() const override
    {
        return program_.layout.n_arguments > 0 || program_.layout.sends_itself;
    }
    bool receives_events() const override { return program_.receives_events; }
    std::unique_ptr<mechanisms::PointRunner> make_runner(std::size_t n,
                                                         const mechanisms::PointOptions& options) const override
    {
        return make_point_runner(program_, n, options);
    }

    const PointProgram& program() const { return program_; }

private:
    PointProgram program_;
};

}  // namespace

std::shared_ptr<const SynapseInfo> make_synapse(Equations equations)
{
    assert(equations.is_point && "a density mechanism is no synapse");
    auto synapse = std::make_shared<SynapseInfo>();
    synapse->name = equations.info.name;
    synapse->meaning = equations.info.meaning;
    synapse->source = equations.info.source;
    synapse->parameters = equations.info.parameters;
    synapse->states = equations.info.states;
    synapse->pos = equations.info.pos;
    synapse->kernels = std::make_shared<PointProcess>(std::move(equations));
    return synapse;
}

const Equations* equations_of(const SynapseInfo& info)
{
    const auto* made = dynamic_cast<const PointProcess*>(info.kernels.get());
    return made == nullptr ? nullptr : &made->program().equations;
}

}  // namespace axolemma::kinetics
