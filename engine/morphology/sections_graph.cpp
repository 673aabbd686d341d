#include <cstddef>
#include <cstdint>
#include <vector>

#include "morphology/section_builder.hpp"

namespace axolemma::morphology {

// A section is a run of segments of one type between branch points. A segment is of the type of its distal sample, so
// the root, which ends no segment, has none. Arbor's load_swc_arbor builds the same cable.
Morphology sections_as_graph(const SwcFile& file, const WorkTree& tree)
{
    const std::vector<std::int32_t> n_children = tree.count_children();
    std::vector<std::int32_t> only_child(tree.parent.size(), -1);
    for (std::int32_t k = 1; k < tree.size(); ++k) {
        const auto p = static_cast<std::size_t>(tree.parent_of(k));
        only_child[p] = n_children[p] == 1 ? k : -1;
    }
    const auto starts_section = [&](std::int32_t k) {
        const std::int32_t p = tree.parent_of(k);
        return p == 0 || n_children[static_cast<std::size_t>(p)] != 1 || tree.type_of(p) != tree.type_of(k);
    };
    SectionBuilder builder(tree.size());
    std::vector<Point> points;
    builder.put_node(0, {0, 0.0});
    for (std::int32_t first = 1; first < tree.size(); ++first) {
        if (!starts_section(first)) {
            continue;
        }
        points.assign(1, tree.point_of(tree.parent_of(first)));
        std::vector<std::int32_t> run;
        for (std::int32_t k = first; k >= 0; k = only_child[static_cast<std::size_t>(k)]) {
            if (k != first && starts_section(k)) {
                break;
            }
            run.push_back(k);
            points.push_back(tree.point_of(k));
        }
        const std::int32_t section = builder.add(tree.type_of(first), builder.place_of(tree.parent_of(first)), points);
        builder.put_nodes(section, 1, run);
    }
    return builder.build(file, tree);
}

}  // namespace axolemma::morphology
