#include "record/hdf5_internal.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "base/diagnostics.hpp"

namespace axolemma::record::hdf5 {

hid_t memory_type(NumberType type)
{
    switch (type) {
    case NumberType::u8: return H5T_NATIVE_UINT8;
    case NumberType::i32: return H5T_NATIVE_INT32;
    case NumberType::u32: return H5T_NATIVE_UINT32;
    case NumberType::i64: return H5T_NATIVE_INT64;
    case NumberType::u64: return H5T_NATIVE_UINT64;
    case NumberType::f32: return H5T_NATIVE_FLOAT;
    case NumberType::f64: return H5T_NATIVE_DOUBLE;
    }
    return H5I_INVALID_HID;
}

hid_t stored_type(NumberType type)
{
    switch (type) {
    case NumberType::u8: return H5T_STD_U8LE;
    case NumberType::i32: return H5T_STD_I32LE;
    case NumberType::u32: return H5T_STD_U32LE;
    case NumberType::i64: return H5T_STD_I64LE;
    case NumberType::u64: return H5T_STD_U64LE;
    case NumberType::f32: return H5T_IEEE_F32LE;
    case NumberType::f64: return H5T_IEEE_F64LE;
    }
    return H5I_INVALID_HID;
}

hid_t make_text_type()
{
    const hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, H5T_VARIABLE);
    H5Tset_cset(type, H5T_CSET_UTF8);
    return type;
}

namespace {

herr_t collect(unsigned, const H5E_error2_t* entry, void* out)
{
    auto& reason = *static_cast<Reason*>(out);
    const std::string text = entry->desc ? entry->desc : "";
    if (reason.innermost.empty()) reason.innermost = text;
    if (const auto at = text.find("errno = "); at != std::string::npos && reason.error == 0) {
        reason.error = std::atoi(text.c_str() + at + 8);
    }
    reason.truncated = reason.truncated || text.find("truncated file") != std::string::npos;
    reason.not_hdf5 = reason.not_hdf5 || entry->min_num == H5E_NOTHDF5;
    return 0;
}

}  // namespace

Reason last_reason()
{
    Reason reason;
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, collect, &reason);
    H5Eclear2(H5E_DEFAULT);
    return reason;
}

std::string Reason::text() const
{
    if (error != 0) return errno_text(error);
    return innermost.empty() ? "unknown reason" : innermost;
}

[[noreturn]] void throw_failure(const FileInfo& file, const std::string& what, const std::string& reason)
{
    if (file.reading) {
        throw base::InputError({file.path, 0, 0}, fmt::format("cannot read {}: {}", what, reason),
                               "the file is damaged or was changed by another program");
    }
    throw base::EngineError(fmt::format("cannot write {} of '{}': {}", what, file.path, reason));
}

}  // namespace axolemma::record::hdf5
