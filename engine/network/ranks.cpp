#include "network/ranks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>

#include "base/diagnostics.hpp"
#include "base/index.hpp"

#ifdef AXOLEMMA_WITH_MPI
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wold-style-cast"
#define OMPI_SKIP_MPICXX 1
#define MPICH_SKIP_MPICXX 1
#include <mpi.h>
#endif

namespace axolemma::network {

namespace {

class OneRank final : public Ranks {
public:
    OneRank() : Ranks(0, 1) {}

    std::int64_t largest(std::int64_t mine) const override { return mine; }
    double largest(double mine) const override { return mine; }
    double sum(double mine) const override { return mine; }
    std::int64_t sum(std::int64_t mine) const override { return mine; }
    void broadcast(std::span<double>, int) const override {}
    void gather(std::span<const std::byte> mine, const Take& take) const override { take(0, mine); }
    void all_gather(std::span<const double> mine, std::span<const int>, std::span<double> all) const override
    {
        std::copy(mine.begin(), mine.end(), all.begin());
    }
    void all_gather(std::span<const std::byte> mine, std::span<const int>, std::span<std::byte> all) const override
    {
        std::copy(mine.begin(), mine.end(), all.begin());
    }
    void gather(std::span<const double> mine, std::span<const int>, std::span<double> all) const override
    {
        std::copy(mine.begin(), mine.end(), all.begin());
    }
    void begin_all_gather(std::span<const std::byte> mine, std::span<std::byte> all) override
    {
        std::copy(mine.begin(), mine.end(), all.begin());
    }
    void finish_all_gather() override {}
    [[noreturn]] void abort(int exit_code) const override { std::_Exit(exit_code); }
};

/// A number from the environment, or 0.
int number_from(const char* name)
{
    const char* text = std::getenv(name);
    return text == nullptr ? 0 : std::atoi(text);
}

/// Number of processes that a launcher which can connect them started, as far as its environment tells; 0: none did.
int launched_processes()
{
    return std::max({number_from("OMPI_COMM_WORLD_SIZE"), number_from("PMI_SIZE"), number_from("MPI_LOCALNRANKS"),
                     std::getenv("PMIX_RANK") != nullptr ? std::max(1, number_from("SLURM_STEP_NUM_TASKS")) : 0});
}

[[noreturn]] void refuse_copies(int n, const char* why, const char* hint)
{
    throw base::InputError({}, fmt::format("{} copies of axolemma were started, {}", n, why), hint);
}

}  // namespace

RankFailed::RankFailed(int rank, bool on_all, bool input_wrong, std::string text)
    : rank_(rank), on_all_(on_all), input_wrong_(input_wrong), text_(std::move(text))
{}

void together(const Ranks& ranks, const std::function<void()>& action)
{
    if (ranks.size() == 1) {
        action();
        return;
    }
    enum Failure : std::int64_t { none, engine, input };
    std::int64_t failure = none;
    std::string text;
    try {
        action();
    } catch (const base::InputError& error) {
        failure = input;
        text = error.diagnostics().text();
    } catch (const std::bad_alloc&) {
        failure = engine;
        text = "error: not enough memory\n";
    } catch (const std::exception& error) {
        failure = engine;
        text = fmt::format("error: {}\n", error.what());
    }
    const std::int64_t n_failed = ranks.sum(std::int64_t{failure != none ? 1 : 0});
    if (n_failed == 0) {
        return;
    }
    const std::int64_t first = ranks.smallest(failure != none ? ranks.rank() : ranks.size());
    const bool input_wrong = ranks.largest(failure) == input;
    throw RankFailed(static_cast<int>(first), n_failed == ranks.size(), input_wrong,
                     first == ranks.rank() ? text : std::string{});
}

Ranks& Ranks::alone()
{
    static OneRank one;
    return one;
}

#ifdef AXOLEMMA_WITH_MPI

bool built_with_mpi()
{
    return true;
}

std::string mpi_library()
{
    std::array<char, MPI_MAX_LIBRARY_VERSION_STRING> text{};
    int length = 0;
    MPI_Get_library_version(text.data(), &length);
    const std::string all(text.data(), static_cast<std::size_t>(length));
    return all.substr(0, all.find_first_of(",\n"));
}

namespace {

class MpiRanks final : public Ranks {
public:
    MpiRanks(int rank, int size) : Ranks(rank, size)
    {
        MPI_Comm machine = MPI_COMM_NULL;
        MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, rank, MPI_INFO_NULL, &machine);
        MPI_Comm_size(machine, &n_on_machine_);
        MPI_Comm_free(&machine);
    }

    std::int64_t largest(std::int64_t mine) const override
    {
        std::int64_t result = 0;
        MPI_Allreduce(&mine, &result, 1, MPI_INT64_T, MPI_MAX, MPI_COMM_WORLD);
        return result;
    }
    double largest(double mine) const override
    {
        double result = 0;
        MPI_Allreduce(&mine, &result, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
        return result;
    }
    double sum(double mine) const override
    {
        double result = 0;
        MPI_Allreduce(&mine, &result, 1, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
        return result;
    }
    std::int64_t sum(std::int64_t mine) const override
    {
        std::int64_t result = 0;
        MPI_Allreduce(&mine, &result, 1, MPI_INT64_T, MPI_SUM, MPI_COMM_WORLD);
        return result;
    }
    void broadcast(std::span<double> numbers, int root) const override
    {
        MPI_Bcast(numbers.data(), static_cast<int>(numbers.size()), MPI_DOUBLE, root, MPI_COMM_WORLD);
    }
    void gather(std::span<const std::byte> mine, const Take& take) const override
    {
        const std::uint64_t length = mine.size();
        std::vector<std::uint64_t> lengths(is_root() ? base::index(size()) : 0);
        MPI_Gather(&length, 1, MPI_UINT64_T, lengths.data(), 1, MPI_UINT64_T, 0, MPI_COMM_WORLD);
        if (!is_root()) {
            send(mine, 0);
            return;
        }
        take(0, mine);
        std::vector<std::byte> bytes;
        for (int from = 1; from < size(); ++from) {
            bytes.resize(lengths[base::index(from)]);
            receive(bytes, from);
            take(from, bytes);
        }
    }
    void all_gather(std::span<const double> mine, std::span<const int> counts, std::span<double> all) const override
    {
        const auto starts = starts_of(counts);
        MPI_Allgatherv(mine.data(), static_cast<int>(mine.size()), MPI_DOUBLE, all.data(), counts.data(), starts.data(),
                       MPI_DOUBLE, MPI_COMM_WORLD);
    }
    void all_gather(std::span<const std::byte> mine, std::span<const int> counts,
                    std::span<std::byte> all) const override
    {
        const auto starts = starts_of(counts);
        MPI_Allgatherv(mine.data(), static_cast<int>(mine.size()), MPI_BYTE, all.data(), counts.data(), starts.data(),
                       MPI_BYTE, MPI_COMM_WORLD);
    }
    void gather(std::span<const double> mine, std::span<const int> counts, std::span<double> all) const override
    {
        const auto starts = starts_of(counts);
        MPI_Gatherv(mine.data(), static_cast<int>(mine.size()), MPI_DOUBLE, all.data(), counts.data(), starts.data(),
                    MPI_DOUBLE, 0, MPI_COMM_WORLD);
    }
    void begin_all_gather(std::span<const std::byte> mine, std::span<std::byte> all) override
    {
        const int n = static_cast<int>(mine.size());
        MPI_Iallgather(mine.data(), n, MPI_BYTE, all.data(), n, MPI_BYTE, MPI_COMM_WORLD, &request_);
    }
    void finish_all_gather() override { MPI_Wait(&request_, MPI_STATUS_IGNORE); }
    [[noreturn]] void abort(int exit_code) const override
    {
        MPI_Abort(MPI_COMM_WORLD, exit_code);
        std::_Exit(exit_code);
    }

    int n_on_machine() const override { return n_on_machine_; }

private:
    void send(std::span<const std::byte> bytes, int to) const
    {
        for (std::size_t at = 0; at < bytes.size(); at += message_bytes) {
            const auto part = bytes.subspan(at, std::min(message_bytes, bytes.size() - at));
            MPI_Send(part.data(), static_cast<int>(part.size()), MPI_BYTE, to, 0, MPI_COMM_WORLD);
        }
    }
    void receive(std::span<std::byte> bytes, int from) const
    {
        for (std::size_t at = 0; at < bytes.size(); at += message_bytes) {
            const auto part = bytes.subspan(at, std::min(message_bytes, bytes.size() - at));
            MPI_Recv(part.data(), static_cast<int>(part.size()), MPI_BYTE, from, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        }
    }
    static constexpr std::size_t message_bytes = std::size_t{1} << 28;  ///< counts of MPI have 31 bits

    static std::vector<int> starts_of(std::span<const int> counts)
    {
        std::vector<int> starts;
        int start = 0;
        for (const int count : counts) {
            starts.push_back(start);
            start += count;
        }
        return starts;
    }

    int n_on_machine_ = 1;
    MPI_Request request_ = MPI_REQUEST_NULL;
};

std::unique_ptr<MpiRanks> world;

}  // namespace

RankSession::RankSession(int& argc, char**& argv) : ranks_(&Ranks::alone())
{
    const int in_step = number_from("SLURM_STEP_NUM_TASKS");
    if (launched_processes() == 0) {
        if (in_step > 1) {
            refuse_copies(in_step, "but srun did not connect them", "start them with srun --mpi=pmix, or with mpirun");
        }
        return;
    }
    int provided = 0;
    MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided);
    started_ = true;
    int rank = 0;
    int size = 1;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    if (size == 1 && launched_processes() > 1) {
        refuse_copies(launched_processes(), "but by the launcher of another MPI than it was built with",
                      "use the mpirun that belongs to the MPI library shown by axolemma --version");
    }
    if (size > 1) {
        world = std::make_unique<MpiRanks>(rank, size);
        ranks_ = world.get();
    }
}

RankSession::~RankSession()
{
    if (started_) {
        MPI_Finalize();
    }
}

#else

bool built_with_mpi()
{
    return false;
}

std::string mpi_library()
{
    return "none";
}

RankSession::RankSession(int& /*argc*/, char**& /*argv*/) : ranks_(&Ranks::alone())
{
    const int n = std::max(launched_processes(), number_from("SLURM_STEP_NUM_TASKS"));
    if (n > 1) {
        refuse_copies(n, "but it was built without MPI",
                      "install an MPI library (Debian: libopenmpi-dev) and build again, or start one copy");
    }
}

RankSession::~RankSession() = default;

#endif

}  // namespace axolemma::network
