#include <algorithm>
#include <cstddef>
#include <numeric>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/index.hpp"

#include "morphology/swc_reader.hpp"

namespace axolemma::morphology {

namespace {

constexpr std::int32_t none = -1;

using base::index;

/// Sample id -> index. Never an array indexed by id: ids may be anything up to 2^63 - 1.
class IdIndex {
public:
    explicit IdIndex(const std::vector<SwcSample>& samples) : samples_(samples)
    {
        const auto n = static_cast<std::int32_t>(samples.size());
        consecutive_ = true;
        for (std::int32_t k = 1; k < n && consecutive_; ++k) {
            consecutive_ = samples[index(k)].id - 1 == samples[index(k - 1)].id;  // ids are >= 0: this cannot overflow
        }
        if (!consecutive_) {
            sorted_.resize(samples.size());
            std::iota(sorted_.begin(), sorted_.end(), 0);
            std::sort(sorted_.begin(), sorted_.end(), [&](std::int32_t a, std::int32_t b) {
                return std::pair(samples[index(a)].id, a) < std::pair(samples[index(b)].id, b);
            });
        }
    }

    /// The first sample with this id, or -1.
    std::int32_t find(std::int64_t id) const
    {
        if (samples_.empty()) {
            return none;
        }
        if (consecutive_) {
            const std::int64_t first = samples_.front().id;
            return id < first || id > samples_.back().id ? none : static_cast<std::int32_t>(id - first);
        }
        const auto found =
            std::lower_bound(sorted_.begin(), sorted_.end(), id,
                             [&](std::int32_t k, std::int64_t wanted) { return samples_[index(k)].id < wanted; });
        return found != sorted_.end() && samples_[index(*found)].id == id ? *found : none;
    }

    bool consecutive() const { return consecutive_; }

private:
    const std::vector<SwcSample>& samples_;
    std::vector<std::int32_t> sorted_;
    bool consecutive_ = false;
};

class Linker {
public:
    Linker(const SwcOptions& options, const UnreadLines& unread, SwcFile& file, Findings& findings)
        : options_(options),
          unread_(unread),
          file_(file),
          findings_(findings),
          ids_(file.samples),
          keeps_fragments_out_(options.fragments != SwcOptions::Fragments::reject)
    {}

    void link();

private:
    void report_duplicates();
    void find_parents();
    void report_missing_parent(const SwcSample& sample);
    void report_roots();
    void report_cycles();
    void report_cycle(std::int32_t member);
    void drop_fragments();
    std::int32_t choose_root(const std::vector<std::int32_t>& root_of);
    void keep_tree(std::int32_t root, const std::vector<std::int32_t>& root_of);
    std::vector<std::int32_t> parents() const;
    std::vector<std::int32_t> root_of_each() const;

    const SwcOptions& options_;
    const UnreadLines& unread_;
    SwcFile& file_;
    Findings& findings_;
    IdIndex ids_;
    bool keeps_fragments_out_;
    std::vector<std::int32_t> roots_;  // parent -1, or a missing parent where fragments are dropped
    bool parents_sound_ = true;        // no parent is missing and no sample is its own parent
};

void Linker::link()
{
    report_duplicates();
    find_parents();
    report_roots();
    file_.order = depth_first_order(parents());
    report_cycles();
    if (!findings_.has_errors() && roots_.size() > 1) {
        drop_fragments();
        file_.order = depth_first_order(parents());
    }
}

void Linker::report_duplicates()
{
    if (ids_.consecutive()) {
        return;
    }
    for (std::int32_t k = 0; k < static_cast<std::int32_t>(file_.samples.size()); ++k) {
        const SwcSample& sample = file_.samples[index(k)];
        const std::int32_t first = ids_.find(sample.id);
        if (first != k) {
            findings_.error("duplicate", sample.line, [&] {
                return Said{
                    fmt::format("id {} is already used on line {}", sample.id, file_.samples[index(first)].line),
                    "renumber the samples: every id may occur once"};
            });
        }
    }
}

void Linker::find_parents()
{
    std::vector<std::int64_t> unread_ids = unread_.ids;
    std::sort(unread_ids.begin(), unread_ids.end());
    for (std::int32_t k = 0; k < static_cast<std::int32_t>(file_.samples.size()); ++k) {
        SwcSample& sample = file_.samples[index(k)];
        sample.parent = none;
        if (sample.parent_id == -1) {
            roots_.push_back(k);
            continue;
        }
        if (sample.parent_id == sample.id) {
            parents_sound_ = false;
            if (ids_.find(sample.id) != k) {
                continue;  // a duplicate, already reported
            }
            findings_.error("own parent", sample.line, [&] {
                return Said{fmt::format("sample {} is its own parent", sample.id),
                            "give the id of its parent, or -1 if it is the root"};
            });
            continue;
        }
        sample.parent = ids_.find(sample.parent_id);
        if (sample.parent != none) {
            continue;
        }
        if (!unread_.all_ids_known || std::binary_search(unread_ids.begin(), unread_ids.end(), sample.parent_id)) {
            parents_sound_ = false;
        } else if (keeps_fragments_out_) {
            roots_.push_back(k);
        } else {
            parents_sound_ = false;
            report_missing_parent(sample);
        }
    }
}

void Linker::report_missing_parent(const SwcSample& sample)
{
    findings_.error("missing parent", sample.line, [&] {
        const auto by_id = [](const SwcSample& a, const SwcSample& b) { return a.id < b.id; };
        const SwcSample& largest = *std::max_element(file_.samples.begin(), file_.samples.end(), by_id);
        std::string hint = sample.parent_id > largest.id
                               ? fmt::format("the largest sample id is {} (line {}); the file may be truncated",
                                             largest.id, largest.line)
                               : "reattach it, or drop what hangs on it with the option fragments: keep_soma_tree";
        return Said{fmt::format("sample {} names parent {}, which is not in the file", sample.id, sample.parent_id),
                    std::move(hint)};
    });
}

void Linker::report_roots()
{
    if (roots_.empty()) {
        if (unread_.n == 0 && !file_.samples.empty()) {
            findings_.error("no root", file_.samples.front().line, [] {
                return Said{"there is no root: no sample has parent -1", "set the parent of the root sample to -1"};
            });
        }
        return;
    }
    if (roots_.size() == 1 || keeps_fragments_out_) {
        return;
    }
    std::string lines;
    constexpr std::size_t most_shown = 5;
    std::size_t n_somas = 0;
    for (std::size_t i = 0; i < roots_.size(); ++i) {
        const SwcSample& root = file_.samples[index(roots_[i])];
        n_somas += root.type == soma ? 1U : 0U;
        if (i < most_shown) {
            lines += fmt::format("{}{}", i == 0 ? "" : i + 1 == roots_.size() ? " and " : ", ", root.line);
        }
    }
    if (roots_.size() > most_shown) {
        lines += fmt::format(" and {} more", roots_.size() - most_shown);
    }
    findings_.error("roots", file_.samples[index(roots_[1])].line, [&] {
        if (n_somas == roots_.size()) {
            return Said{fmt::format("{} cells in one file: soma roots on lines {}", n_somas, lines),
                        "split the file, one cell in each"};
        }
        return Said{fmt::format("{} separate trees: roots (parent -1) on lines {}", roots_.size(), lines),
                    "reattach them, or keep one tree with the option fragments: keep_soma_tree or keep_largest"};
    });
}

// What no root reaches is in a cycle, hangs on one, or hangs on a sample whose parent was already reported.
void Linker::report_cycles()
{
    if (file_.order.size() == file_.samples.size() || (roots_.empty() && unread_.n == 0 && parents_sound_)) {
        return;
    }
    constexpr std::int32_t unseen = 0;
    constexpr std::int32_t reached = 1;
    std::vector<std::int32_t> mark(file_.samples.size(), unseen);
    for (const std::int32_t k : file_.order) {
        mark[index(k)] = reached;
    }
    std::int32_t walk = reached;
    for (std::int32_t start = 0; start < static_cast<std::int32_t>(file_.samples.size()); ++start) {
        if (mark[index(start)] != unseen) {
            continue;
        }
        ++walk;
        std::int32_t k = start;
        while (k != none && mark[index(k)] == unseen) {
            mark[index(k)] = walk;
            k = file_.samples[index(k)].parent;
        }
        if (k != none && mark[index(k)] == walk) {
            report_cycle(k);
        }
    }
}

void Linker::report_cycle(std::int32_t member)
{
    std::int32_t first = member;
    for (std::int32_t k = file_.samples[index(member)].parent; k != member; k = file_.samples[index(k)].parent) {
        first = std::min(first, k);
    }
    findings_.error("cycle", file_.samples[index(first)].line, [&] {
        constexpr int most_shown = 6;
        const SwcSample& start = file_.samples[index(first)];
        std::string ids = fmt::format("{}", start.id);
        std::string lines = fmt::format("{}", start.line);
        int shown = 1;
        std::int32_t k = start.parent;
        for (; k != first && shown < most_shown; k = file_.samples[index(k)].parent, ++shown) {
            ids += fmt::format(" -> {}", file_.samples[index(k)].id);
            lines += fmt::format(", {}", file_.samples[index(k)].line);
        }
        ids += k == first ? fmt::format(" -> {}", start.id) : " -> ...";
        lines += k == first ? "" : ", ...";
        return Said{fmt::format("samples are each other's parents: {} (lines {})", ids, lines),
                    "one of them needs another parent"};
    });
}

std::vector<std::int32_t> Linker::parents() const
{
    std::vector<std::int32_t> list;
    list.reserve(file_.samples.size());
    for (const SwcSample& sample : file_.samples) {
        list.push_back(sample.parent);
    }
    return list;
}

std::vector<std::int32_t> Linker::root_of_each() const
{
    std::vector<std::int32_t> root_of(file_.samples.size(), none);
    for (const std::int32_t k : file_.order) {
        const std::int32_t parent = file_.samples[index(k)].parent;
        root_of[index(k)] = parent == none ? k : root_of[index(parent)];
    }
    return root_of;
}

void Linker::drop_fragments()
{
    const std::vector<std::int32_t> root_of = root_of_each();
    const std::int32_t kept = choose_root(root_of);
    if (kept != none) {
        keep_tree(kept, root_of);
    }
}

std::int32_t Linker::choose_root(const std::vector<std::int32_t>& root_of)
{
    if (options_.fragments == SwcOptions::Fragments::keep_largest) {
        std::vector<std::int64_t> size(file_.samples.size(), 0);
        for (const std::int32_t root : root_of) {
            ++size[index(root)];
        }
        return static_cast<std::int32_t>(std::max_element(size.begin(), size.end()) - size.begin());
    }
    std::int32_t kept = none;
    for (std::size_t k = 0; k < file_.samples.size(); ++k) {
        if (file_.samples[k].type != soma || root_of[k] == kept) {
            continue;
        }
        if (kept != none) {
            findings_.error("somas", file_.samples[k].line, [&] {
                return Said{fmt::format("more than one of the {} separate trees holds a soma", roots_.size()),
                            "split the file, or use the option fragments: keep_largest"};
            });
            return none;
        }
        kept = root_of[k];
    }
    if (kept == none) {
        findings_.error("no soma", file_.samples[index(roots_[1])].line, [&] {
            return Said{fmt::format("none of the {} separate trees holds a soma", roots_.size()),
                        "use the option fragments: keep_largest"};
        });
    }
    return kept;
}

void Linker::keep_tree(std::int32_t root, const std::vector<std::int32_t>& root_of)
{
    std::vector<std::int32_t> new_index(file_.samples.size(), none);
    std::vector<SwcSample> kept;
    std::int64_t first_dropped_line = 0;
    for (std::size_t k = 0; k < file_.samples.size(); ++k) {
        if (root_of[k] == root) {
            new_index[k] = static_cast<std::int32_t>(kept.size());
            kept.push_back(file_.samples[k]);
        } else if (first_dropped_line == 0) {
            first_dropped_line = file_.samples[k].line;
        }
    }
    const std::size_t n_dropped = file_.samples.size() - kept.size();
    for (SwcSample& sample : kept) {
        sample.parent = sample.parent == none ? none : new_index[index(sample.parent)];
    }
    const SwcSample& kept_root = file_.samples[index(root)];
    findings_.warning("dropped", first_dropped_line, [&] {
        return Said{
            fmt::format("{} samples in {} separate trees are dropped; the tree from sample {} (line {}) with {} "
                        "samples is kept",
                        n_dropped, roots_.size() - 1, kept_root.id, kept_root.line, kept.size()),
            "asked for by the option fragments"};
    });
    file_.samples = std::move(kept);
    file_.samples[index(new_index[index(root)])].parent_id = -1;  // it may have named a sample that is not in the file
}

}  // namespace

std::vector<std::int32_t> depth_first_order(const std::vector<std::int32_t>& parents)
{
    const auto n = static_cast<std::int32_t>(parents.size());
    // Children of k are list[start[k] .. start[k + 1]), in order; the roots come last, as children of an extra node n.
    std::vector<std::int32_t> start(parents.size() + 2, 0);
    const auto holder = [&](std::int32_t k) { return parents[index(k)] < 0 ? n : parents[index(k)]; };
    for (std::int32_t k = 0; k < n; ++k) {
        ++start[index(holder(k)) + 1];
    }
    std::partial_sum(start.begin(), start.end(), start.begin());
    std::vector<std::int32_t> list(parents.size());
    std::vector<std::int32_t> next(start.begin(), start.end() - 1);
    for (std::int32_t k = 0; k < n; ++k) {
        list[index(next[index(holder(k))]++)] = k;
    }
    std::vector<std::int32_t> order;
    order.reserve(parents.size());
    std::vector<std::int32_t> stack;
    const auto push_children = [&](std::int32_t k) {
        for (std::int32_t i = start[index(k) + 1]; i-- > start[index(k)];) {
            stack.push_back(list[index(i)]);
        }
    };
    push_children(n);
    while (!stack.empty()) {
        const std::int32_t k = stack.back();
        stack.pop_back();
        order.push_back(k);
        push_children(k);
    }
    return order;
}

void link_samples(const SwcOptions& options, const UnreadLines& unread, SwcFile& file, Findings& findings)
{
    Linker(options, unread, file, findings).link();
}

}  // namespace axolemma::morphology
