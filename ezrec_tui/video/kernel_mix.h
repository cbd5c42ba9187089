/* Pictures mixed and toned, pixel by pixel; plain loops, which the compiler turns into vectors. */
#pragma once
#include "kernel.h"

/* x / 255, rounded, for what is no more than 255 * 255. All fits into 16 bits, which halves the time. */
INLINE uint8_t of_255(uint16_t x) {
    x = (uint16_t)(x + 128);
    return (uint8_t)((uint16_t)(x + (x >> 8)) >> 8);
}

INLINE const uint8_t *row_of(const struct plane *plane, int row) { return plane->pixels + row * plane->stride; }

/* out = (here * share + there * (255 - share)) / 255; `out` may be `here`. */
INLINE void blend_row(const uint8_t *here, const uint8_t *there, const uint8_t *share, uint8_t *out, int width) {
#pragma GCC ivdep
    for (int i = 0; i < width; i++)
        out[i] = of_255((uint16_t)(here[i] * share[i] + there[i] * (255 - share[i])));
}

/* Each is `planes` planes of equal sizes. */
void WAY(blend)(int planes, const struct plane *here, const struct plane *there, const struct plane *share,
                const struct plane *out) {
    for (int number = 0; number < planes; number++)
        for (int row = 0, width = out[number].width; row < out[number].height; row++)
            blend_row(row_of(here + number, row), row_of(there + number, row), row_of(share + number, row),
                      out[number].pixels + row * out[number].stride, width);
}

/* Side by side, and blended over as many columns as `share` has. */
void WAY(join)(int planes, const struct plane *left, const struct plane *right, const struct plane *share,
               const struct plane *out) {
    for (int number = 0; number < planes; number++) {
        const int overlap = share[number].width, seam = left[number].width - overlap;
        for (int row = 0; row < out[number].height; row++) {
            const uint8_t *one = row_of(left + number, row), *other = row_of(right + number, row);
            uint8_t *into = out[number].pixels + row * out[number].stride;
            memcpy(into, one, (size_t)seam);
            blend_row(one + seam, other, row_of(share + number, row), into + seam, overlap);
            memcpy(into + seam + overlap, other + overlap, (size_t)(right[number].width - overlap));
        }
    }
}

/* picture = picture * through / 255 + colours, no more than 255. */
void WAY(lay)(int planes, const struct plane *colours, const struct plane *through, const struct plane *picture) {
    for (int number = 0; number < planes; number++)
        for (int row = 0, width = picture[number].width; row < picture[number].height; row++) {
            const uint8_t *colour = row_of(colours + number, row), *clear = row_of(through + number, row);
            uint8_t *into = picture[number].pixels + row * picture[number].stride;
#pragma GCC ivdep
            for (int i = 0; i < width; i++) {
                const uint16_t sum = (uint16_t)(colour[i] + of_255((uint16_t)(into[i] * clear[i])));
                into[i] = (uint8_t)(sum < 255 ? sum : 255);
            }
        }
}

/* See `Toning` in kernel.py. */
struct toning {
    int16_t black, reach, falls, gain, steep, kept, fade, gains[2], tints[2];
};

/* a * b / 2 ** 15, rounded: one instruction. */
INLINE int16_t times(int16_t a, int16_t b) { return (int16_t)(((a * b >> 14) + 1) >> 1); }

INLINE int16_t smaller(int16_t a, int16_t b) { return a < b ? a : b; }
INLINE int16_t larger(int16_t a, int16_t b) { return a > b ? a : b; }

/* In eighths of a level. */
INLINE void tone_luma(const struct toning *tone, uint8_t *luma, int width) {
    const int16_t black = tone->black, reach = tone->reach, gain = tone->gain, steep = tone->steep;
    for (int i = 0; i < width; i++) {
        const int16_t level = (int16_t)(luma[i] - black), seen = larger(0, smaller(level, reach));
        const int16_t last = (int16_t)(8 * reach - times((int16_t)((reach - seen) * 128), steep));
        const int16_t toned = smaller(larger(times((int16_t)(seen * 128), gain), last), (int16_t)(8 * reach));
        luma[i] = (uint8_t)(luma[i] - seen + ((toned + 4) >> 3));
    }
}

enum { PIECE = 512 };

/* Luma before it is toned says how much of their tint the colours get, and of themselves they keep. In sixteenths. */
INLINE void tone_chroma(const struct toning *tone, const uint8_t *above, const uint8_t *below, uint8_t *u, uint8_t *v,
                        int width) {
    const int16_t black = tone->black, reach = tone->reach, falls = tone->falls, kept = tone->kept, fade = tone->fade;
    int16_t tinted[PIECE], keeps[PIECE];
    for (int start = 0; start < width; start += PIECE) {
        const int count = least(PIECE, width - start);
        const uint8_t *one = above + 2 * start, *other = below + 2 * start;
        for (int i = 0; i < count; i++) {
            const int16_t luma = (int16_t)((one[2 * i] + one[2 * i + 1] + other[2 * i] + other[2 * i + 1] + 2) >> 2);
            const int16_t level = (int16_t)(luma - black);
            tinted[i] = (int16_t)(larger(0, smaller(level, (int16_t)((reach - level) * falls))) * 128);
            keeps[i] = (int16_t)(larger(0, smaller((int16_t)(kept - times((int16_t)(level * 128), fade)), 2048)) * 2);
        }
        for (int number = 0; number < 2; number++) {
            uint8_t *plane = (number ? v : u) + start;
            const int16_t gain = tone->gains[number], tint = tone->tints[number];
            for (int i = 0; i < count; i++) {
                const int16_t own = times((int16_t)(times((int16_t)((plane[i] - 128) * 128), keeps[i]) * 8), gain);
                const int16_t sum = (int16_t)(128 + ((int16_t)(own + times(tinted[i], tint) + 8) >> 4));
                plane[i] = (uint8_t)larger(0, smaller(sum, 255));
            }
        }
    }
}

/* Changes a picture of three planes in place. */
void WAY(tone)(const struct toning *tone, const struct plane *picture) {
    const struct plane luma = picture[0], u = picture[1], v = picture[2];
    for (int row = 0; row < u.height; row++) {
        uint8_t *above = luma.pixels + 2 * row * luma.stride, *below = above + luma.stride;
        tone_chroma(tone, above, below, u.pixels + row * u.stride, v.pixels + row * v.stride, u.width);
        tone_luma(tone, above, luma.width);
        tone_luma(tone, below, luma.width);
    }
}
