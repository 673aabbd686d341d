#include "morphology/work_tree.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/index.hpp"
#include "morphology/swc_reader.hpp"

namespace axolemma::morphology {

namespace {

constexpr std::int32_t fork_label = 5;
constexpr std::int32_t end_label = 6;

using base::index;

bool is_label(std::int32_t type)
{
    return type == fork_label || type == end_label;
}

WorkTree in_order(const SwcFile& file, const std::vector<std::int32_t>& order, const std::vector<std::int32_t>& parents)
{
    WorkTree tree;
    tree.sample = order;
    tree.parent.reserve(order.size());
    tree.type.reserve(order.size());
    tree.point.reserve(order.size());
    std::vector<std::int32_t> node_of(file.samples.size(), -1);
    for (const std::int32_t k : order) {
        node_of[index(k)] = tree.size();
        const SwcSample& sample = file.samples[index(k)];
        tree.parent.push_back(parents[index(k)] < 0 ? -1 : node_of[index(parents[index(k)])]);
        tree.type.push_back(sample.type);
        tree.point.push_back(sample.point());
    }
    return tree;
}

std::vector<std::int32_t> parents_of(const SwcFile& file)
{
    std::vector<std::int32_t> parents;
    parents.reserve(file.samples.size());
    for (const SwcSample& sample : file.samples) {
        parents.push_back(sample.parent);
    }
    return parents;
}

/// Turns the links between `root` and the old root round.
void reroot(std::vector<std::int32_t>& parents, std::int32_t root)
{
    std::int32_t above = -1;
    for (std::int32_t k = root; k >= 0;) {
        const std::int32_t next = parents[index(k)];
        parents[index(k)] = above;
        above = k;
        k = next;
    }
}

/// The soma's samples first, then one neurite after another in file order, each depth first.
std::vector<std::int32_t> soma_first_order(const SwcFile& file, const std::vector<std::int32_t>& parents)
{
    const auto is_soma = [&](std::int32_t k) { return file.samples[index(k)].type == soma; };
    std::vector<std::int32_t> within = parents;  // cut between soma and neurites
    for (std::int32_t k = 0; k < static_cast<std::int32_t>(parents.size()); ++k) {
        const std::int32_t parent = parents[index(k)];
        if (parent >= 0 && is_soma(parent) && !is_soma(k)) {
            within[index(k)] = -1;
        }
    }
    std::vector<std::int32_t> order = depth_first_order(within);
    std::stable_partition(order.begin(), order.end(), is_soma);
    return order;
}

/// A labelled sample lies on the cable of its parent; next to the soma or at the root, on that of its first child.
void replace_labels(WorkTree& tree)
{
    std::vector<std::int32_t> below(tree.parent.size(), undefined);  // type of the cable below, where it has one
    std::vector<bool> known(tree.parent.size(), false);
    for (std::int32_t k = tree.size(); k-- > 0;) {
        const std::int32_t type = tree.type_of(k);
        if (!is_label(type)) {
            below[index(k)] = type;
            known[index(k)] = type != soma;
        }
        const std::int32_t parent = tree.parent_of(k);
        if (parent >= 0 && known[index(k)] && is_label(tree.type_of(parent))) {
            below[index(parent)] = below[index(k)];
            known[index(parent)] = true;
        }
    }
    for (std::int32_t k = 0; k < tree.size(); ++k) {
        if (!is_label(tree.type_of(k))) {
            continue;
        }
        const std::int32_t parent = tree.parent_of(k);
        const bool follows_cable = parent >= 0 && !tree.is_soma(parent);
        tree.type[index(k)] = follows_cable ? tree.type_of(parent) : known[index(k)] ? below[index(k)] : undefined;
    }
}

}  // namespace

std::vector<std::int32_t> WorkTree::count_children() const
{
    std::vector<std::int32_t> n(parent.size(), 0);
    for (const std::int32_t p : parent) {
        if (p >= 0) {
            ++n[static_cast<std::size_t>(p)];
        }
    }
    return n;
}

WorkTree tree_in_file_order(const SwcFile& file)
{
    bool parents_first = true;
    for (std::int32_t k = 0; k < static_cast<std::int32_t>(file.samples.size()); ++k) {
        parents_first = parents_first && file.samples[index(k)].parent < k;
    }
    if (!parents_first) {
        return in_order(file, file.order, parents_of(file));
    }
    std::vector<std::int32_t> order(file.samples.size());
    std::iota(order.begin(), order.end(), 0);
    return in_order(file, order, parents_of(file));
}

WorkTree tree_from_soma(const SwcFile& file, const SomaFacts& soma_facts)
{
    std::vector<std::int32_t> parents = parents_of(file);
    if (!soma_facts.samples.empty() && !soma_facts.is_root) {
        reroot(parents, soma_facts.samples.front());
    }
    WorkTree tree = in_order(file, soma_first_order(file, parents), parents);
    if (has_fork_and_end_labels(file)) {
        replace_labels(tree);
    }
    return tree;
}

bool has_fork_and_end_labels(const SwcFile& file)
{
    std::vector<std::int32_t> n_children(file.samples.size(), 0);
    for (const SwcSample& sample : file.samples) {
        if (sample.parent >= 0) {
            ++n_children[index(sample.parent)];
        }
    }
    bool has_fork = false;
    bool has_end = false;
    for (std::size_t k = 0; k < file.samples.size(); ++k) {
        const std::int32_t type = file.samples[k].type;
        if ((type == fork_label && n_children[k] < 2) || (type == end_label && n_children[k] > 0)) {
            return false;
        }
        has_fork = has_fork || type == fork_label;
        has_end = has_end || type == end_label;
    }
    return has_fork && has_end;
}

WorkTree with_soma_as_point(const WorkTree& tree, const Point& centre)
{
    WorkTree result;
    std::vector<std::int32_t> node_of(tree.parent.size(), 0);
    for (std::int32_t k = 0; k < tree.size(); ++k) {
        if (k > 0 && tree.is_soma(k)) {
            continue;
        }
        node_of[index(k)] = result.size();
        result.parent.push_back(k == 0 ? -1 : node_of[index(tree.parent_of(k))]);
        result.type.push_back(tree.type_of(k));
        result.point.push_back(k == 0 ? centre : tree.point_of(k));
        result.sample.push_back(tree.sample[index(k)]);
    }
    return result;
}

}  // namespace axolemma::morphology
