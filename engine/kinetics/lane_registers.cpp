/// The second half of LaneCompiler: products and sums in one instruction, and as few registers as will do.
#include <algorithm>
#include <cassert>

#include "kinetics/lane_compiler.hpp"

namespace axolemma::kinetics {

using Kind = Instruction::Kind;

template <class Visit>
void LaneCompiler::for_operands(Draft& draft, Visit visit)
{
    for (Place* operand : {&draft.a, &draft.b, &draft.c}) {
        if (*operand != none) {
            visit(*operand);
        }
    }
}

namespace {

bool is_compute(Instruction::Kind kind, Op op, Op wanted)
{
    return kind == Kind::compute && op == wanted;
}

/// Does it change what lies outside of registers, or begin a loop?
bool is_barrier(Instruction::Kind kind)
{
    switch (kind) {
    case Kind::compute:
    case Kind::multiply_twice:
    case Kind::multiply_add:
    case Kind::multiply_subtract:
    case Kind::subtract_product:
    case Kind::copy:
    case Kind::add_current: return false;
    default: return true;
    }
}

}  // namespace

bool LaneCompiler::fuse_product(std::size_t product, std::size_t user)
{
    const Draft& from = drafts_[product];
    Draft& to = drafts_[user];
    const bool first = to.a == from.result;
    if (is_compute(to.kind, to.op, Op::add)) {
        to.kind = Kind::multiply_add;
    } else if (is_compute(to.kind, to.op, Op::subtract)) {
        to.kind = first ? Kind::multiply_subtract : Kind::subtract_product;
    } else if (is_compute(to.kind, to.op, Op::multiply)) {
        to.kind = Kind::multiply_twice;
    } else {
        return false;
    }
    to.c = first ? to.b : to.a;
    to.a = from.a;
    to.b = from.b;
    return true;
}

void LaneCompiler::fuse()
{
    std::vector<std::size_t> uses(n_virtual_, 0);
    const auto count = [&](Place operand) {
        if (space_of(operand) == registers) {
            ++uses[number_of(operand)];
        }
    };
    for (Draft& draft : drafts_) {
        for_operands(draft, count);
    }
    for (const auto& system : systems_) {
        std::for_each(system.unknowns.begin(), system.unknowns.end(), count);
        std::for_each(system.corrections.begin(), system.corrections.end(), count);
    }
    std::vector<std::size_t> maker(n_virtual_, drafts_.size());  // products since the last barrier
    std::vector<bool> gone(drafts_.size(), false);
    std::size_t barrier = 0;
    for (std::size_t k = 0; k < drafts_.size(); ++k) {
        Draft& draft = drafts_[k];
        if (is_barrier(draft.kind)) {
            barrier = k;
        }
        for (const Place operand : {draft.a, draft.b}) {
            if (operand == none || space_of(operand) != registers || draft.a == draft.b) {
                continue;
            }
            const std::size_t product = maker[number_of(operand)];
            if (product < drafts_.size() && product >= barrier && uses[number_of(operand)] == 1 &&
                fuse_product(product, k)) {
                gone[product] = true;
                break;
            }
        }
        if (is_compute(draft.kind, draft.op, Op::multiply)) {
            maker[number_of(draft.result)] = k;
        }
    }
    // The bodies of systems lose what is gone.
    std::vector<Draft> left;
    for (std::size_t k = 0; k < drafts_.size(); ++k) {
        if (drafts_[k].kind == Kind::solve) {
            auto& length = program_.systems[drafts_[k].index].body_length;
            const auto begin = gone.begin() + static_cast<std::ptrdiff_t>(k + 1);
            length -= static_cast<std::size_t>(std::count(begin, begin + static_cast<std::ptrdiff_t>(length), true));
        }
        if (!gone[k]) {
            left.push_back(drafts_[k]);
        }
    }
    drafts_ = std::move(left);
}

void LaneCompiler::allocate()
{
    // Where each virtual register is written first and used last.
    std::vector<std::size_t> first(n_virtual_, drafts_.size());
    std::vector<std::size_t> last(n_virtual_, 0);
    const auto use = [&](Place operand, std::size_t at) {
        if (space_of(operand) == registers) {
            last[number_of(operand)] = std::max(last[number_of(operand)], at);
        }
    };
    for (std::size_t k = 0; k < drafts_.size(); ++k) {
        for_operands(drafts_[k], [&](Place operand) { use(operand, k); });
        if (const Place result = drafts_[k].result; result != none) {
            first[number_of(result)] = std::min(first[number_of(result)], k);
            use(result, k);
        }
        if (drafts_[k].kind == Kind::solve) {
            const std::size_t end = k + program_.systems[drafts_[k].index].body_length;
            const DraftSystem& system = systems_[drafts_[k].index];
            for (const auto* list : {&system.unknowns, &system.corrections}) {
                std::for_each(list->begin(), list->end(), [&](Place operand) { use(operand, end); });
            }
            // What comes from before the loop is needed in every iteration.
            for (std::size_t inside = k + 1; inside <= end; ++inside) {
                for_operands(drafts_[inside], [&](Place operand) {
                    if (space_of(operand) == registers && first[number_of(operand)] < k) {
                        use(operand, end);
                    }
                });
            }
        }
    }
    std::vector<std::vector<std::size_t>> ends(drafts_.size());
    for (std::size_t v = 0; v < n_virtual_; ++v) {
        if (first[v] < drafts_.size()) {
            ends[last[v]].push_back(v);
        }
    }
    std::vector<std::size_t> real(n_virtual_, 0);
    std::vector<std::size_t> free;
    for (std::size_t k = 0; k < drafts_.size(); ++k) {
        const Place result = drafts_[k].result;
        // A result may go where an operand was: each row is read before it is written.
        for (const std::size_t v : ends[k]) {
            if (result == none || v != number_of(result)) {
                free.push_back(real[v]);
            }
        }
        if (result != none && first[number_of(result)] == k) {
            if (free.empty()) {
                free.push_back(program_.n_registers++);
            }
            real[number_of(result)] = free.back();
            free.pop_back();
        }
    }
    const auto rename = [&](Place& operand) {
        if (space_of(operand) == registers) {
            operand = place(registers, real[number_of(operand)]);
        }
    };
    for (Draft& draft : drafts_) {
        for_operands(draft, rename);
        rename(draft.result);
    }
    for (DraftSystem& system : systems_) {
        std::for_each(system.unknowns.begin(), system.unknowns.end(), rename);
        std::for_each(system.corrections.begin(), system.corrections.end(), rename);
    }
}

Slot LaneCompiler::slot_of(Place place) const
{
    std::size_t slot = number_of(place);
    switch (space_of(place)) {
    case outside: break;
    case constants: slot += program_.first_constant(); break;
    case settled: slot += program_.first_settled(); break;
    case registers: slot += program_.first_register(); break;
    case nowhere: return no_slot;
    }
    assert(slot < no_slot && "a program has less than 65535 slots");
    return static_cast<Slot>(slot);
}

Instruction LaneCompiler::finished(const Draft& draft) const
{
    Instruction instruction;
    instruction.kind = draft.kind;
    instruction.op = draft.op;
    instruction.result = slot_of(draft.result);
    instruction.a = slot_of(draft.a);
    instruction.b = slot_of(draft.b);
    instruction.c = slot_of(draft.c);
    instruction.index = draft.index;
    return instruction;
}

LaneProgram LaneCompiler::finish()
{
    fuse();
    allocate();
    program_.settled.resize(settled_.size());
    for (std::size_t k = 0; k < settled_.size(); ++k) {
        program_.settled[k] = finished(settled_[k]);
    }
    for (const Draft& draft : drafts_) {
        program_.instructions.push_back(finished(draft));
    }
    for (std::size_t k = 0; k < systems_.size(); ++k) {
        for (const Place unknown : systems_[k].unknowns) {
            program_.systems[k].unknowns.push_back(slot_of(unknown));
        }
        for (const Place correction : systems_[k].corrections) {
            program_.systems[k].corrections.push_back(slot_of(correction));
        }
    }
    return std::move(program_);
}

}  // namespace axolemma::kinetics
