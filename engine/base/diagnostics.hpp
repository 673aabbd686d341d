/// Where something is wrong in the user's input, what is wrong, and what to do about it.
#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

namespace axolemma::base {

/// A place in an input file. Lines and columns count from 1; 0 means "not known" and is left out when printed.
struct SourcePos {
    std::string file;
    std::int64_t line = 0;
    std::int64_t column = 0;

    /// "file:line:column", "file:line" or "file".
    std::string text() const;
    friend bool operator==(const SourcePos&, const SourcePos&) = default;
};

enum class Severity { warning, error };

/// One finding. `hint` may be empty; `repeats` counts further findings of the same kind that were not listed.
struct Diagnostic {
    Severity severity = Severity::error;
    SourcePos pos;
    std::string message;
    std::string hint;
    std::int64_t repeats = 0;

    /// `file:line:column: error: message`, then `  hint: ...` on a line of its own (no final newline).
    std::string text() const;
};

/// All findings of one input, in the order in which they were made.
class Diagnostics {
public:
    void error(SourcePos pos, std::string message, std::string hint = {});
    void warning(SourcePos pos, std::string message, std::string hint = {});
    void append(const Diagnostics& other);
    void append(Diagnostic diagnostic);

    bool has_errors() const;
    bool empty() const { return list_.empty(); }
    std::int64_t n_errors() const;
    const std::vector<Diagnostic>& list() const { return list_; }
    /// Every finding as text, one per line group, with a final newline if there is any.
    std::string text() const;

    /// Throws InputError with everything found so far (warnings included) if there is at least one error.
    void throw_if_errors() const;

private:
    std::vector<Diagnostic> list_;
};

/// The user's input cannot be used. Thrown in config, morphology and run/build only; the program exits with code 2.
class InputError : public std::exception {
public:
    explicit InputError(Diagnostics diagnostics);
    InputError(SourcePos pos, std::string message, std::string hint = {});
    const Diagnostics& diagnostics() const { return diagnostics_; }
    const char* what() const noexcept override { return text_.c_str(); }

private:
    Diagnostics diagnostics_;
    std::string text_;
};

/// The engine failed although the input was right (numerics, disk). The program exits with code 1.
class EngineError : public std::exception {
public:
    explicit EngineError(std::string message) : message_(std::move(message)) {}
    const char* what() const noexcept override { return message_.c_str(); }

private:
    std::string message_;
};

/// The candidate closest to `word` by edit distance, or empty if none is close enough to be what was meant.
std::string nearest_name(std::string_view word, const std::vector<std::string>& candidates);

/// "did you mean 'x'? " when a candidate is close, followed by "`what`: a, b, c" (up to 40 of them) when `what` is not empty.
std::string name_hint(std::string_view word, const std::vector<std::string>& candidates, std::string_view what);

}  // namespace axolemma::base
