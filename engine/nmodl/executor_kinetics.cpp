#include <algorithm>

#include <fmt/format.h>

#include "nmodl/executor.hpp"

namespace axolemma::nmodl {

/// Product of the reactants' amounts, each to the power of its count.
Value Executor::concentrations(const std::vector<Reaction::Reactant>& reactants)
{
    Value product = graph_.constant(1);
    for (const Reaction::Reactant& reactant : reactants) {
        const Value amount = variable(reactant.state, reactant.pos);
        const Value count = reactant.count ? value(reactant.count) : graph_.constant(1);
        product = graph_.multiply(product, graph_.power(amount, count));
    }
    return product;
}

void Executor::add_flux(const Reaction::Reactant& reactant, Value flux, bool gains)
{
    const auto at = place(reactant.state, reactant.pos);
    if (!at || at->symbol == nullptr || at->symbol->kind != SymbolKind::state) {
        return;  // held by something else: an amount that the reaction does not change
    }
    const Value count = reactant.count ? value(reactant.count) : graph_.constant(1);
    const Value part = graph_.multiply(count, flux);
    Value& slope = env_.derivatives[at->at];
    if (!slope.is_valid()) {
        slope = gains ? part : graph_.negate(part);
    } else {
        slope = gains ? graph_.add(slope, part) : graph_.subtract(slope, part);
    }
}

void Executor::do_reaction(const Reaction& reaction, const SourcePos& pos)
{
    const Value zero = graph_.constant(0);
    if (phase_ == Phase::breakpoint || phase_ == Phase::net_receive) {
        error(pos, "a reaction stands in KINETIC only");
        return;
    }
    env_.equations_seen = true;
    const Value forward = value(reaction.forward);
    if (reaction.kind == Reaction::Kind::flux) {
        if (reaction.left.size() != 1) {
            error(pos, "a flux << goes into one state");
            return;
        }
        forward_flux_ = forward;
        backward_flux_ = zero;
        add_flux(reaction.left[0], forward, true);
        return;
    }
    const bool both = reaction.kind == Reaction::Kind::both;
    forward_flux_ = graph_.multiply(forward, concentrations(reaction.left));
    backward_flux_ = both ? graph_.multiply(value(reaction.backward), concentrations(reaction.right)) : zero;
    const Value net = both ? graph_.subtract(forward_flux_, backward_flux_) : forward_flux_;
    for (const Reaction::Reactant& reactant : reaction.left) {
        add_flux(reactant, net, false);
    }
    for (const Reaction::Reactant& reactant : reaction.right) {
        add_flux(reactant, net, true);
    }
}

/// Which state a CONSERVE gives is decided when all reactions and volumes are known (finish_kinetics).
void Executor::do_conserve(const Conserve& conserve, const SourcePos&)
{
    PendingConserve pending;
    for (const Reaction::Reactant& reactant : conserve.left) {
        const Symbol* array = reactant.state.index ? nullptr : symbols_.find(reactant.state.name);
        const Value count = reactant.count ? value(reactant.count) : graph_.constant(1);
        if (array != nullptr && array->size != 0 && array->kind == SymbolKind::state) {
            for (std::size_t k = 0; k < array->n_slots(); ++k) {
                pending.terms.emplace_back(array->first_slot + k, count);
            }
            continue;
        }
        const auto at = place(reactant.state, reactant.pos);
        if (!at) {
            return;
        }
        if (at->symbol == nullptr || at->symbol->kind != SymbolKind::state) {
            error(reactant.pos, fmt::format("CONSERVE names '{}', which no equation changes", reactant.state.name));
            return;
        }
        pending.terms.emplace_back(at->at, count);
    }
    pending.total = value(conserve.total);
    pending.pos = conserve.left.empty() ? SourcePos{} : conserve.left[0].pos;
    conserves_.push_back(std::move(pending));
}

void Executor::do_compartment(const Compartment& compartment, const SourcePos& pos)
{
    for (const Variable& state : compartment.states) {
        const Symbol* symbol = symbols_.find(state.name);
        if (symbol == nullptr) {
            error(pos, fmt::format("'{}' in COMPARTMENT is not declared", state.name),
                  base::name_hint(state.name, symbols_.names(), ""));
            continue;
        }
        const bool all = symbol->size != 0 && !state.index;
        const std::size_t n = all ? symbol->n_slots() : 1;
        const std::size_t n_values = env_.values.size();
        frames_.back().scopes.emplace_back();
        std::optional<std::size_t> index;
        if (compartment.index) {
            index = declare(compartment.index->text, 0, compartment.index->pos).first;
        }
        for (std::size_t k = 0; k < n; ++k) {
            if (index) {
                env_.values[*index] = graph_.constant(static_cast<double>(k));
            }
            std::size_t slot = symbol->first_slot + k;
            if (!all) {
                const auto at = place(state, pos);
                slot = at ? at->at : slot;
            }
            volumes_[slot] = value(compartment.volume);
        }
        frames_.back().scopes.pop_back();
        env_.values.resize(n_values);
    }
}

/// Divides what flows into each state by its volume, and solves each CONSERVE for its last state with an equation.
void Executor::finish_kinetics()
{
    const auto volume_of = [&](std::size_t slot) {
        const auto at = volumes_.find(slot);
        return at == volumes_.end() ? Value{} : at->second;
    };
    for (std::size_t slot = 0; slot < env_.derivatives.size(); ++slot) {
        Value& slope = env_.derivatives[slot];
        if (slope.is_valid() && volume_of(slot).is_valid()) {
            slope = graph_.divide(slope, volume_of(slot));
        }
    }
    std::set<std::size_t> taken;
    for (const PendingConserve& conserve : conserves_) {
        const auto given = std::find_if(conserve.terms.rbegin(), conserve.terms.rend(), [&](const auto& term) {
            return env_.derivatives[term.first].is_valid() && !taken.contains(term.first);
        });
        if (given == conserve.terms.rend()) {
            error(conserve.pos, "CONSERVE without a state that a reaction changes and no other CONSERVE gives");
            continue;
        }
        const auto weight = [&](const std::pair<std::size_t, Value>& term) {
            const Value volume = volume_of(term.first);
            return volume.is_valid() ? graph_.multiply(term.second, volume) : term.second;
        };
        Value rest = conserve.total;
        for (const auto& term : conserve.terms) {
            if (term.first != given->first) {
                rest = graph_.subtract(rest, graph_.multiply(weight(term), env_.values[term.first]));
            }
        }
        taken.insert(given->first);
        result_.conserved.push_back({given->first, graph_.divide(rest, weight(*given)), conserve.pos});
    }
}

}  // namespace axolemma::nmodl
