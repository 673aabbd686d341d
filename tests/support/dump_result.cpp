/// dump_result FILE.h5: prints one line for every dataset and attribute of a result file, with a digest of its contents, so
/// that two files can be compared to the last bit. Left out is what says how a file came about and not what came out:
/// attributes of /provenance, and the run's name.
#include <hdf5.h>

#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.hpp"

namespace {

using axolemma::base::Hash64;

struct Handle {
    hid_t id;
    herr_t (*close)(hid_t);
    Handle(hid_t handle, herr_t (*close_it)(hid_t)) : id(handle), close(close_it) {}
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle() { close(id); }
};

std::string shape_of(hid_t space)
{
    std::vector<hsize_t> extent(static_cast<std::size_t>(H5Sget_simple_extent_ndims(space)));
    H5Sget_simple_extent_dims(space, extent.data(), nullptr);
    std::string text = "[";
    for (const hsize_t n : extent) {
        text += " " + std::to_string(n);
    }
    return text + " ]";
}

/// Digest of the values, as they are in memory on this machine.
template <class Read>
std::uint64_t digest(hid_t type, hid_t space, Read read)
{
    const auto n = static_cast<std::size_t>(H5Sget_simple_extent_npoints(space));
    Hash64 hash;
    if (H5Tis_variable_str(type) > 0) {
        const Handle memory(H5Tcopy(H5T_C_S1), H5Tclose);
        H5Tset_size(memory.id, H5T_VARIABLE);
        H5Tset_cset(memory.id, H5Tget_cset(type));
        std::vector<char*> texts(n, nullptr);
        read(memory.id, texts.data());
        for (const char* text : texts) {
            const std::string_view view = text == nullptr ? std::string_view{} : std::string_view(text);
            hash.add(static_cast<std::uint64_t>(view.size()));
            for (const char c : view) {
                hash.add(static_cast<std::uint64_t>(static_cast<unsigned char>(c)));
            }
        }
        H5Dvlen_reclaim(memory.id, space, H5P_DEFAULT, texts.data());
        return hash.value();
    }
    std::vector<unsigned char> bytes(n * H5Tget_size(type));
    read(type, bytes.data());
    for (const unsigned char byte : bytes) {
        hash.add(static_cast<std::uint64_t>(byte));
    }
    return hash.value();
}

void print_line(const std::string& name, hid_t type, hid_t space, std::uint64_t value)
{
    std::printf("%s type %d:%zu %s %016llx\n", name.c_str(), static_cast<int>(H5Tget_class(type)), H5Tget_size(type),
                shape_of(space).c_str(), static_cast<unsigned long long>(value));
}

herr_t print_attribute(hid_t object, const char* name, const H5A_info_t* /*info*/, void* data)
{
    const std::string& path = *static_cast<const std::string*>(data);
    if (path == "provenance" || std::strcmp(name, "run_id") == 0) {
        return 0;
    }
    const Handle attribute(H5Aopen(object, name, H5P_DEFAULT), H5Aclose);
    const Handle type(H5Aget_type(attribute.id), H5Tclose);
    const Handle space(H5Aget_space(attribute.id), H5Sclose);
    const auto read = [&](hid_t memory, void* to) { H5Aread(attribute.id, memory, to); };
    print_line(path + "@" + name, type.id, space.id, digest(type.id, space.id, read));
    return 0;
}

herr_t print_object(hid_t file, const char* name, const H5O_info_t* info, void* /*data*/)
{
    std::string path = name;
    const Handle object(H5Oopen(file, name, H5P_DEFAULT), H5Oclose);
    H5Aiterate2(object.id, H5_INDEX_NAME, H5_ITER_INC, nullptr, print_attribute, &path);
    if (info->type == H5O_TYPE_DATASET) {
        const Handle type(H5Dget_type(object.id), H5Tclose);
        const Handle space(H5Dget_space(object.id), H5Sclose);
        const auto read = [&](hid_t memory, void* to) {
            if (H5Dread(object.id, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, to) < 0) {
                std::printf("%s cannot be read\n", path.c_str());
            }
        };
        print_line(path, type.id, space.id, digest(type.id, space.id, read));
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv)
{
    if (argc != 2) {
        std::fprintf(stderr, "usage: dump_result FILE.h5\n");
        return 2;
    }
    const hid_t file = H5Fopen(argv[1], H5F_ACC_RDONLY, H5P_DEFAULT);
    if (file < 0) {
        return 1;
    }
    const Handle closed_at_the_end(file, H5Fclose);
#if H5_VERSION_GE(1, 12, 0)
    return H5Ovisit3(file, H5_INDEX_NAME, H5_ITER_INC, print_object, nullptr, H5O_INFO_BASIC) < 0 ? 1 : 0;
#else
    return H5Ovisit(file, H5_INDEX_NAME, H5_ITER_INC, print_object, nullptr) < 0 ? 1 : 0;
#endif
}
