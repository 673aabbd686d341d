#include "morphology/swc_findings.hpp"

#include <algorithm>

namespace axolemma::morphology {

base::Diagnostics Findings::in_line_order() const
{
    std::vector<base::Diagnostic> sorted = list_;
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const base::Diagnostic& a, const base::Diagnostic& b) { return a.pos.line < b.pos.line; });
    base::Diagnostics all;
    for (base::Diagnostic& finding : sorted) {
        all.append(std::move(finding));
    }
    return all;
}

}  // namespace axolemma::morphology
