/// A mechanism on rows of lanes, with columns that own their memory and random numbers in them, and the same compartments as
/// columns of the reference kernels.
#pragma once

#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "base/aligned_array.hpp"
#include "base/simd.hpp"
#include "mechanisms/lane_block.hpp"
#include "unit/kinetics/columns.hpp"

namespace axolemma::test {

struct LaneLayout {
    std::size_t n_rows = 37;
    bool gaps = true;              ///< do some rows of the group not carry the mechanism?
    bool absent = true;            ///< do some lanes not carry it?
    bool uniform = false;          ///< is each parameter the same everywhere?
    double low = 0.2, high = 2.0;  ///< of voltages; states and ions are between 0.2 and 2
};

class LaneColumns {
public:
    using Numbers = base::AlignedArray<double>;

    LaneColumns(const mechanisms::MechanismInfo& info, const LaneLayout& layout, unsigned seed = 1)
        : info_(info), random_(seed)
    {
        std::int32_t row = 0;
        for (std::size_t k = 0; k < layout.n_rows; ++k, ++row) {
            row += layout.gaps && random_() % 3 == 0 ? 1 + static_cast<std::int32_t>(random_() % 4) : 0;
            rows.push_back(row);
            present.push_back(layout.absent && random_() % 2 == 0 ? static_cast<std::uint8_t>(random_() % 256)
                                                                  : std::uint8_t{0xff});
        }
        const auto n_group = static_cast<std::size_t>(row) * base::lanes;
        const std::size_t n_own = layout.n_rows * base::lanes;
        v = numbers(n_group, layout.low, layout.high);
        for (const auto& parameter : info.parameters) {
            parameters.push_back(numbers(layout.uniform ? base::lanes : n_own, 0.2, 2.0));
            if (layout.uniform) {
                std::fill(parameters.back().begin(), parameters.back().end(), parameter.default_value);
            }
            parameter_columns_.push_back({nullptr, layout.uniform ? 0 : base::lanes});
        }
        for (std::size_t k = 0; k < info.states.size(); ++k) {
            states.push_back(numbers(n_own, 0.2, 2.0));
        }
        for (std::size_t k = 0; k < info.ion_reads.size(); ++k) {
            ion_reads.push_back(numbers(n_group, 0.2, 2.0));
        }
        for (std::size_t k = 0; k < info.ion_writes.size(); ++k) {
            ion_writes.push_back(numbers(n_group, 0.2, 2.0));
        }
        g = s = numbers(n_group, 0.2, 2.0);
        for (std::size_t k = 0; k < info.currents.size(); ++k) {
            current_g.push_back(numbers(n_group, 0.2, 2.0));
            current_s.push_back(numbers(n_group, 0.2, 2.0));
        }
    }
    LaneColumns(const LaneColumns&) = delete;

    bool is_present(std::size_t k, std::size_t lane) const { return (present[k] >> lane & 1) != 0; }
    /// Place of a lane in columns of the group.
    std::size_t in_group(std::size_t k, std::size_t lane) const
    {
        return static_cast<std::size_t>(rows[k]) * base::lanes + lane;
    }
    static std::size_t own(std::size_t k, std::size_t lane) { return k * base::lanes + lane; }

    void step(const mechanisms::LaneKernel& kernel, double temperature_degC, double dt_ms, bool each_current)
    {
        scratch_.assign(kernel.scratch_size(), std::numeric_limits<double>::quiet_NaN());
        kernel.step(view(temperature_degC, dt_ms, each_current));
    }

    /// All lanes as compartments of the reference kernels, row after row.
    Columns as_columns(double temperature_degC) const
    {
        Column voltages;
        for_lanes([&](std::size_t k, std::size_t lane) { voltages.push_back(v[in_group(k, lane)]); });
        Columns columns(info_, std::move(voltages), temperature_degC);
        for_lanes([&](std::size_t k, std::size_t lane) {
            const std::size_t i = own(k, lane);
            for (std::size_t p = 0; p < parameters.size(); ++p) {
                const std::size_t stride = parameter_columns_[p].stride;
                columns.parameters[p][i] = parameters[p][k * stride + lane];
            }
            for (std::size_t x = 0; x < states.size(); ++x) {
                columns.states[x][i] = states[x][i];
            }
            for (std::size_t x = 0; x < ion_reads.size(); ++x) {
                columns.ion_reads[x][i] = ion_reads[x][in_group(k, lane)];
            }
        });
        return columns;
    }

    template <class Visit>
    void for_lanes(Visit visit) const
    {
        for (std::size_t k = 0; k < rows.size(); ++k) {
            for (std::size_t lane = 0; lane < base::lanes; ++lane) {
                visit(k, lane);
            }
        }
    }

    bool writes_are_read = false;  ///< are the ions that are read in the same places as those that are written?
    std::vector<std::int32_t> rows;
    std::vector<std::uint8_t> present;
    Numbers v, g, s;
    std::vector<Numbers> parameters, states, ion_reads, ion_writes, current_g, current_s;

private:
    Numbers numbers(std::size_t n, double low, double high)
    {
        Numbers made(n);
        for (double& x : made) {
            x = low + (high - low) * (static_cast<double>(random_()) * 0x1p-32);
        }
        return made;
    }

    mechanisms::LaneBlock view(double temperature_degC, double dt_ms, bool each_current)
    {
        for (std::size_t p = 0; p < parameters.size(); ++p) {
            parameter_columns_[p].values = parameters[p].data();
        }
        const auto pointers = [](std::vector<Numbers>& columns, std::vector<double*>& to) {
            to.clear();
            for (auto& column : columns) {
                to.push_back(column.data());
            }
        };
        pointers(states, states_);
        pointers(ion_writes, writes_);
        reads_.clear();
        for (const auto& column : writes_are_read ? ion_writes : ion_reads) {
            reads_.push_back({column.data(), base::lanes});
        }
        sums_.clear();
        for (std::size_t k = 0; k < current_g.size(); ++k) {
            sums_.push_back({current_g[k].data(), current_s[k].data()});
        }
        mechanisms::LaneBlock block;
        block.n_rows = rows.size();
        block.rows = rows.data();
        block.present = present.data();
        block.v_mV = v.data();
        block.parameters = parameter_columns_.data();
        block.states = states_.data();
        block.ion_reads = reads_.data();
        block.ion_writes = writes_.data();
        block.total = {g.data(), s.data()};
        block.currents = each_current ? sums_.data() : nullptr;
        block.scratch = scratch_.data();
        block.temperature_degC = temperature_degC;
        block.dt_ms = dt_ms;
        return block;
    }

    const mechanisms::MechanismInfo& info_;
    std::mt19937 random_;
    Numbers scratch_;
    std::vector<mechanisms::LaneColumn> parameter_columns_, reads_;
    std::vector<double*> states_, writes_;
    std::vector<mechanisms::LaneSums> sums_;
};

}  // namespace axolemma::test
