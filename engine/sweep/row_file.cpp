#include "sweep/row_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <iterator>
#include <string_view>

#include "base/diagnostics.hpp"
#include "base/version.hpp"

namespace axolemma::sweep {

namespace {

constexpr std::string_view first_line = "axolemma sweep rows 1";

std::string escaped(const std::string& field)
{
    std::string out;
    for (const char c : field) {
        switch (c) {
        case '\t': out += "\\t"; break;
        case '\n': out += "\\n"; break;
        case '\r': out += "\\r"; break;
        case '\\': out += "\\\\"; break;
        default: out += c;
        }
    }
    return out;
}

std::string unescaped(std::string_view field)
{
    std::string out;
    for (std::size_t k = 0; k < field.size(); ++k) {
        if (field[k] != '\\' || k + 1 == field.size()) {
            out += field[k];
            continue;
        }
        const char c = field[++k];
        out += c == 't' ? '\t' : c == 'n' ? '\n' : c == 'r' ? '\r' : c;
    }
    return out;
}

void add_columns(std::string& text, std::string_view word, const std::vector<Column>& columns)
{
    text += word;
    for (const auto& column : columns) {
        text += "\t" + escaped(column.name) + "\t" + escaped(column.unit);
    }
    text += "\n";
}

std::vector<std::string_view> fields_of(std::string_view line)
{
    std::vector<std::string_view> fields;
    std::size_t start = 0;
    for (std::size_t tab = line.find('\t'); tab != std::string_view::npos; tab = line.find('\t', start)) {
        fields.push_back(line.substr(start, tab - start));
        start = tab + 1;
    }
    fields.push_back(line.substr(start));
    return fields;
}

template <class Number>
bool to_number(std::string_view text, Number& number)
{
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), number);
    return status == std::errc{} && end == text.data() + text.size();
}

/// Reads line by line; false stops it.
class RowsParser {
public:
    explicit RowsParser(RowFile& file) : file_(file) {}

    bool line(std::string_view text)
    {
        const auto fields = fields_of(text);
        const auto& word = fields.front();
        if (is_first_) {
            is_first_ = false;
            return text == first_line;
        }
        if (ended_) {
            return false;
        }
        if (word == "version" && fields.size() == 2) {
            file_.version = unescaped(fields[1]);
            return true;
        }
        if (word == "parameters") {
            return read_columns(fields, file_.parameters);
        }
        if (word == "results") {
            std::vector<Column> columns;
            const bool good = read_columns(fields, columns);
            columns_ = std::make_shared<const std::vector<Column>>(std::move(columns));
            return good;
        }
        if (word == "end" && fields.size() == 3) {
            std::size_t n = 0;
            ended_ = true;
            return to_number(fields[1], n) && n == file_.rows.size() && to_number(fields[2], file_.seconds);
        }
        return word == "ok" ? read_ok(fields) : word == "failed" && read_failed(fields);
    }
    bool ended() const { return ended_; }

private:
    static bool read_columns(const std::vector<std::string_view>& fields, std::vector<Column>& columns)
    {
        for (std::size_t k = 1; k + 1 < fields.size(); k += 2) {
            columns.push_back({unescaped(fields[k]), unescaped(fields[k + 1])});
        }
        return fields.size() % 2 == 1;
    }

    bool read_ok(const std::vector<std::string_view>& fields)
    {
        const std::size_t n_parameters = file_.parameters.size();
        if (!columns_ || fields.size() != 3 + n_parameters + columns_->size()) {
            return false;
        }
        Row row;
        row.ok = true;
        row.columns = columns_;
        const auto& hash = fields[2];
        const auto [end, status] = std::from_chars(hash.data(), hash.data() + hash.size(), row.hash, 16);
        if (!to_number(fields[1], row.point) || status != std::errc{} || end != hash.data() + hash.size()) {
            return false;
        }
        for (std::size_t k = 0; k < n_parameters; ++k) {
            row.parameters.push_back(unescaped(fields[3 + k]));
        }
        for (std::size_t k = 3 + n_parameters; k < fields.size(); ++k) {
            row.values.push_back(std::numeric_limits<double>::quiet_NaN());
            if (!fields[k].empty() && !to_number(fields[k], row.values.back())) {
                return false;
            }
        }
        file_.rows.push_back(std::move(row));
        return true;
    }

    bool read_failed(const std::vector<std::string_view>& fields)
    {
        Row row;
        if (fields.size() != 3 + file_.parameters.size() || !to_number(fields[1], row.point)) {
            return false;
        }
        for (std::size_t k = 2; k + 1 < fields.size(); ++k) {
            row.parameters.push_back(unescaped(fields[k]));
        }
        row.reason = unescaped(fields.back());
        file_.rows.push_back(std::move(row));
        return true;
    }

    RowFile& file_;
    std::shared_ptr<const std::vector<Column>> columns_;
    bool is_first_ = true, ended_ = false;
};

[[noreturn]] void fail(const std::string& path)
{
    throw base::EngineError(fmt::format("cannot write '{}': {}", path, std::strerror(errno)));
}

/// A descriptor that is closed when it goes.
class OpenFile {
public:
    OpenFile(const std::string& path, int flags) : path_(path), fd_(open(path.c_str(), flags | O_CLOEXEC, 0666))
    {
        if (fd_ < 0) {
            fail(path);
        }
    }
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
    ~OpenFile() { close(fd_); }

    void write(std::string_view text) const
    {
        while (!text.empty()) {
            const auto n = ::write(fd_, text.data(), text.size());
            if (n < 0 && errno != EINTR) {
                fail(path_);
            }
            text.remove_prefix(n > 0 ? static_cast<std::size_t>(n) : 0);
        }
    }
    /// Some file systems cannot do this; they say EINVAL.
    void sync() const
    {
        if (fsync(fd_) != 0 && errno != EINVAL) {
            fail(path_);
        }
    }

private:
    std::string path_;
    int fd_;
};

}  // namespace

std::string rows_text(const std::vector<Column>& parameters, const std::vector<Row>& rows, double seconds)
{
    std::string text(first_line);
    text += fmt::format("\nversion\t{}\n", escaped(std::string(base::build_info().version)));
    add_columns(text, "parameters", parameters);
    const std::vector<Column>* columns = nullptr;
    for (const auto& row : rows) {
        if (row.ok && (columns == nullptr || *columns != *row.columns)) {
            columns = row.columns.get();
            add_columns(text, "results", *columns);
        }
        text += row.ok ? fmt::format("ok\t{}\t{:016x}", row.point, row.hash) : fmt::format("failed\t{}", row.point);
        for (const auto& parameter : row.parameters) {
            text += "\t" + escaped(parameter);
        }
        if (!row.ok) {
            text += "\t" + escaped(row.reason);
        }
        for (const double value : row.values) {
            text += '\t';
            if (!std::isnan(value)) {
                fmt::format_to(std::back_inserter(text), "{}", value);
            }
        }
        text += '\n';
    }
    return text + fmt::format("end\t{}\t{:.3f}\n", rows.size(), seconds);
}

bool parse_rows(const std::string& text, RowFile& file)
{
    RowsParser parser(file);
    std::string_view rest(text);
    while (!rest.empty()) {
        const auto end = rest.find('\n');
        if (end == std::string_view::npos || !parser.line(rest.substr(0, end))) {
            return false;
        }
        rest.remove_prefix(end + 1);
    }
    return parser.ended();
}

void write_whole(const std::string& path, const std::string& text)
{
    const auto temporary = fmt::format("{}.{}.partial", path, getpid());
    try {
        const OpenFile file(temporary, O_WRONLY | O_CREAT | O_TRUNC);
        file.write(text);
        file.sync();
    } catch (const base::EngineError&) {
        unlink(temporary.c_str());
        throw;
    }
    if (std::rename(temporary.c_str(), path.c_str()) != 0) {
        const int error = errno;
        unlink(temporary.c_str());
        errno = error;
        fail(path);
    }
    const auto slash = path.rfind('/');
    OpenFile(slash == std::string::npos ? "." : path.substr(0, slash + 1), O_RDONLY | O_DIRECTORY).sync();
}

}  // namespace axolemma::sweep
