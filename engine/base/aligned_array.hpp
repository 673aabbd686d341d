/// Memory for numbers that kernels stream through.
#pragma once

#include <cstddef>
#include <new>
#include <vector>

namespace axolemma::base {

/// Allocates on 64-byte boundaries: one cache line, one widest SIMD vector.
template <class T>
struct AlignedAllocator {
    using value_type = T;
    static constexpr std::align_val_t alignment{64};

    AlignedAllocator() = default;
    template <class U>
    explicit AlignedAllocator(const AlignedAllocator<U>&) noexcept
    {}
    template <class U>
    struct rebind {
        using other = AlignedAllocator<U>;
    };

    T* allocate(std::size_t n) { return static_cast<T*>(::operator new(n * sizeof(T), alignment)); }
    void deallocate(T* p, std::size_t) noexcept { ::operator delete(p, alignment); }
    friend bool operator==(const AlignedAllocator&, const AlignedAllocator&) { return true; }
};

template <class T>
using AlignedArray = std::vector<T, AlignedAllocator<T>>;

}  // namespace axolemma::base
