/* The kernel for x86-64 with AVX2: twice as much at a time. */
#if defined(__x86_64__)
#pragma GCC target("avx2")
#define WAY(name) name##_avx2
#include "kernel_warp.h"
#include "kernel_mix.h"
#else
typedef int nothing_here;
#endif
