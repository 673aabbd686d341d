/// A mechanism on a few compartments, with columns that own their memory.
#pragma once

#include <vector>

#include "mechanisms/mechanism.hpp"

namespace axolemma::mechanisms {

class Block {
public:
    /// Parameters have their default values, states are 0.
    Block(const MechanismInfo& info, std::vector<double> v_mV, double temperature_degC = 6.3)
        : v(std::move(v_mV)),
          states(info.states.size(), std::vector<double>(v.size(), 0.0)),
          info_(info),
          temperature_degC_(temperature_degC)
    {
        for (const auto& parameter : info.parameters) {
            parameters.emplace_back(v.size(), parameter.default_value);
        }
    }

    MechanismBlock view()
    {
        parameter_pointers_.clear();
        state_pointers_.clear();
        for (const auto& column : parameters) {
            parameter_pointers_.push_back(column.data());
        }
        for (auto& column : states) {
            state_pointers_.push_back(column.data());
        }
        return {.n = v.size(),
                .v_mV = v.data(),
                .temperature_degC = temperature_degC_,
                .parameters = parameter_pointers_.data(),
                .states = state_pointers_.data()};
    }

    /// [current][compartment], in mA/cm2.
    std::vector<std::vector<double>> currents()
    {
        std::vector<std::vector<double>> columns(info_.currents.size(), std::vector<double>(v.size(), 0.0));
        std::vector<double*> pointers;
        for (auto& column : columns) {
            pointers.push_back(column.data());
        }
        info_.kernels->currents_at(view(), pointers.data());
        return columns;
    }

    std::vector<double> v;
    std::vector<std::vector<double>> parameters, states;

private:
    const MechanismInfo& info_;
    double temperature_degC_;
    std::vector<const double*> parameter_pointers_;
    std::vector<double*> state_pointers_;
};

}  // namespace axolemma::mechanisms
