/* What the kernel's parts share. */
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))

struct plane {
    uint8_t *pixels;
    ptrdiff_t stride;
    int height, width;
};

INLINE int least(int one, int other) { return one < other ? one : other; }
INLINE int most(int one, int other) { return one > other ? one : other; }
