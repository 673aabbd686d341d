#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "config/context.hpp"

namespace axolemma::config {

namespace {

using base::SourcePos;

constexpr std::int64_t max_lines = 10'000'000;
constexpr std::size_t max_columns = 1000;
constexpr std::int64_t max_listed_errors = 20;

std::string trimmed(const std::string& text)
{
    const auto first = text.find_first_not_of(" \t\r");
    return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

/// The cells of a line; quotes keep commas together, two of them are one.
std::vector<std::string> cells_of(const std::string& line)
{
    std::vector<std::string> cells(1);
    bool quoted = false;
    for (std::size_t k = 0; k < line.size(); ++k) {
        if (line[k] == '"' && quoted && k + 1 < line.size() && line[k + 1] == '"') {
            cells.back() += line[++k];
        } else if (line[k] == '"') {
            quoted = !quoted;
        } else if (line[k] == ',' && !quoted) {
            cells.emplace_back();
        } else {
            cells.back() += line[k];
        }
    }
    std::transform(cells.begin(), cells.end(), cells.begin(), trimmed);
    return cells;
}

class SweepTableReader {
public:
    SweepTableReader(const std::string& path, base::Diagnostics& out) : path_(path), out_(out) {}

    void line(const std::string& text)
    {
        ++line_;
        const auto content = trimmed(text);
        if (content.empty() || content.starts_with('#')) {
            return;
        }
        const auto cells = cells_of(text);
        if (parameters_.empty()) {
            read_header(cells);
        } else if (cells.size() != parameters_.size()) {
            fail(fmt::format("this line has {} values, and the first line names {} paths", cells.size(),
                             parameters_.size()));
        } else if (const auto empty = std::find(cells.begin(), cells.end(), ""); empty != cells.end()) {
            fail(fmt::format("the value of '{}' is empty", paths_[static_cast<std::size_t>(empty - cells.begin())]));
        } else {
            for (std::size_t p = 0; p < cells.size(); ++p) {
                values_[p].text.push_back(units_[p].empty() ? cells[p] : cells[p] + " " + units_[p]);
                values_[p].pos.push_back({path_, line_, 0});
            }
        }
    }

    bool finish(const SourcePos& asked_at, model::SweepSpec& sweep)
    {
        if (n_errors_ > max_listed_errors) {
            out_.error({path_, 0, 0}, fmt::format("{} more lines have errors", n_errors_ - max_listed_errors));
        }
        if (n_errors_ > 0) {
            return false;
        }
        if (values_.empty() || values_.front().text.empty()) {
            out_.error(asked_at, fmt::format("the table '{}' has no points", path_),
                       "its first line names the paths, and every further line is a point");
            return false;
        }
        sweep.n_points = static_cast<std::int64_t>(values_.front().text.size());
        for (std::size_t p = 0; p < parameters_.size(); ++p) {
            parameters_[p].unit = common_unit(values_[p].text);
            parameters_[p].values = std::move(values_[p]);
        }
        sweep.parameters = std::move(parameters_);
        return true;
    }

    bool is_too_long() const { return line_ > max_lines; }

private:
    /// Each cell is PATH or PATH [UNIT].
    void read_header(const std::vector<std::string>& cells)
    {
        if (cells.size() > max_columns) {
            fail(fmt::format("this table has {} columns; the most possible is {}", cells.size(), max_columns));
        }
        for (const auto& cell : cells) {
            const auto bracket = cell.ends_with(']') ? cell.rfind(" [") : std::string::npos;
            const auto path = trimmed(cell.substr(0, bracket));
            units_.push_back(bracket == std::string::npos ? "" : cell.substr(bracket + 2, cell.size() - bracket - 3));
            if (path.empty()) {
                fail("a column has no path",
                     "the first line names what each column sets, as in "
                     "stimuli.kick.pulse.amplitude, or run.dt [ms]");
            }
            paths_.push_back(path);
            model::SweepParameter parameter;
            parameter.paths = {path};
            parameter.pos = {path_, line_, 0};
            parameters_.push_back(std::move(parameter));
            values_.emplace_back();
        }
    }

    void fail(std::string message, std::string hint = {})
    {
        if (++n_errors_ <= max_listed_errors) {
            out_.error({path_, line_, 0}, std::move(message), std::move(hint));
        }
    }

    std::string path_;
    base::Diagnostics& out_;
    std::vector<std::string> paths_, units_;
    std::vector<model::SweepParameter> parameters_;
    std::vector<model::ListedValues> values_;
    std::int64_t line_ = 0, n_errors_ = 0;
};

}  // namespace

bool read_sweep_csv(Context& context, const std::string& path, const SourcePos& asked_at, model::SweepSpec& sweep)
{
    std::error_code status;
    if (!std::filesystem::is_regular_file(path, status)) {
        const bool there = std::filesystem::exists(path, status);
        context.out.error(asked_at,
                          there ? fmt::format("'{}' is not a file", path) : fmt::format("there is no file '{}'", path),
                          there ? "" : "a relative path starts from the folder of the configuration");
        return false;
    }
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        context.out.error(asked_at, fmt::format("the file '{}' cannot be opened", path), "may you read it?");
        return false;
    }
    SweepTableReader reader(path, context.out);
    std::string line;
    while (std::getline(file, line)) {
        reader.line(line);
        if (reader.is_too_long()) {
            context.out.error(asked_at, fmt::format("the table '{}' has more than {} lines", path, max_lines));
            return false;
        }
    }
    return reader.finish(asked_at, sweep);
}

}  // namespace axolemma::config
