/* The kernel for every processor of its kind; `kernel_avx2.c` is the same for those that have AVX2. */
#if defined(__x86_64__)
#pragma GCC target("ssse3")
#endif
#define WAY(name) name
#include "kernel_warp.h"
#include "kernel_mix.h"

/* Whether the functions whose names end in _avx2 are there and can be used. */
int has_avx2(void) {
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx2") != 0;
#else
    return 0;
#endif
}
