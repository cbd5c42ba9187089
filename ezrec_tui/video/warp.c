/* Warps a picture's planes by a grid of knots: for every eighth pixel of the target, where in the source it lies.
 *
 * Between its knots a cell of 8 by 8 pixels is bilinear, and so is the look-up, in steps of 1/64 pixel. A row of a cell
 * needs 16 bytes of each of three rows of the source at most: they are loaded whole, and shuffled. Cells at the edge of
 * the source, and steep ones, are done pixel by pixel.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)
#pragma GCC target("ssse3")
#include <tmmintrin.h>
#endif

enum { CELL = 8, WINDOW = 16, LINE = 64, UNIT = 1 << 16, FINE = 64, SURE = UNIT / FINE };
/* Coordinates are in 1 / UNIT pixel, inside a cell in 1 / 1024, shares in 1 / FINE. Rounding moves none by SURE. */

typedef uint8_t Window __attribute__((vector_size(WINDOW)));
typedef uint16_t Row __attribute__((vector_size(2 * CELL)));
typedef int16_t SignedRow __attribute__((vector_size(2 * CELL)));
typedef uint8_t Pixels __attribute__((vector_size(CELL)));

struct knot {
    int32_t x, y;
};

struct grid {
    const struct knot *knots; /* Rows of `across`; one more than there are cells, each way. */
    int across;
    int least, most_x, most_y; /* Farther out than this the source shows nothing. */
};

struct plane {
    uint8_t *pixels;
    ptrdiff_t stride;
    int width, height;
};

#define INLINE static inline __attribute__((always_inline))

INLINE int least(int one, int other) { return one < other ? one : other; }
INLINE int most(int one, int other) { return one > other ? one : other; }

/* Eight samples of a row of the source, in quarters of a level: each between two bytes of the window. */
INLINE Row along(const uint8_t *window, Window pairs, Row share) {
    Window bytes;
    memcpy(&bytes, window, sizeof bytes);
#if defined(__SSSE3__)
    Window both = (Window)_mm_shuffle_epi8((__m128i)bytes, (__m128i)pairs);
    Row shares = FINE - share + (share << 8);
    return ((Row)_mm_maddubs_epi16((__m128i)both, (__m128i)shares) + 8) >> 4;
#else
    Row both = (Row)__builtin_shuffle(bytes, pairs), left = both & 255;
    return (left * FINE + ((both >> 8) - left) * share + 8) >> 4;
#endif
}

/* What a row of the source counts for samples that lie so far below it. */
INLINE Row counts(SignedRow below) {
    SignedRow sign = below >> 15, share = FINE - ((below ^ sign) - sign);
    return (Row)(share & (share > 0));
}

INLINE int between(int from, int to, int j) { return from + (int)((int64_t)(to - from) * j / CELL); }

INLINE uint8_t sample(const struct plane *source, int x, int y) {
    x = most(0, least(x + SURE / 2, (source->width - 1) * UNIT));
    y = most(0, least(y + SURE / 2, (source->height - 1) * UNIT));
    int left = x / UNIT, right = least(left + 1, source->width - 1), share = x / SURE % FINE;
    const uint8_t *above = source->pixels + y / UNIT * source->stride;
    const uint8_t *below = y / UNIT + 1 < source->height ? above + source->stride : above;
    int high = (above[left] * (FINE - share) + above[right] * share + 8) >> 4;
    int low = (below[left] * (FINE - share) + below[right] * share + 8) >> 4;
    share = y / SURE % FINE;
    return (uint8_t)((high * (FINE - share) + low * share + 128) >> 8);
}

/* `a` and `b` are the knots at a cell's upper and lower left; those at its right are next to them. */
static void by_pixels(const struct grid *grid, const struct knot *a, const struct knot *b, const struct plane *source,
                      uint8_t *out, ptrdiff_t stride, int width, int height, uint8_t dark) {
    for (int row = 0; row < height; row++)
        for (int column = 0; column < width; column++) {
            int x = between(between(a[0].x, b[0].x, row), between(a[1].x, b[1].x, row), column);
            int y = between(between(a[0].y, b[0].y, row), between(a[1].y, b[1].y, row), column);
            int seen = x >= grid->least && y >= grid->least && x <= grid->most_x && y <= grid->most_y;
            out[row * stride + column] = seen ? sample(source, x, y) : dark;
        }
}

INLINE int step(int from, int to) { return (to - from + 256) >> 9; }

/* Asks for a cache line of each row of the cells below, in the source and in the target: two of five parts of the time. */
INLINE void fetch(const struct plane *source, int x, int y, const struct plane *target, int left, int top) {
    for (int j = 0; j <= CELL; j++) {
        __builtin_prefetch(source->pixels + least(y + j, source->height - 1) * source->stride + x);
        __builtin_prefetch(target->pixels + least(top + j, target->height - 1) * target->stride + left, 1);
    }
}

/* The planes of `source` are equally large, and so are those of `target`; `dark` is for what the source lacks. */
INLINE void warp(int planes, const struct grid *grid, const struct plane *source, const struct plane *target,
                 const uint8_t *dark) {
    const Row count = {0, 1, 2, 3, 4, 5, 6, 7};
    const int width = source->width, height = source->height;
    for (int top = 0; top < target->height; top += CELL)
        for (int left = 0; left < target->width; left += CELL) {
            const struct knot *a = grid->knots + top / CELL * grid->across + left / CELL, *b = a + grid->across;
            const int wide = least(CELL, target->width - left), tall = least(CELL, target->height - top);
            const int first_x = least(least(a[0].x, a[1].x), least(b[0].x, b[1].x));
            const int last_x = most(most(a[0].x, a[1].x), most(b[0].x, b[1].x));
            const int first_y = least(least(a[0].y, a[1].y), least(b[0].y, b[1].y));
            const int last_y = most(most(a[0].y, a[1].y), most(b[0].y, b[1].y));
            const int inside = first_x >= SURE && last_x <= (width - 1) * UNIT - SURE && first_y >= SURE &&
                               last_y <= (height - 1) * UNIT - SURE && width >= WINDOW;
            const int narrow = a[1].x >= a[0].x && b[1].x >= b[0].x && last_x / UNIT - first_x / UNIT < WINDOW - 2 &&
                               last_y - first_y < 28 * UNIT;
            if (last_x < grid->least || last_y < grid->least || first_x > grid->most_x || first_y > grid->most_y) {
                for (int number = 0; number < planes; number++)
                    for (int j = 0; j < tall; j++)
                        memset(target[number].pixels + (top + j) * target[number].stride + left, dark[number],
                               (size_t)wide);
                continue;
            }
            if (!inside || !narrow) {
                for (int number = 0; number < planes; number++)
                    by_pixels(grid, a, b, source + number,
                              target[number].pixels + top * target[number].stride + left, target[number].stride, wide,
                              tall, dark[number]);
                continue;
            }
            if (left % LINE == 0)
                for (int number = 0; number < planes; number++)
                    fetch(source + number, first_x / UNIT, first_y / UNIT + CELL, target + number, left, top + CELL);
            const int column = least(first_x / UNIT, width - WINDOW), row = first_y / UNIT;
            const int slope_x = step(a[0].x, a[1].x), slope_y = step(a[0].y, a[1].y);
            const int turn_x = step(b[0].x, b[1].x) - slope_x, turn_y = step(b[0].y, b[1].y) - slope_y;
            const Row down_x = (Row)(((SignedRow)(count * (uint16_t)turn_x) + 4) >> 3) + (uint16_t)step(a[0].x, b[0].x);
            const Row down_y = (Row)(((SignedRow)(count * (uint16_t)turn_y) + 4) >> 3) + (uint16_t)step(a[0].y, b[0].y);
            Row x = count * (uint16_t)slope_x + (uint16_t)(((a[0].x - column * UNIT + 32) >> 6) + 8);
            Row y = count * (uint16_t)slope_y + (uint16_t)(((a[0].y - row * UNIT + 32) >> 6) + 8);
            const int rows = 2 + most(abs(a[1].y - a[0].y), abs(b[1].y - b[0].y)) / UNIT;
            for (int j = 0; j < tall; j++, x += down_x, y += down_y) {
                const int highest = least(y[0], y[CELL - 1]) >> 10;
                const Row at = x >> 10, share = x >> 4 & (FINE - 1);
                const Window pairs = (Window)((at | at << 8) + 256);
                const SignedRow below = (SignedRow)(y >> 4) - (int16_t)(highest * FINE);
                for (int number = 0; number < planes; number++) {
                    const ptrdiff_t stride = source[number].stride;
                    const uint8_t *line = source[number].pixels + (row + highest) * stride + column;
                    Row sum = along(line, pairs, share) * counts(below);
                    if (rows == 2 && row + highest + 2 < height) {
                        sum += along(line + stride, pairs, share) * counts(below - FINE);
                        sum += along(line + 2 * stride, pairs, share) * counts(below - 2 * FINE);
                    } else
                        for (int k = 1; k <= rows && row + highest + k < height; k++)
                            sum += along(line + k * stride, pairs, share) * counts(below - (int16_t)(k * FINE));
                    const Pixels done = __builtin_convertvector((sum + 128) >> 8, Pixels);
                    uint8_t *out = target[number].pixels + (top + j) * target[number].stride + left;
                    if (wide == CELL)
                        memcpy(out, &done, CELL);
                    else
                        memcpy(out, &done, (size_t)wide);
                }
            }
        }
}

void warp_plane(const struct grid *grid, const struct plane *source, const struct plane *target, const uint8_t *dark) {
    warp(1, grid, source, target, dark);
}

void warp_two_planes(const struct grid *grid, const struct plane *source, const struct plane *target,
                     const uint8_t *dark) {
    warp(2, grid, source, target, dark);
}
