/// The processes (MPI ranks) that run one simulation together; the only MPI include is in ranks.cpp.
///
/// Built without MPI, or started without a launcher, there is one rank and everything here is a copy. All collective calls
/// must be made by all ranks in the same order, from one thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace axolemma::network {

/// Was the program built with MPI?
bool built_with_mpi();
/// Name and version of the MPI library; "none" without one.
std::string mpi_library();

class Ranks {
public:
    /// One rank that talks to nobody.
    static Ranks& alone();

    virtual ~Ranks() = default;
    int rank() const { return rank_; }
    int size() const { return size_; }
    bool is_root() const { return rank_ == 0; }

    /// Largest and smallest of all ranks' numbers, the same on every rank.
    virtual std::int64_t largest(std::int64_t mine) const = 0;
    std::int64_t smallest(std::int64_t mine) const { return -largest(-mine); }
    virtual double largest(double mine) const = 0;
    virtual double sum(double mine) const = 0;
    virtual std::int64_t sum(std::int64_t mine) const = 0;
    /// Number of the root on every rank.
    virtual void broadcast(std::span<double> numbers, int root = 0) const = 0;
    /// On the root, calls take(rank, bytes) with everybody's bytes, which may differ in length, rank by rank: at no time does
    /// it hold those of more than one rank beside its own.
    using Take = std::function<void(int rank, std::span<const std::byte> bytes)>;
    virtual void gather(std::span<const std::byte> mine, const Take& take) const = 0;
    /// Everybody's numbers one after the other, on every rank.
    /// @param counts  of each rank
    virtual void all_gather(std::span<const double> mine, std::span<const int> counts, std::span<double> all) const = 0;
    virtual void all_gather(std::span<const std::byte> mine, std::span<const int> counts,
                            std::span<std::byte> all) const = 0;
    /// Everybody's numbers one after the other, on the root.
    virtual void gather(std::span<const double> mine, std::span<const int> counts, std::span<double> all) const = 0;
    /// Begins to send equally many bytes from everybody to everybody; one at a time. Both spans must live until finished.
    virtual void begin_all_gather(std::span<const std::byte> mine, std::span<std::byte> all) = 0;
    virtual void finish_all_gather() = 0;

    /// Ends all ranks at once, whatever they are doing.
    [[noreturn]] virtual void abort(int exit_code) const = 0;

    /// Ranks on this machine.
    virtual int n_on_machine() const { return 1; }

protected:
    Ranks(int rank, int size) : rank_(rank), size_(size) {}

private:
    int rank_, size_;
};

/// Everybody's records, rank by rank, on the root; nothing on the others. Call on all ranks.
template <class T>
std::vector<T> gather_records(const Ranks& ranks, const std::vector<T>& mine)
{
    static_assert(std::is_trivially_copyable_v<T>);
    std::vector<T> all;
    ranks.gather(std::as_bytes(std::span(mine)), [&](int, std::span<const std::byte> bytes) {
        const std::size_t before = all.size();
        all.resize(before + bytes.size() / sizeof(T));
        std::copy(bytes.begin(), bytes.end(), std::as_writable_bytes(std::span(all).subspan(before)).begin());
    });
    return all;
}

/// What together() throws on every rank after a failure on some.
class RankFailed : public std::exception {
public:
    /// @param text  on the first of the ranks that failed, what went wrong; empty on the others
    RankFailed(int rank, bool on_all, bool input_wrong, std::string text);
    int rank() const { return rank_; }
    /// Did every rank fail? Then it does not matter which one speaks.
    bool on_all() const { return on_all_; }
    /// A base::InputError, as opposed to a failure of the engine.
    bool input_wrong() const { return input_wrong_; }
    const char* what() const noexcept override { return text_.c_str(); }

private:
    int rank_;
    bool on_all_, input_wrong_;
    std::string text_;
};

/// Runs `action`, which must not talk to other ranks, on all of them; when it throws on some, all throw RankFailed and nobody
/// waits for a rank that has given up. With one rank whatever it throws goes through.
void together(const Ranks& ranks, const std::function<void()>& action);

/// Starts MPI if a launcher (mpirun, srun) started this process, and ends it when it goes. Make one in main().
class RankSession {
public:
    /// Throws base::InputError when a launcher started several processes that cannot find each other.
    RankSession(int& argc, char**& argv);
    ~RankSession();
    RankSession(const RankSession&) = delete;
    RankSession& operator=(const RankSession&) = delete;

    Ranks& ranks() { return *ranks_; }

private:
    Ranks* ranks_;
    bool started_ = false;
};

}  // namespace axolemma::network
