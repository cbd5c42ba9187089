/* Warps a picture's planes by a grid of knots: for every eighth pixel of the target, where in the source it lies.
 *
 * Between its knots a cell of 8 by 8 pixels is bilinear, and so is the look-up, in steps of 1/64 pixel. A row of a cell
 * needs 16 bytes of each of three rows of the source at most: they are loaded whole, and shuffled. Cells at the edge of
 * the source, and steep ones, are done pixel by pixel.
 */
#pragma once
#include "kernel.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#if defined(__AVX2__)
enum { ROWS = 2 };
#else
enum { ROWS = 1 };
#endif
/* Of a cell, that are done at a time. */

enum { CELL = 8, WINDOW = 16, LINE = 64, UNIT = 1 << 16, FINE = 64, SURE = UNIT / FINE };
/* Coordinates are in 1 / UNIT pixel, inside a cell in 1 / 1024, shares in 1 / FINE. Rounding moves none by SURE. */

typedef uint8_t Window __attribute__((vector_size(ROWS * WINDOW)));
typedef uint16_t Row __attribute__((vector_size(2 * CELL))); /* One number for each pixel of a cell's row. */
typedef int16_t SignedRow __attribute__((vector_size(2 * CELL)));
typedef uint16_t Rows __attribute__((vector_size(ROWS * 2 * CELL)));
typedef int16_t SignedRows __attribute__((vector_size(ROWS * 2 * CELL)));
typedef uint8_t Pixels __attribute__((vector_size(ROWS * CELL)));
typedef uint64_t Done __attribute__((vector_size(ROWS * CELL))); /* The pixels of a row in one number. */

struct knot {
    int32_t x, y;
};

struct grid {
    const struct knot *knots; /* Rows of `across`; one more than there are cells, each way. */
    int across;
    int least, most_x, most_y; /* Farther out than this the source shows nothing. */
};

/* The first row of numbers, and the one below it if two are done at a time. */
INLINE Rows rows_of(Row first, Row second) {
#if defined(__AVX2__)
    return (Rows)_mm256_set_m128i((__m128i)second, (__m128i)first);
#else
    (void)second;
    return first;
#endif
}

/* Eight samples of a row of the source for each row, in quarters of a level: each between two bytes of the window. */
INLINE Rows along(const uint8_t *const *lines, ptrdiff_t below, Window pairs, Rows share) {
#if defined(__AVX2__)
    Window bytes = (Window)_mm256_loadu2_m128i((const __m128i *)(lines[1] + below), (const __m128i *)(lines[0] + below));
    Window both = (Window)_mm256_shuffle_epi8((__m256i)bytes, (__m256i)pairs);
    Rows shares = FINE - share + (share << 8);
    return ((Rows)_mm256_maddubs_epi16((__m256i)both, (__m256i)shares) + 8) >> 4;
#else
    Window bytes;
    memcpy(&bytes, lines[0] + below, sizeof bytes);
#if defined(__SSSE3__)
    Window both = (Window)_mm_shuffle_epi8((__m128i)bytes, (__m128i)pairs);
    Rows shares = FINE - share + (share << 8);
    return ((Rows)_mm_maddubs_epi16((__m128i)both, (__m128i)shares) + 8) >> 4;
#else
    Rows both = (Rows)__builtin_shuffle(bytes, pairs), left = both & 255;
    return (left * FINE + ((both >> 8) - left) * share + 8) >> 4;
#endif
#endif
}

/* What a row of the source counts for samples that lie so far below it. */
INLINE Rows counts(SignedRows below) {
    SignedRows sign = below >> 15, share = FINE - ((below ^ sign) - sign);
    return (Rows)(share & (share > 0));
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
            const Row start_x = count * (uint16_t)slope_x + (uint16_t)(((a[0].x - column * UNIT + 32) >> 6) + 8);
            const Row start_y = count * (uint16_t)slope_y + (uint16_t)(((a[0].y - row * UNIT + 32) >> 6) + 8);
            const Rows next_x = rows_of(down_x * ROWS, down_x * ROWS), next_y = rows_of(down_y * ROWS, down_y * ROWS);
            Rows x = rows_of(start_x, start_x + down_x), y = rows_of(start_y, start_y + down_y);
            /* The same for a row's first and last pixel alone. */
            const int drop = step(a[0].y, b[0].y), last_drop = ((7 * turn_y + 4) >> 3) + drop;
            int first = ((a[0].y - row * UNIT + 32) >> 6) + 8, last = first + 7 * slope_y;
            const int lines_more = 1 + most(abs(a[1].y - a[0].y), abs(b[1].y - b[0].y)) / UNIT;
            const int three = lines_more == 1 && last_y / UNIT + 2 < height;
            for (int j = 0; j < tall; j += ROWS, x += next_x, y += next_y) {
                int highest[ROWS];
                for (int r = 0; r < ROWS; r++, first += drop, last += last_drop)
                    highest[r] = least(first, last) >> 10;
                const Rows at = x >> 10, share = x >> 4 & (FINE - 1);
                const Window pairs = (Window)((at | at << 8) + 256);
                const Row no_row = {0};
                const Rows below = (y >> 4) - rows_of(no_row + (uint16_t)(highest[0] * FINE),
                                                      no_row + (uint16_t)(highest[ROWS - 1] * FINE));
                for (int number = 0; number < planes; number++) {
                    const ptrdiff_t stride = source[number].stride;
                    const uint8_t *lines[ROWS];
                    for (int r = 0; r < ROWS; r++)
                        lines[r] = source[number].pixels + (row + highest[r]) * stride + column;
                    Rows sum;
                    if (three) {
                        const SignedRows far = (SignedRows)below - FINE;
                        const Rows above_share = (Rows)(-far & (far < 0)), below_share = (Rows)(far & (far > 0));
                        sum = along(lines, 0, pairs, share) * above_share +
                              along(lines, stride, pairs, share) * (FINE - above_share - below_share) +
                              along(lines, 2 * stride, pairs, share) * below_share;
                    } else {
                        sum = along(lines, 0, pairs, share) * counts((SignedRows)below);
                        for (int k = 1; k <= 1 + lines_more; k++) {
                            /* Of a row beyond the source none is taken, whatever is read in its place. */
                            for (int r = 0; r < ROWS; r++)
                                lines[r] += row + highest[r] + k < height ? stride : 0;
                            sum += along(lines, 0, pairs, share) * counts((SignedRows)below - (int16_t)(k * FINE));
                        }
                    }
                    const Done done = (Done)__builtin_convertvector((sum + 128) >> 8, Pixels);
                    uint8_t *out = target[number].pixels + (top + j) * target[number].stride + left;
                    for (int r = 0; r < ROWS && j + r < tall; r++, out += target[number].stride) {
                        const uint64_t eight = done[r];
                        if (wide == CELL)
                            memcpy(out, &eight, CELL);
                        else
                            memcpy(out, &eight, (size_t)wide);
                    }
                }
            }
        }
}

void WAY(warp_plane)(const struct grid *grid, const struct plane *source, const struct plane *target,
                     const uint8_t *dark) {
    warp(1, grid, source, target, dark);
}

void WAY(warp_two_planes)(const struct grid *grid, const struct plane *source, const struct plane *target,
                          const uint8_t *dark) {
    warp(2, grid, source, target, dark);
}
