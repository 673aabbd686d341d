#include "record/hdf5_driver.hpp"

#include <fcntl.h>
#include <hdf5.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bitset>
#include <cerrno>
#include <cstring>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#if H5_VERSION_GE(1, 14, 0)
#include <H5FDdevelop.h>
#endif

namespace axolemma::record::hdf5 {
namespace {

constexpr haddr_t page_bytes = 4096;
using PageBytes = std::array<unsigned char, page_bytes>;

/// Changes to a page that wait for the commit.
struct HeldPage {
    PageBytes bytes{};
    std::bitset<page_bytes> dirty;
};
using HeldPages = std::map<haddr_t, HeldPage>;

/// One open file. `pub` comes first because HDF5 hands us pointers to it.
struct OrderedFile {
    H5FD_t pub{};
    int fd = -1;
    int error = 0;         // errno of the first write that failed; nothing is written after it
    bool touched = false;  // something was written since it was opened
    haddr_t eoa = 0;
    haddr_t eof = 0;
    haddr_t size_on_disk = 0;
    haddr_t committed_size = 0;
    std::vector<bool> committed;  // pages that hold bytes of the last commit
    std::vector<haddr_t> fresh;   // pages first written since then
    HeldPages held_data;          // samples, spikes, tables
    HeldPages held_structure;     // everything HDF5 needs to find them
};

OrderedFile& ordered(H5FD_t* file)
{
    return *reinterpret_cast<OrderedFile*>(file);
}
const OrderedFile& ordered(const H5FD_t* file)
{
    return *reinterpret_cast<const OrderedFile*>(file);
}

/// Puts errno on HDF5's error stack in the words of its own drivers; the message is read back in hdf5_file.cpp.
herr_t report(const char* function, int error)
{
    H5Epush2(H5E_DEFAULT, __FILE__, function, __LINE__, H5E_ERR_CLS, H5E_IO, H5E_WRITEERROR,
             "file write failed: errno = %d, error message = '%s'", error, std::strerror(error));
    return -1;
}

bool write_all(int fd, const unsigned char* bytes, std::size_t n, haddr_t address)
{
    while (n > 0) {
        const ssize_t done = pwrite(fd, bytes, n, static_cast<off_t>(address));
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) {
            if (done == 0) errno = ENOSPC;
            return false;
        }
        bytes += done;
        n -= static_cast<std::size_t>(done);
        address += static_cast<haddr_t>(done);
    }
    return true;
}

/// Reads what is on disk; bytes behind its end are 0.
bool read_all(int fd, unsigned char* bytes, std::size_t n, haddr_t address)
{
    while (n > 0) {
        const ssize_t done = pread(fd, bytes, n, static_cast<off_t>(address));
        if (done < 0 && errno == EINTR) continue;
        if (done < 0) return false;
        if (done == 0) {
            std::memset(bytes, 0, n);
            return true;
        }
        bytes += done;
        n -= static_cast<std::size_t>(done);
        address += static_cast<haddr_t>(done);
    }
    return true;
}

bool is_committed(const OrderedFile& file, haddr_t page)
{
    // The superblock is never written before the first commit: until then the file must not look like HDF5.
    return page == 0 || (page < file.committed.size() && file.committed[page]);
}

/// Calls visit(page, offset in the page, offset in the range, length) for every page the range touches.
template <class Visit>
void for_each_page(haddr_t address, std::size_t n, Visit visit)
{
    for (std::size_t done = 0; done < n;) {
        const haddr_t page = (address + done) / page_bytes;
        const std::size_t offset = (address + done) % page_bytes;
        const std::size_t length = std::min<std::size_t>(n - done, page_bytes - offset);
        visit(page, offset, done, length);
        done += length;
    }
}

void hold(OrderedFile& file, bool is_data, haddr_t page, std::size_t offset, const unsigned char* bytes, std::size_t n)
{
    HeldPages& mine = is_data ? file.held_data : file.held_structure;
    HeldPages& other = is_data ? file.held_structure : file.held_data;
    HeldPage& held = mine[page];
    std::memcpy(held.bytes.data() + offset, bytes, n);
    if (n == page_bytes) {  // most samples: no need to look at single bytes
        held.dirty.set();
        other.erase(page);
        return;
    }
    for (std::size_t k = offset; k < offset + n; ++k) held.dirty.set(k);
    if (const auto stale = other.find(page); stale != other.end()) {
        for (std::size_t k = offset; k < offset + n; ++k) stale->second.dirty.reset(k);
    }
}

void write_range(OrderedFile& file, bool is_data, haddr_t address, std::size_t n, const unsigned char* bytes)
{
    // Neighbouring fresh pages go to disk in one call.
    std::size_t run_start = 0, run_length = 0;
    const auto write_run = [&] {
        if (run_length > 0 && file.error == 0) {
            if (!write_all(file.fd, bytes + run_start, run_length, address + run_start)) file.error = errno;
            file.size_on_disk = std::max(file.size_on_disk, address + run_start + run_length);
        }
        run_length = 0;
    };
    for_each_page(address, n, [&](haddr_t page, std::size_t offset, std::size_t at, std::size_t length) {
        if (file.error != 0 || is_committed(file, page)) {
            write_run();
            hold(file, is_data, page, offset, bytes + at, length);
            return;
        }
        if (run_length == 0) run_start = at;
        run_length += length;
        if (file.fresh.empty() || file.fresh.back() != page) file.fresh.push_back(page);
    });
    write_run();
    if (file.error != 0) {  // keep the bytes so that the library still reads back what it wrote while it closes
        for_each_page(address, n, [&](haddr_t page, std::size_t offset, std::size_t at, std::size_t length) {
            hold(file, is_data, page, offset, bytes + at, length);
        });
    }
    file.touched = true;
    file.eof = std::max(file.eof, address + n);
}

void overlay(const HeldPages& held, haddr_t page, std::size_t offset, unsigned char* bytes, std::size_t n)
{
    const auto found = held.find(page);
    if (found == held.end()) return;
    if (found->second.dirty.all()) {
        std::memcpy(bytes, found->second.bytes.data() + offset, n);
        return;
    }
    for (std::size_t k = 0; k < n; ++k) {
        if (found->second.dirty[offset + k]) bytes[k] = found->second.bytes[offset + k];
    }
}

bool write_data(const OrderedFile& file)
{
    for (const auto& [page, held] : file.held_data) {
        if (held.dirty.all() && (page + 1) * page_bytes <= file.eoa) {
            if (!write_all(file.fd, held.bytes.data(), page_bytes, page * page_bytes)) return false;
            continue;
        }
        for (std::size_t end = 0, start = 0; start < page_bytes; start = end + 1) {
            while (start < page_bytes && !held.dirty[start]) ++start;
            for (end = start; end < page_bytes && held.dirty[end];) ++end;
            const haddr_t address = page * page_bytes + start;
            if (end == start || address >= file.eoa) continue;
            if (!write_all(file.fd, held.bytes.data() + start, end - start, address)) return false;
        }
    }
    return true;
}

/// Every page is written whole, in one call. The pages are made ready first so that they follow each other at once: a
/// process killed between the first and the last is the one case in which a file may need luck.
bool write_structure(const OrderedFile& file)
{
    std::vector<std::pair<haddr_t, PageBytes>> pages(file.held_structure.size());
    auto next = pages.begin();
    for (const auto& [page, held] : file.held_structure) {
        auto& [address, bytes] = *next++;
        address = page * page_bytes;
        if (!read_all(file.fd, bytes.data(), page_bytes, address)) return false;
        overlay(file.held_structure, page, 0, bytes.data(), page_bytes);
    }
    // Page 0 first, because the superblock's end of file must cover whatever the other pages refer to; the others from
    // the end down, as newer structures lie behind the older ones that refer to them.
    if (!pages.empty()) std::reverse(pages.begin() + (pages.front().first == 0 ? 1 : 0), pages.end());
    for (const auto& [address, bytes] : pages) {
        if (address >= file.eoa) continue;
        if (!write_all(file.fd, bytes.data(), std::min<haddr_t>(page_bytes, file.eoa - address), address)) return false;
    }
    return true;
}

/// Fresh pages are on disk already. Data comes before the structures that refer to it.
bool apply_held(OrderedFile& file)
{
    if (file.size_on_disk < file.eoa && ftruncate(file.fd, static_cast<off_t>(file.eoa)) != 0) return false;
    if (!write_data(file) || !write_structure(file)) return false;
    if (file.size_on_disk > file.eoa && ftruncate(file.fd, static_cast<off_t>(file.eoa)) != 0) return false;
    file.size_on_disk = file.eoa;
    return true;
}

/// @returns 0, or the errno for which nothing more is written
int commit(OrderedFile& file)
{
    if (file.error != 0) return file.error;
    const bool unchanged = file.held_data.empty() && file.held_structure.empty() && file.fresh.empty();
    // A file that was only looked at stays as it is, whatever HDF5 thinks of its end.
    if (unchanged && (file.committed_size == file.eoa || !file.touched)) return 0;
    if (!apply_held(file)) return file.error = errno;
    const std::size_t n_pages = (file.eoa + page_bytes - 1) / page_bytes;
    file.committed.resize(n_pages, false);
    const auto mark = [&](haddr_t page) {
        if (page < n_pages) file.committed[page] = true;
    };
    for (const haddr_t page : file.fresh) mark(page);
    for (const auto& [page, held] : file.held_data) mark(page);
    for (const auto& [page, held] : file.held_structure) mark(page);
    file.fresh.clear();
    file.held_data.clear();
    file.held_structure.clear();
    file.committed_size = file.eoa;
    return 0;
}

/// Everything that is in a file when it is opened counts as committed, also what a killed process may have left
/// behind the end that HDF5 knows.
bool take_as_committed(OrderedFile& file)
{
    struct stat facts {};
    if (fstat(file.fd, &facts) != 0) return false;
    file.size_on_disk = file.committed_size = file.eof = static_cast<haddr_t>(facts.st_size);
    file.committed.assign((file.eof + page_bytes - 1) / page_bytes, true);
    return true;
}

// ---- what HDF5 calls ----------------------------------------------------------------------------------------------

H5FD_t* on_open(const char* name, unsigned flags, hid_t, haddr_t maxaddr)
{
    if ((flags & H5F_ACC_RDWR) == 0 || maxaddr == 0) {
        report("on_open", EINVAL);  // files that are only read have no need of this driver
        return nullptr;
    }
    const bool is_new = (flags & H5F_ACC_TRUNC) != 0;
    auto file = std::make_unique<OrderedFile>();
    file->fd = open(name, O_RDWR | O_CLOEXEC | (is_new ? O_CREAT | O_TRUNC : 0), 0666);
    if (file->fd < 0) {
        report("on_open", errno);
        return nullptr;
    }
    if (!is_new && !take_as_committed(*file)) {
        report("on_open", errno);
        close(file->fd);
        return nullptr;
    }
    return &file.release()->pub;
}

herr_t on_close(H5FD_t* pub)
{
    const std::unique_ptr<OrderedFile> file(&ordered(pub));
    const bool failed_before = file->error != 0;
    const int error = commit(*file);
    // Bytes of an unfinished commit are of no use to anyone and the disk may be full.
    if (error != 0 && file->committed_size > 0 && ftruncate(file->fd, static_cast<off_t>(file->committed_size)) != 0) {
        // Nothing to be done: a longer file reads just as well.
    }
    if (close(file->fd) != 0 && error == 0) return report("on_close", errno);
    // The failure that came earlier was reported by the call it happened in; closing must go through.
    return error != 0 && !failed_before ? report("on_close", error) : 0;
}

herr_t on_query(const H5FD_t*, unsigned long* flags)
{
    *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_AGGREGATE_SMALLDATA | H5FD_FEAT_DATA_SIEVE |
             H5FD_FEAT_DEFAULT_VFD_COMPATIBLE;
    return 0;
}

haddr_t on_get_eoa(const H5FD_t* file, H5FD_mem_t)
{
    return ordered(file).eoa;
}
haddr_t on_get_eof(const H5FD_t* file, H5FD_mem_t)
{
    return ordered(file).eof;
}

herr_t on_set_eoa(H5FD_t* file, H5FD_mem_t, haddr_t address)
{
    ordered(file).eoa = address;
    return 0;
}

/// Without this HDF5 would shorten the file when the freed space is its end, and use it again.
herr_t on_free(H5FD_t*, H5FD_mem_t, hid_t, haddr_t, hsize_t)
{
    return 0;
}

herr_t on_get_handle(H5FD_t* file, hid_t, void** handle)
{
    *handle = &ordered(file).error;
    return 0;
}

herr_t on_read(H5FD_t* pub, H5FD_mem_t, hid_t, haddr_t address, std::size_t n, void* buffer)
{
    const OrderedFile& file = ordered(pub);
    auto* bytes = static_cast<unsigned char*>(buffer);
    if (!read_all(file.fd, bytes, n, address)) return report("on_read", errno);
    for_each_page(address, n, [&](haddr_t page, std::size_t offset, std::size_t at, std::size_t length) {
        overlay(file.held_data, page, offset, bytes + at, length);
        overlay(file.held_structure, page, offset, bytes + at, length);
    });
    return 0;
}

herr_t on_write(H5FD_t* pub, H5FD_mem_t kind, hid_t, haddr_t address, std::size_t n, const void* buffer)
{
    OrderedFile& file = ordered(pub);
    const bool failed_before = file.error != 0;
    write_range(file, kind == H5FD_MEM_DRAW, address, n, static_cast<const unsigned char*>(buffer));
    return file.error != 0 && !failed_before ? report("on_write", file.error) : 0;
}

herr_t on_flush(H5FD_t* pub, hid_t, hbool_t)
{
    const bool failed_before = ordered(pub).error != 0;
    const int error = commit(ordered(pub));
    return error != 0 && !failed_before ? report("on_flush", error) : 0;
}

herr_t on_truncate(H5FD_t* pub, hid_t, hbool_t)
{
    OrderedFile& file = ordered(pub);
    file.eof = file.eoa;  // the disk follows at the commit
    return 0;
}

H5FD_class_t make_class()
{
    H5FD_class_t c{};
#if H5_VERSION_GE(1, 14, 0)
    c.version = H5FD_CLASS_VERSION;
    c.value = static_cast<H5FD_class_value_t>(600);  // 512 and above are free for private drivers
#endif
    c.name = "axolemma_ordered";
    c.maxaddr = (haddr_t{1} << 62) - 1;
    c.fc_degree = H5F_CLOSE_WEAK;
    c.open = on_open;
    c.close = on_close;
    c.query = on_query;
    c.free = on_free;
    c.get_eoa = on_get_eoa;
    c.set_eoa = on_set_eoa;
    c.get_eof = on_get_eof;
    c.get_handle = on_get_handle;
    c.read = on_read;
    c.write = on_write;
    c.flush = on_flush;
    c.truncate = on_truncate;
    const H5FD_mem_t map[] = H5FD_FLMAP_DICHOTOMY;
    std::copy(std::begin(map), std::end(map), c.fl_map);
    return c;
}

}  // namespace

std::int64_t ordered_driver()
{
    static const H5FD_class_t driver = make_class();
    static hid_t id = H5I_INVALID_HID;
    if (id < 0 || H5Iis_valid(id) <= 0) id = H5FDregister(&driver);
    return id;
}

}  // namespace axolemma::record::hdf5
