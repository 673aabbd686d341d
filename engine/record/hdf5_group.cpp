#include <limits>

#include "record/hdf5_internal.hpp"

namespace axolemma::record::hdf5 {
namespace {

std::string joined(const std::string& parent, const std::string& name)
{
    return parent == "/" ? parent + name : parent + "/" + name;
}

}  // namespace

bool Group::has(const std::string& name) const
{
    return H5Lexists(id(), name.c_str(), H5P_DEFAULT) > 0;
}

std::vector<std::string> Group::names() const
{
    std::vector<std::string> names;
    hsize_t next = 0;
    const auto add = [](hid_t, const char* name, const H5L_info_t*, void* out) -> herr_t {
        static_cast<std::vector<std::string>*>(out)->emplace_back(name);
        return 0;
    };
    if (H5Literate(id(), H5_INDEX_NAME, H5_ITER_INC, &next, add, &names) < 0) fail(path_);
    return names;
}

bool Group::is_group(const std::string& name) const
{
    const Scoped found(H5Oopen(id(), name.c_str(), H5P_DEFAULT), H5Oclose);
    if (found < 0) fail(joined(path_, name));
    return H5Iget_type(found) == H5I_GROUP;
}

Group Group::group(const std::string& name) const
{
    const std::string path = joined(path_, name);
    auto found = std::make_shared<Identifier>(H5Gopen2(id(), name.c_str(), H5P_DEFAULT), H5Gclose, id_);
    if (found->id < 0) fail(path);
    return {std::move(found), file_, path};
}

Dataset Group::dataset(const std::string& name) const
{
    const std::string path = joined(path_, name);
    auto found = std::make_shared<Identifier>(H5Dopen2(id(), name.c_str(), H5P_DEFAULT), H5Dclose, id_);
    if (found->id < 0) fail(path);
    return {std::move(found), file_, path};
}

Group Group::create_group(const std::string& name)
{
    const std::string path = joined(path_, name);
    auto made = std::make_shared<Identifier>(H5Gcreate2(id(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
                                             H5Gclose, id_);
    if (made->id < 0) fail(path);
    return {std::move(made), file_, path};
}

Dataset Group::create_raw(const std::string& name, NumberType type, const Shape& shape, const void* values)
{
    const std::string path = joined(path_, name);
    const Scoped space = space_of(shape);
    auto made = std::make_shared<Identifier>(
        H5Dcreate2(id(), name.c_str(), stored_type(type), space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), H5Dclose, id_);
    if (made->id < 0) fail(path);
    if (H5Sget_simple_extent_npoints(space) > 0 &&
        H5Dwrite(made->id, memory_type(type), H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0) {
        fail(path);
    }
    return {std::move(made), file_, path};
}

Dataset Group::create_text(const std::string& name, std::span<const std::string> values)
{
    const std::string path = joined(path_, name);
    const Scoped type(make_text_type(), H5Tclose);
    const Scoped space = space_of({values.size()});
    auto made = std::make_shared<Identifier>(
        H5Dcreate2(id(), name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), H5Dclose, id_);
    if (made->id < 0) fail(path);
    std::vector<const char*> raw;
    raw.reserve(values.size());
    for (const std::string& value : values) raw.push_back(value.c_str());
    if (!raw.empty() && H5Dwrite(made->id, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, raw.data()) < 0) fail(path);
    return {std::move(made), file_, path};
}

Dataset Group::create_extendible(const std::string& name, NumberType type, const Shape& chunk, std::uint64_t columns,
                                 bool compress)
{
    const std::string path = joined(path_, name);
    Shape now{0}, most{H5S_UNLIMITED};
    if (chunk.size() == 2) {
        now.push_back(columns);
        most.push_back(columns);
    }
    const Scoped space(H5Screate_simple(static_cast<int>(now.size()), dims(now), dims(most)), H5Sclose);
    const Scoped layout(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
    H5Pset_chunk(layout, static_cast<int>(chunk.size()), dims(chunk));
    if (compress) {
        H5Pset_shuffle(layout);
        H5Pset_deflate(layout, 1);
    }
    if (type == NumberType::f32 ||
        type == NumberType::f64) {  // a sample that was never written must not look like 0 mV
        const double none = std::numeric_limits<double>::quiet_NaN();
        H5Pset_fill_value(layout, H5T_NATIVE_DOUBLE, &none);
    }
    auto made = std::make_shared<Identifier>(
        H5Dcreate2(id(), name.c_str(), stored_type(type), space, H5P_DEFAULT, layout, H5P_DEFAULT), H5Dclose, id_);
    if (made->id < 0) fail(path);
    return {std::move(made), file_, path};
}

void Group::hard_link(const std::string& existing, const std::string& name)
{
    if (H5Lcreate_hard(id(), existing.c_str(), id(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT) < 0) {
        fail(joined(path_, name));
    }
}

void Group::remove(const std::string& name)
{
    if (H5Ldelete(id(), name.c_str(), H5P_DEFAULT) < 0) fail(joined(path_, name));
}

void Group::replace(const std::string& name, const std::string& replacement)
{
    remove(name);
    if (H5Lmove(id(), replacement.c_str(), id(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT) < 0) {
        fail(joined(path_, name));
    }
}

}  // namespace axolemma::record::hdf5
