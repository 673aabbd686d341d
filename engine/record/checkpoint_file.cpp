#include "record/checkpoint_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <utility>

#include "base/diagnostics.hpp"
#include "base/errno_text.hpp"
#include "base/sha256.hpp"
#include "record/durable.hpp"

namespace axolemma::record {
namespace {

using Digest = base::Sha256::Digest;

constexpr std::array<char, 8> magic{'A', 'X', 'O', 'L', 'C', 'K', 'P', 'T'};
constexpr std::uint32_t longest_name = 255;
constexpr std::size_t buffer_bytes = std::size_t{1} << 20;

/// The first bytes of the file. They enter the checksum last, because the size is known last.
struct Header {
    std::array<char, 8> magic = record::magic;
    std::uint32_t version = checkpoint_version;
    std::uint32_t reserved = 0;
    std::uint64_t file_bytes = 0;  // of the whole file, header and checksum included
};
static_assert(sizeof(Header) == 24);

std::span<const std::byte> bytes_of(const Header& header)
{
    return std::as_bytes(std::span(&header, 1));
}

}  // namespace

// ---- writing ------------------------------------------------------------------------------------------------------

struct CheckpointWriter::Impl {
    std::string path, unfinished;
    int fd = -1;
    bool has_unfinished = false;
    base::Sha256 sha256;
    std::vector<std::byte> buffer;
    std::uint64_t n_bytes = sizeof(Header);  // written or in the buffer
    std::uint64_t n_missing = 0;             // of the open part
    std::vector<std::string> names;

    [[noreturn]] void fail(int error) const
    {
        std::error_code ignored;
        const bool has_old = std::filesystem::is_regular_file(path, ignored);
        throw base::EngineError(
            fmt::format("cannot write the checkpoint '{}': {}{}", path, base::errno_text(error),
                        has_old ? "\n  hint: the checkpoint from before is kept in that file" : ""));
    }
    void write_out(std::span<const std::byte> bytes)
    {
        while (!bytes.empty()) {
            const ssize_t done = ::write(fd, bytes.data(), bytes.size());
            if (done < 0 && errno == EINTR) continue;
            if (done <= 0) fail(done == 0 ? ENOSPC : errno);
            bytes = bytes.subspan(static_cast<std::size_t>(done));
        }
    }
    void write_buffer()
    {
        write_out(buffer);
        buffer.clear();
    }
    void append(std::span<const std::byte> bytes)
    {
        sha256.add(bytes);
        n_bytes += bytes.size();
        if (buffer.size() + bytes.size() > buffer_bytes) write_buffer();
        if (bytes.size() >= buffer_bytes)
            write_out(bytes);
        else
            buffer.insert(buffer.end(), bytes.begin(), bytes.end());
    }
    template <class T>
    void append_number(T number)
    {
        append(std::as_bytes(std::span(&number, 1)));
    }
    void write_checksum()
    {
        Header header;
        header.file_bytes = n_bytes + sizeof(Digest);
        sha256.add(bytes_of(header));
        const Digest digest = sha256.digest();
        buffer.insert(buffer.end(), digest.begin(), digest.end());
        write_buffer();
        if (lseek(fd, 0, SEEK_SET) != 0) fail(errno);
        write_out(bytes_of(header));
    }
    void close_file()
    {
        const int open_fd = std::exchange(fd, -1);
        if (open_fd >= 0 && close(open_fd) != 0) fail(errno);
    }
    ~Impl()
    {
        if (fd >= 0) close(fd);
        if (has_unfinished) std::remove(unfinished.c_str());
    }
};

CheckpointWriter::CheckpointWriter(std::string path) : impl_(std::make_unique<Impl>())
{
    impl_->path = std::move(path);
    impl_->unfinished = impl_->path + ".new";
    impl_->fd = ::open(impl_->unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (impl_->fd < 0) impl_->fail(errno);
    impl_->has_unfinished = true;
    impl_->buffer.reserve(buffer_bytes);
    const Header place{};
    impl_->buffer.resize(sizeof place);
}

CheckpointWriter::~CheckpointWriter() = default;
CheckpointWriter::CheckpointWriter(CheckpointWriter&&) noexcept = default;

void CheckpointWriter::begin(std::string_view name, std::uint64_t n_bytes)
{
    assert(impl_->n_missing == 0 && "the part before must have all its bytes");
    assert(!name.empty() && name.size() <= longest_name && "a part needs a name of 1 to 255 bytes");
    assert(std::find(impl_->names.begin(), impl_->names.end(), name) == impl_->names.end() && "names differ");
    impl_->names.emplace_back(name);
    impl_->append_number(static_cast<std::uint32_t>(name.size()));
    impl_->append(std::as_bytes(std::span(name)));
    impl_->append_number(n_bytes);
    impl_->n_missing = n_bytes;
}

void CheckpointWriter::add(std::span<const std::byte> bytes)
{
    assert(bytes.size() <= impl_->n_missing && "a part must not have more bytes than were announced");
    impl_->append(bytes);
    impl_->n_missing -= bytes.size();
}

void CheckpointWriter::add_part(std::string_view name, std::span<const std::byte> bytes)
{
    begin(name, bytes.size());
    add(bytes);
}

void CheckpointWriter::commit()
{
    Impl& impl = *impl_;
    assert(impl.n_missing == 0 && "the last part must have all its bytes");
    impl.write_checksum();
    if (fsync(impl.fd) != 0) impl.fail(errno);
    impl.close_file();
    if (std::rename(impl.unfinished.c_str(), impl.path.c_str()) != 0) impl.fail(errno);
    impl.has_unfinished = false;
    if (const int error = sync_directory_of(impl.path)) impl.fail(error);
}

bool may_be_replaced_by_checkpoint(const std::string& path)
{
    std::array<char, magic.size()> beginning{};
    std::ifstream file(path, std::ios::binary);
    file.read(beginning.data(), beginning.size());
    const auto n = static_cast<std::size_t>(file.gcount());
    return std::equal(beginning.begin(), beginning.begin() + static_cast<std::ptrdiff_t>(n), magic.begin());
}

// ---- reading ------------------------------------------------------------------------------------------------------

struct CheckpointReader::Impl {
    struct Part {
        std::string name;
        std::uint64_t position = 0, n_bytes = 0;
    };
    std::string path;
    int fd = -1;
    std::uint64_t file_bytes = 0;
    std::vector<Part> parts;

    ~Impl()
    {
        if (fd >= 0) close(fd);
    }
    [[noreturn]] void fail(const std::string& message, const std::string& hint = {}) const
    {
        throw base::InputError({path, 0, 0}, message, hint);
    }
    [[noreturn]] void fail_damaged(const std::string& reason) const
    {
        fail("this checkpoint is damaged: " + reason, "copy it again, or resume from an older checkpoint");
    }
    void read_at(std::uint64_t position, std::span<std::byte> bytes) const
    {
        while (!bytes.empty()) {
            const ssize_t done = pread(fd, bytes.data(), bytes.size(), static_cast<off_t>(position));
            if (done < 0 && errno == EINTR) continue;
            if (done < 0) fail("cannot read the checkpoint: " + base::errno_text(errno));
            if (done == 0) fail_damaged("it became shorter while it was read");
            bytes = bytes.subspan(static_cast<std::size_t>(done));
            position += static_cast<std::uint64_t>(done);
        }
    }
    template <class T>
    T number_at(std::uint64_t position) const
    {
        T number{};
        read_at(position, std::as_writable_bytes(std::span(&number, 1)));
        return number;
    }
    void open_file();
    Header check_header() const;
    void check_sum(const Header& header) const;
    void find_parts();
    const Part* find(std::string_view name) const
    {
        const auto found =
            std::find_if(parts.begin(), parts.end(), [&](const Part& part) { return part.name == name; });
        return found == parts.end() ? nullptr : &*found;
    }
    const Part& require(std::string_view name) const
    {
        if (const Part* part = find(name)) return *part;
        fail(fmt::format("this checkpoint has no part '{}'", name), "it was written by another version of axolemma");
    }
};

void CheckpointReader::Impl::open_file()
{
    fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT) fail("there is no such checkpoint");
    struct stat facts {};
    if (fd < 0 || fstat(fd, &facts) != 0) fail("cannot open the checkpoint: " + base::errno_text(errno));
    if (S_ISDIR(facts.st_mode)) fail("this is a directory, not a checkpoint");
    if (!S_ISREG(facts.st_mode)) fail("this is not a regular file");
    file_bytes = static_cast<std::uint64_t>(facts.st_size);
}

Header CheckpointReader::Impl::check_header() const
{
    Header header{{}, 0, 0, 0};
    const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(file_bytes, sizeof header));
    read_at(0, std::as_writable_bytes(std::span(&header, 1)).first(n));
    if (header.magic != magic) fail("this is not a checkpoint of axolemma");
    if (n < sizeof header) {
        fail_damaged(fmt::format("it ends within its first {} bytes", sizeof header));
    }
    if (header.version != checkpoint_version) {
        const bool newer = header.version > checkpoint_version;
        fail(fmt::format("this checkpoint has format version {}, {} than the version {} that this axolemma reads",
                         header.version, newer ? "newer" : "older", checkpoint_version),
             newer ? "use a newer axolemma" : "resume it with the axolemma that wrote it, or run from the start");
    }
    if (header.file_bytes > file_bytes) {
        fail_damaged(fmt::format("{} of its {} bytes are missing", header.file_bytes - file_bytes, header.file_bytes));
    }
    if (header.file_bytes < file_bytes) {
        fail_damaged(fmt::format("it has {} bytes where {} are expected", file_bytes, header.file_bytes));
    }
    if (file_bytes < sizeof header + sizeof(Digest)) fail_damaged("it has no checksum");
    return header;
}

void CheckpointReader::Impl::check_sum(const Header& header) const
{
    base::Sha256 sha256;
    std::vector<std::byte> buffer(static_cast<std::size_t>(std::min<std::uint64_t>(file_bytes, buffer_bytes)));
    const std::uint64_t end = file_bytes - sizeof(Digest);
    for (std::uint64_t at = sizeof header; at < end;) {
        const auto piece =
            std::span(buffer).first(static_cast<std::size_t>(std::min<std::uint64_t>(end - at, buffer.size())));
        read_at(at, piece);
        sha256.add(piece);
        at += piece.size();
    }
    sha256.add(bytes_of(header));
    if (sha256.digest() != number_at<Digest>(end)) fail_damaged("its checksum does not fit its contents");
}

void CheckpointReader::Impl::find_parts()
{
    const std::uint64_t end = file_bytes - sizeof(Digest);
    std::uint64_t at = sizeof(Header);
    const auto require_bytes = [&](std::uint64_t n) {
        if (n > end - at) fail_damaged("a part is longer than the file");
    };
    while (at < end) {
        require_bytes(sizeof(std::uint32_t));
        const auto name_bytes = number_at<std::uint32_t>(at);
        at += sizeof name_bytes;
        if (name_bytes == 0 || name_bytes > longest_name) fail_damaged("a part has no proper name");
        require_bytes(name_bytes + sizeof(std::uint64_t));
        Part part;
        part.name.resize(name_bytes);
        read_at(at, std::as_writable_bytes(std::span(part.name)));
        part.n_bytes = number_at<std::uint64_t>(at + name_bytes);
        at += name_bytes + sizeof part.n_bytes;
        require_bytes(part.n_bytes);
        part.position = at;
        at += part.n_bytes;
        if (find(part.name)) fail_damaged(fmt::format("part '{}' is there twice", part.name));
        parts.push_back(std::move(part));
    }
}

CheckpointReader::CheckpointReader(std::string path) : impl_(std::make_unique<Impl>())
{
    impl_->path = std::move(path);
    impl_->open_file();
    impl_->check_sum(impl_->check_header());
    impl_->find_parts();
}

CheckpointReader::~CheckpointReader() = default;
CheckpointReader::CheckpointReader(CheckpointReader&&) noexcept = default;

const std::string& CheckpointReader::path() const
{
    return impl_->path;
}

std::vector<std::string> CheckpointReader::names() const
{
    std::vector<std::string> names;
    for (const Impl::Part& part : impl_->parts) names.push_back(part.name);
    return names;
}

bool CheckpointReader::has(std::string_view name) const
{
    return impl_->find(name) != nullptr;
}

std::vector<std::byte> CheckpointReader::read(std::string_view name) const
{
    const Impl::Part& part = impl_->require(name);
    std::vector<std::byte> bytes(static_cast<std::size_t>(part.n_bytes));
    impl_->read_at(part.position, bytes);
    return bytes;
}

CheckpointPart CheckpointReader::open(std::string_view name) const
{
    const Impl::Part& part = impl_->require(name);
    CheckpointPart opened;
    opened.owner_ = impl_.get();
    opened.name_ = part.name;
    opened.position_ = part.position;
    opened.n_left_ = part.n_bytes;
    return opened;
}

void CheckpointPart::skip(std::uint64_t n_bytes)
{
    if (n_bytes > n_left_) {
        owner_->fail_damaged(
            fmt::format("part '{}' has {} bytes left where {} are to be left out", name_, n_left_, n_bytes));
    }
    position_ += n_bytes;
    n_left_ -= n_bytes;
}

void CheckpointPart::take(std::span<std::byte> bytes)
{
    if (bytes.size() > n_left_) {
        owner_->fail_damaged(
            fmt::format("part '{}' has {} bytes left where {} are expected", name_, n_left_, bytes.size()));
    }
    owner_->read_at(position_, bytes);
    position_ += bytes.size();
    n_left_ -= bytes.size();
}

}  // namespace axolemma::record
