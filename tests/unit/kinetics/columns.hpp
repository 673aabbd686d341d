/// A mechanism on a few compartments, with columns that own their memory.
#pragma once

#include <vector>

#include "mechanisms/mechanism.hpp"

namespace axolemma::test {

using Column = std::vector<double>;

class Columns {
public:
    /// Parameters have their default values; states, ions and what is written are 0.
    Columns(const mechanisms::MechanismInfo& info, Column v_mV, double temperature_degC = 6.3)
        : v(std::move(v_mV)),
          states(info.states.size(), Column(v.size(), 0.0)),
          ion_reads(info.ion_reads.size(), Column(v.size(), 0.0)),
          ion_writes(info.ion_writes.size(), Column(v.size(), 0.0)),
          info_(info),
          temperature_degC_(temperature_degC)
    {
        for (const auto& parameter : info.parameters) {
            parameters.emplace_back(v.size(), parameter.default_value);
        }
    }

    void initialise() { info_.kernels->initialise(view()); }
    void advance(double dt_ms) { info_.kernels->advance(view(), dt_ms); }
    std::vector<Column> currents()
    {
        std::vector<Column> made(info_.currents.size(), Column(v.size(), 0.0));
        info_.kernels->currents_at(view(), pointers<double*>(made).data());
        return made;
    }
    std::vector<Column> outputs()
    {
        std::vector<Column> made(info_.outputs.size(), Column(v.size(), 0.0));
        info_.kernels->outputs_at(view(), pointers<double*>(made).data());
        return made;
    }
    struct Linear {
        Column g, s;
        std::vector<Column> current_g, current_s;
    };
    Linear linearise()
    {
        const std::vector<Column> zeros(info_.currents.size(), Column(v.size(), 0.0));
        Linear made{Column(v.size(), 0.0), Column(v.size(), 0.0), zeros, zeros};
        info_.kernels->linearise(view(), made.g.data(), made.s.data(), pointers<double*>(made.current_g).data(),
                                 pointers<double*>(made.current_s).data());
        return made;
    }

    Column v;
    std::vector<Column> parameters, states, ion_reads, ion_writes;

private:
    template <class Pointer>
    static std::vector<Pointer> pointers(std::vector<Column>& columns)
    {
        std::vector<Pointer> made;
        for (auto& column : columns) {
            made.push_back(column.data());
        }
        return made;
    }

    mechanisms::MechanismBlock view()
    {
        parameter_pointers_ = pointers<const double*>(parameters);
        state_pointers_ = pointers<double*>(states);
        read_pointers_ = pointers<const double*>(ion_reads);
        write_pointers_ = pointers<double*>(ion_writes);
        return {v.size(),
                v.data(),
                temperature_degC_,
                parameter_pointers_.data(),
                state_pointers_.data(),
                read_pointers_.data(),
                write_pointers_.data(),
                0.0};
    }

    const mechanisms::MechanismInfo& info_;
    double temperature_degC_;
    std::vector<const double*> parameter_pointers_, read_pointers_;
    std::vector<double*> state_pointers_, write_pointers_;
};

}  // namespace axolemma::test
