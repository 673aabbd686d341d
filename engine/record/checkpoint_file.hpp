/// The file a checkpoint is kept in: named parts, a version and a checksum (docs/checkpoint_format.md). What the parts
/// mean is the business of those who write and read them.
///
/// A new checkpoint takes the place of an older one in one step: a process killed at any moment, or a full disk, leaves
/// either the old one or the new one, whole.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace axolemma::record {

/// Version of docs/checkpoint_format.md this code writes and reads.
inline constexpr std::uint32_t checkpoint_version = 1;

/// Writes `path` + ".new" and renames it. Throws base::EngineError when the disk refuses; the checkpoint that was there
/// before is then kept.
class CheckpointWriter {
public:
    explicit CheckpointWriter(std::string path);
    /// Without commit() the file at `path` stays as it was and the unfinished one is removed.
    ~CheckpointWriter();
    CheckpointWriter(CheckpointWriter&&) noexcept;
    CheckpointWriter& operator=(CheckpointWriter&&) = delete;

    /// Begins a part; exactly `n_bytes` bytes must follow through add().
    /// @param name  1 to 255 bytes, different from those of the other parts
    void begin(std::string_view name, std::uint64_t n_bytes);
    /// The next bytes of the part, in as many pieces as is convenient; they are not kept in memory.
    void add(std::span<const std::byte> bytes);
    /// A whole part at once.
    void add_part(std::string_view name, std::span<const std::byte> bytes);
    /// Makes the checkpoint safe against power loss and puts it in the place of the old one. Nothing may follow.
    void commit();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// False when there is a file of that name which was never a checkpoint; an empty one may have been.
bool may_be_replaced_by_checkpoint(const std::string& path);

class CheckpointPart;

/// Checks the whole file, checksum included, before anything of it can be used. Every function throws
/// base::InputError when the file cannot be used, with the reason and what to do.
class CheckpointReader {
public:
    explicit CheckpointReader(std::string path);
    ~CheckpointReader();
    CheckpointReader(CheckpointReader&&) noexcept;
    CheckpointReader& operator=(CheckpointReader&&) = delete;

    const std::string& path() const;
    /// Names of the parts in the order in which they were written.
    std::vector<std::string> names() const;
    bool has(std::string_view name) const;
    /// A whole part.
    std::vector<std::byte> read(std::string_view name) const;
    /// A part that is taken piece by piece, for those too large to be held twice.
    CheckpointPart open(std::string_view name) const;

private:
    friend class CheckpointPart;
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// Bytes of one part, in order. Must not outlive its CheckpointReader.
class CheckpointPart {
public:
    /// Fills `bytes`. Throws base::InputError when fewer are left.
    void take(std::span<std::byte> bytes);
    /// Leaves bytes out.
    void skip(std::uint64_t n_bytes);
    std::uint64_t n_left() const { return n_left_; }

private:
    friend class CheckpointReader;
    const CheckpointReader::Impl* owner_ = nullptr;
    std::string name_;
    std::uint64_t position_ = 0, n_left_ = 0;
};

}  // namespace axolemma::record
