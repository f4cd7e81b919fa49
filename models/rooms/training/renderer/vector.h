#pragma once
// Vectors, smooth steps and the noise that all patterns are made of.
#include <math.h>
#include <stdint.h>

typedef struct {
    float x, y, z;
} v3;
static inline v3 vec(float x, float y, float z) {
    v3 r = {x, y, z};
    return r;
}
static inline v3 add3(v3 a, v3 b) { return vec(a.x + b.x, a.y + b.y, a.z + b.z); }
static inline v3 sub3(v3 a, v3 b) { return vec(a.x - b.x, a.y - b.y, a.z - b.z); }
static inline v3 scale3(v3 a, float s) { return vec(a.x * s, a.y * s, a.z * s); }
static inline v3 mul3(v3 a, v3 b) { return vec(a.x * b.x, a.y * b.y, a.z * b.z); }
static inline float dot3(v3 a, v3 b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
static inline v3 normalize(v3 a) { return scale3(a, 1.0f / sqrtf(dot3(a, a) + 1e-12f)); }
static inline v3 mix3(v3 a, v3 b, float t) { return add3(scale3(a, 1 - t), scale3(b, t)); }
static inline float clampf(float x, float a, float b) { return x < a ? a : (x > b ? b : x); }
static inline float smooth_step(float a, float b, float x) {
    float t = clampf((x - a) / (b - a), 0, 1);
    return t * t * (3 - 2 * t);
}
static inline float luminance(v3 c) { return .2126f * c.x + .7152f * c.y + .0722f * c.z; }
static inline float hash2(int x, int y, int s) {
    uint32_t h = (uint32_t)x * 374761393u + (uint32_t)y * 668265263u + (uint32_t)s * 2246822519u;
    h = (h ^ (h >> 13)) * 1274126177u;
    h ^= h >> 16;
    return (h & 0xffffff) * (1.0f / 16777216.0f);
}
static float value_noise(float x, float y, int s) {
    float fx = floorf(x), fy = floorf(y);
    int ix = (int)fx, iy = (int)fy;
    float u = x - fx, v = y - fy;
    u = u * u * (3 - 2 * u);
    v = v * v * (3 - 2 * v);
    float a = hash2(ix, iy, s), b = hash2(ix + 1, iy, s), c = hash2(ix, iy + 1, s),
          d = hash2(ix + 1, iy + 1, s);
    return (a + (b - a) * u) * (1 - v) + (c + (d - c) * u) * v;
}
