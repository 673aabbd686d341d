/// Attributes.
#include <fmt/format.h>

#include "record/hdf5_internal.hpp"

namespace axolemma::record::hdf5 {

Object::Object(std::shared_ptr<Identifier> id, std::shared_ptr<const FileInfo> file, std::string path)
    : id_(std::move(id)), file_(std::move(file)), path_(std::move(path))
{}

std::int64_t Object::id() const
{
    return id_->id;
}

void Object::fail(const std::string& what) const
{
    throw_failure(*file_, what, last_reason().text());
}

const std::string& Object::file_name() const
{
    return file_->path;
}

bool Object::has_attribute(const std::string& name) const
{
    return H5Aexists(id(), name.c_str()) > 0;
}

std::vector<std::string> Object::attribute_names() const
{
    std::vector<std::string> names;
    hsize_t next = 0;
    const auto add = [](hid_t, const char* name, const H5A_info_t*, void* out) -> herr_t {
        static_cast<std::vector<std::string>*>(out)->emplace_back(name);
        return 0;
    };
    if (H5Aiterate2(id(), H5_INDEX_NAME, H5_ITER_INC, &next, add, &names) < 0) fail("the attributes of " + path_);
    return names;
}

void Object::set_text(const std::string& name, std::string_view value)
{
    const std::string what = fmt::format("attribute '{}' of {}", name, path_);
    if (has_attribute(name) && H5Adelete(id(), name.c_str()) < 0) fail(what);
    const Scoped type(make_text_type(), H5Tclose);
    const Scoped space(H5Screate(H5S_SCALAR), H5Sclose);
    const Scoped attribute(H5Acreate2(id(), name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
    const std::string copy(value.substr(0, value.find('\0')));
    const char* text = copy.c_str();
    if (attribute < 0 || H5Awrite(attribute, type, &text) < 0) fail(what);
}

void Object::set_numbers_raw(const std::string& name, NumberType type, const Shape* shape, const void* values)
{
    const std::string what = fmt::format("attribute '{}' of {}", name, path_);
    if (!shape && has_attribute(name)) {  // in place when it fits: the rounding error changes with every block
        const Scoped attribute(H5Aopen(id(), name.c_str(), H5P_DEFAULT), H5Aclose);
        if (attribute < 0) fail(what);
        const Scoped stored(H5Aget_type(attribute), H5Tclose);
        if (H5Tequal(stored, stored_type(type)) > 0) {
            if (H5Awrite(attribute, memory_type(type), values) < 0) fail(what);
            return;
        }
    }
    if (has_attribute(name) && H5Adelete(id(), name.c_str()) < 0) fail(what);
    const Scoped space = shape ? space_of(*shape) : Scoped(H5Screate(H5S_SCALAR), H5Sclose);
    const Scoped attribute(H5Acreate2(id(), name.c_str(), stored_type(type), space, H5P_DEFAULT, H5P_DEFAULT),
                           H5Aclose);
    if (attribute < 0 || H5Awrite(attribute, memory_type(type), values) < 0) fail(what);
}

std::string Object::text(const std::string& name) const
{
    const std::string what = fmt::format("attribute '{}' of {}", name, path_);
    const Scoped attribute(H5Aopen(id(), name.c_str(), H5P_DEFAULT), H5Aclose);
    if (attribute < 0) fail(what);
    const Scoped stored(H5Aget_type(attribute), H5Tclose);
    const Scoped space(H5Aget_space(attribute), H5Sclose);
    if (H5Tget_class(stored) != H5T_STRING || H5Sget_simple_extent_npoints(space) != 1) {
        throw_failure(*file_, what, "it is not a text");
    }
    // In the type it is stored in: the library does not convert between ASCII and UTF-8 or fixed and variable length.
    if (H5Tis_variable_str(stored) <= 0) {
        std::string text(H5Tget_size(stored), '\0');
        if (H5Aread(attribute, stored, text.data()) < 0) fail(what);
        return text.substr(0, text.find('\0'));
    }
    char* value = nullptr;
    if (H5Aread(attribute, stored, &value) < 0) fail(what);
    std::string text = value ? value : "";
    H5free_memory(value);
    return text;
}

void Object::read_number_raw(const std::string& name, NumberType type, void* value) const
{
    const std::string what = fmt::format("attribute '{}' of {}", name, path_);
    const Scoped attribute(H5Aopen(id(), name.c_str(), H5P_DEFAULT), H5Aclose);
    if (attribute < 0) fail(what);
    const Scoped space(H5Aget_space(attribute), H5Sclose);
    if (H5Sget_simple_extent_npoints(space) != 1) throw_failure(*file_, what, "it is not a single number");
    if (H5Aread(attribute, memory_type(type), value) < 0) fail(what);
}

std::string Object::as_text(const std::string& name) const
{
    const Scoped attribute(H5Aopen(id(), name.c_str(), H5P_DEFAULT), H5Aclose);
    if (attribute < 0) fail(fmt::format("attribute '{}' of {}", name, path_));
    const Scoped type(H5Aget_type(attribute), H5Tclose);
    switch (H5Tget_class(type)) {
    case H5T_INTEGER: return fmt::format("{}", number<std::int64_t>(name));
    case H5T_FLOAT: return fmt::format("{}", number<double>(name));
    default: return text(name);
    }
}

}  // namespace axolemma::record::hdf5
