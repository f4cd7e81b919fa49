#pragma once
// What surfaces look like: colour, shading normal, emission and reflection of each kind of material. (u, v)
// are metres on the surface, (fu, fv) shares of the face, (su, sv) its size; patterns fade where they are
// finer than the pixel's footprint.
#include "intersect.h"

// How much of a pattern of this size (metres) can be seen.
static inline float detail(float footprint, float size) {
    return clampf(size / (footprint + 1e-5f) * .7f - .25f, 0, 1);
}

static v3 sky_view(const Scene* s, float fu, float fv, v3 d, int seed) {
    float e = d.y / (sqrtf(d.x * d.x + d.z * d.z) + 1e-4f);
    float az = atan2f(d.x, d.z);
    float g = smooth_step(-.05f, .6f, e);
    v3 c = mix3(s->sky_horizon, s->sky_zenith, g);
    float hz = -.02f + .16f * value_noise(az * 5.0f + seed, 1.3f, seed) +
               .07f * value_noise(az * 17.0f, 4.3f, seed + 1);
    float m = smooth_step(hz + .03f, hz - .03f, e);
    v3 tr = mix3(s->ground, s->sky_horizon, .22f);
    tr = scale3(tr, .75f + .5f * value_noise(az * 22.f, e * 22.f, seed + 2));
    return mix3(c, tr, m);
}
static v3 texture(const Scene* s, const float* m, v3 p, v3 n, v3 d, const Hit* h, const float* pr,
                  float footprint, v3* shading_normal, v3* emission, float* reflection) {
    int k = (int)m[0];
    v3 c1 = vec(m[1], m[2], m[3]), c2 = vec(m[4], m[5], m[6]);
    float size = m[SCALE];
    int seed = (int)m[SEED];
    float u, v, fu = .5f, fv = .5f, su = 1, sv = 1;
    if (h->axis == 0) {
        u = p.z;
        v = p.y;
        if (pr) {
            su = pr[HIGH + 2] - pr[LOW + 2];
            sv = pr[HIGH + 1] - pr[LOW + 1];
            fu = (u - pr[LOW + 2]) / su;
            fv = (v - pr[LOW + 1]) / sv;
        }
    } else if (h->axis == 2) {
        u = p.x;
        v = p.y;
        if (pr) {
            su = pr[HIGH] - pr[LOW];
            sv = pr[HIGH + 1] - pr[LOW + 1];
            fu = (u - pr[LOW]) / su;
            fv = (v - pr[LOW + 1]) / sv;
        }
    } else if (h->axis == 1) {
        u = p.x;
        v = p.z;
        if (pr) {
            su = pr[HIGH] - pr[LOW];
            sv = pr[HIGH + 2] - pr[LOW + 2];
            fu = (u - pr[LOW]) / su;
            fv = (v - pr[LOW + 2]) / sv;
        }
    } else {
        u = p.x + p.z;
        v = p.y;
        if (pr) {
            fv = (p.y - pr[LOW + 1]) / (pr[HIGH + 1] - pr[LOW + 1]);
        }
    }
    switch (k) {
        case PLAIN: {
            float q = value_noise(u * 1.7f, v * 1.7f, seed);
            return scale3(c1, .97f + .06f * q);
        }
        case PLANKS: {  // planks
            float a = u, b = v;
            if (m[P1] > .5f) {
                a = v;
                b = u;
            }
            float row = floorf(b / size);
            float off = hash2((int)row, 7, seed) * 1.9f;
            float L = size * 8;
            float col = floorf((a + off * L) / L);
            float r = hash2((int)row, (int)col, seed);
            float l1 = detail(footprint, size);
            float g = value_noise(a * 3.0f + r * 31, b * 60.f, seed) - .5f;
            float l2 = detail(footprint, .03f);
            float q = .5f + (r - .5f) * .75f * l1 + g * .6f * l2 +
                      (value_noise(a * 1.2f + r * 9, b * 9.f + r * 5, seed) - .5f) * .5f * l1;
            v3 c = mix3(c2, c1, clampf(q, 0, 1));
            float e = b / size - row;
            e = fminf(e, 1 - e) * size;
            float e2 = (a + off * L) / L - col;
            e2 = fminf(e2, 1 - e2) * L;
            e = fminf(e, e2);
            float wl = .006f + .35f * footprint;
            float ln = (1 - smooth_step(0, wl, e)) * .55f * clampf(.012f / (footprint + .004f), 0, 1);
            return scale3(c, 1 - ln);
        }
        case WOOD: {  // furniture wood: grain along longest axis of the face
            float a = u, b = v;
            if (sv > su) {
                a = v;
                b = u;
            }
            float g = value_noise(a * 1.6f + seed * .37f, b * 14.f, seed),
                  g2 = value_noise(a * 4.f, b * 55.f, seed + 3) - .5f;
            return mix3(
                c2, c1,
                clampf(.5f + (g - .5f) * .9f * detail(footprint, .07f) + g2 * .5f * detail(footprint, .02f),
                       0, 1));
        }
        case TILES: {  // tiles
            float ty = m[P2] > .01f ? size * m[P2] : size;
            float iu = floorf(u / size), iv = floorf(v / ty);
            if (m[P3] > .5f) {
                iu = floorf(u / size + .5f * ((int)iv & 1));
            }
            float fu2 = (m[P3] > .5f ? u / size + .5f * ((int)iv & 1) : u / size) - iu, fv2 = v / ty - iv;
            float e = fminf(fminf(fu2, 1 - fu2) * size, fminf(fv2, 1 - fv2) * ty);
            float r = hash2((int)iu, (int)iv, seed);
            float l = detail(footprint, size);
            v3 c = c1;
            if (m[P1] > .01f) {
                float ch = (((int)iu + (int)iv) & 1) ? 1.f : 0.f;
                c = mix3(c1, c2, m[P1] * (ch * l + .5f * (1 - l)));
            }
            c = scale3(c, 1 + (.14f * (r - .5f) + .10f * (value_noise(u * 6, v * 6, seed) - .5f)) * l);
            float gw = .006f + .4f * footprint;
            float g = (1 - smooth_step(gw * .4f, gw, e)) * clampf(.02f / (footprint + .006f), 0, 1) * .6f;
            v3 gr = luminance(c1) > .3f ? scale3(c1, .45f) : add3(scale3(c1, 1.2f), vec(.08f, .08f, .08f));
            *reflection *= (1 - g);
            return mix3(c, gr, g);
        }
        case CARPET: {
            float q =
                .5f * value_noise(u * 42, v * 42, seed) * 1.f + .5f * value_noise(u * 11, v * 11, seed + 1);
            return scale3(c1, .80f + .40f * ((q - .5f) * (.4f + .6f * detail(footprint, .05f)) + .5f));
        }
        case STRIPES: {
            float w = u / size;
            float f = w - floorf(w);
            float st =
                smooth_step(.46f, .54f, f) - smooth_step(.96f, 1.04f, f) + (1 - smooth_step(-.04f, .04f, f));
            return mix3(c1, c2, (st - .5f) * detail(footprint, size * .5f) + .5f);
        }
        case FABRIC: {  // fabric
            v3 c = c1;
            float l = detail(footprint, size * .5f);
            if (m[P1] > .5f && m[P1] < 1.5f) {
                float f = (h->axis == 1 ? (m[P2] > .5f ? u : v) : (v * .9f + .13f)) / size;
                if (h->axis != 1)
                    f = (m[P2] > .5f && h->axis == 2 ? u : (m[P2] < .5f && h->axis == 0 ? u : v)) / size;
                f -= floorf(f);
                float st = smooth_step(.4f, .5f, f) * (1 - smooth_step(.9f, 1.f, f));
                c = mix3(c1, c2, .5f + (st - .5f) * l);
            } else if (m[P1] > 1.5f && m[P1] < 2.5f) {
                float f = u / size, g = v / size;
                f -= floorf(f);
                g -= floorf(g);
                float st = .5f * ((f > .5f) + (g > .5f));
                c = mix3(c1, c2, .5f + (st - .5f) * l);
            } else if (m[P1] > 2.5f) {
                float f = u / size, g = v / size;
                float iu = floorf(f), iv = floorf(g);
                f = f - iu - .5f;
                g = g - iv - .5f;
                float r = .28f + .15f * hash2((int)iu, (int)iv, seed);
                float st = 1 - smooth_step(r - .08f, r + .08f, sqrtf(f * f + g * g));
                c = mix3(c1, c2, .35f + (st - .35f) * l);
            }
            float q = value_noise(u * 50, v * 50, seed) - .5f;
            float w = value_noise(u * 4.5f, v * 4.5f + p.z * 2, seed + 2) - .5f;
            shading_normal->x += .16f * (value_noise(p.x * 6 + p.y * 3, p.z * 6, seed + 5) - .5f);
            shading_normal->z += .16f * (value_noise(p.x * 6, p.z * 6 + p.y * 3, seed + 6) - .5f);
            return scale3(c, 1 + .16f * q * detail(footprint, .03f) + .14f * w);
        }
        case SHADE: {  // emissive shade: brighter in the middle
            float q = 1 - fabsf(fv - .45f) * 1.1f;
            float f = .55f + .45f * clampf(q, 0, 1);
            if (h->axis == 1) f = 1.25f;
            float fr = clampf(-dot3(d, n), 0, 1);
            f *= .55f + .45f * fr;
            *emission = scale3(vec(m[EMISSION], m[EMISSION + 1], m[EMISSION + 2]), f);
            return c1;
        }
        case WINDOW: {  // window
            float w = m[SCALE];
            float eu = fminf(fu, 1 - fu) * su, ev = fminf(fv, 1 - fv) * sv;
            float e = fminf(eu, ev);
            float nx = m[P1], ny = m[P2];
            float gu = fu * nx, gv = fv * ny;
            float du = fabsf(gu - floorf(gu + .5f)) * su / nx, dv = fabsf(gv - floorf(gv + .5f)) * sv / ny;
            float fr = fmaxf(1 - smooth_step(w * .8f, w, e),
                             fmaxf(nx > 1.5f ? 1 - smooth_step(w * .35f, w * .5f, du) : 0,
                                   ny > 1.5f ? 1 - smooth_step(w * .3f, w * .45f, dv) : 0));
            v3 c = sky_view(s, fu, fv, d, seed);
            c = scale3(c, 1 - fr);
            *emission = c;
            *reflection = .0f;
            if (fr < .5f) {
                *reflection = .10f;
            }
            return scale3(c1, fr);
        }
        case PICTURE: {  // picture
            float b = m[SCALE];
            float eu = fminf(fu, 1 - fu) * su, ev = fminf(fv, 1 - fv) * sv;
            float e = fminf(eu, ev);
            if (e < b) return c1;
            if (e < b * 1.0f + m[P3]) return vec(.82f, .80f, .76f);
            float t = m[P1];
            float q;
            if (t < 1)
                q = smooth_step(.25f, .75f, fv + .35f * (value_noise(fu * 3, fv * 3, seed) - .5f));
            else if (t < 2) {
                float r = sqrtf((fu - .5f) * (fu - .5f) * su * su + (fv - .5f) * (fv - .5f) * sv * sv) /
                          fminf(su, sv);
                q = 1 - smooth_step(.16f + .12f * hash2(3, 3, seed), .24f + .12f * hash2(3, 3, seed), r);
            } else if (t < 3)
                q = value_noise(fu * 3.2f + seed, fv * 3.2f, seed) > .5f ? 1.f : .12f;
            else
                q = hash2((int)(fu * 3), (int)(fv * 3), seed);
            v3 c3 = vec(m[EMISSION], m[EMISSION + 1], m[EMISSION + 2]);
            v3 c = mix3(c2, c3, clampf(q, 0, 1));
            return scale3(c, .8f + .4f * value_noise(fu * 5, fv * 5, seed + 4));
        }
        case SCREEN: {
            float e = fminf(fminf(fu, 1 - fu) * su, fminf(fv, 1 - fv) * sv);
            if (e < .025f || h->axis == 1) return vec(.015f, .015f, .017f);
            if (m[P1] > .01f) {
                float q = value_noise(fu * 2.5f, fv * 2.5f, seed),
                      q2 = value_noise(fu * 2.5f + 9, fv * 2.5f, seed + 2);
                v3 c = mix3(c1, c2, smooth_step(.3f, .7f, q));
                *emission = scale3(c, m[P1] * (.5f + q2));
            }
            return vec(.012f, .013f, .016f);
        }
        case STONE: {
            float q = value_noise(u * 3 + 2 * value_noise(u * 2, v * 2, seed), v * 3, seed + 1);
            float g = value_noise(u * 30, v * 30, seed + 2) - .5f;
            return scale3(mix3(c1, c2, smooth_step(.45f, .8f, q)), 1 + .2f * g * detail(footprint, .05f));
        }
        case BOOKS: {  // books on shelves (front face), else wood
            int front = (h->axis == (int)m[FRONT]);
            if (!front) return c1;
            float e = fminf(fu, 1 - fu) * su;
            float ny = m[P1];
            float g = fv * ny;
            float row = floorf(g);
            float fy = g - row;
            float sh = sv / ny;
            float th = .028f / sh;
            if (e < .035f || fy < th || fv > 1 - .03f / sv) return c1;
            float y = (fy - th) / (1 - th);
            float bw = .055f + .02f * hash2((int)row, 1, seed);
            float bi = floorf(u / bw);
            float r = hash2((int)bi, (int)row, seed), r2 = hash2((int)bi, (int)row, seed + 1),
                  r3 = hash2((int)floorf(u / .33f), (int)row, seed + 2);
            v3 back = scale3(c1, .22f);
            if (r3 < m[P2]) return scale3(back, 1.2f - .4f * y);
            float hh = .58f + .30f * r2;
            if (y > hh) return back;
            float pal = r * 4;
            v3 c = pal < 1   ? vec(.42f, .10f, .07f)
                   : pal < 2 ? vec(.60f, .52f, .38f)
                   : pal < 3 ? vec(.08f, .16f, .26f)
                             : vec(.14f, .22f, .13f);
            c = mix3(c, vec(.55f, .50f, .44f), hash2((int)bi, (int)row, seed + 3) * .7f);
            return scale3(c, .65f + .35f * smooth_step(0, .3f, fabsf(u / bw - bi - .5f) < .45f ? 1.f : 0.f));
        }
        case CURTAIN: {  // curtain folds
            float f = sinf(u * 6.2832f / size + 1.2f * value_noise(v * 1.2f, u * 2, seed));
            float g = cosf(u * 6.2832f / size + 1.2f * value_noise(v * 1.2f, u * 2, seed));
            float l = detail(footprint, size * .5f);
            if (h->axis == 0)
                shading_normal->z += .8f * g * l;
            else if (h->axis == 2)
                shading_normal->x += .8f * g * l;
            *emission = scale3(vec(m[EMISSION], m[EMISSION + 1], m[EMISSION + 2]), .7f + .3f * f * l);
            return scale3(c1, 1 - .28f * (.5f - .5f * f) * l);
        }
        case RUG: {  // rug
            float e = fminf(fminf(fu, 1 - fu) * su, fminf(fv, 1 - fv) * sv);
            v3 c = c1;
            int t = (int)m[P1];
            if (t == 0) {
                c = e < .12f ? c2 : c1;
            } else if (t == 1) {
                float f = fmaxf(fabsf(fu - .5f), fabsf(fv - .5f)) * 2;
                f = f * m[P2];
                c = ((int)f & 1) ? c2 : c1;
            } else if (t == 2) {
                float f = u / .34f, g = v / .34f;
                float q = fabsf(f - floorf(f) - .5f) + fabsf(g - floorf(g) - .5f);
                c = mix3(c1, c2, .4f + ((q < .34f ? 1.f : 0.f) - .4f) * detail(footprint, .2f));
            } else if (t == 3) {
                float f = (m[P3] > .5f ? u : v) / .3f;
                f -= floorf(f);
                c = mix3(c1, c2, .5f + ((f > .5f ? 1.f : 0.f) - .5f) * detail(footprint, .15f));
            }
            float q = value_noise(u * 36, v * 36, seed);
            return scale3(c, .84f + .32f * ((q - .5f) * detail(footprint, .05f) + .5f));
        }
        case FRONTS: {  // cabinet fronts
            v3 c = c1;
            if (m[P3] > .01f) {
                float a = u, b = v;
                if (sv > su) {
                    a = v;
                    b = u;
                }
                float g = value_noise(a * 1.6f + seed * .37f, b * 14.f, seed);
                c = mix3(c2, c1, clampf(.5f + (g - .5f) * m[P3] * detail(footprint, .07f), 0, 1));
            }
            if (h->axis == (int)m[FRONT]) {
                float gu = fu * m[P1], gv = fv * m[P2];
                float cu = gu - floorf(gu), cv = gv - floorf(gv);
                float wu = su / m[P1], wv = sv / m[P2];
                float e = fminf(fminf(cu, 1 - cu) * wu, fminf(cv, 1 - cv) * wv);
                float ww = .008f + .3f * footprint;
                float l = (1 - smooth_step(ww * .4f, ww, e)) * .6f * clampf(.02f / (footprint + .006f), 0, 1);
                if (m[P4] > .5f) {
                    float q = smooth_step(.055f, .06f + .2f * footprint, e);
                    float q2 = smooth_step(.075f + .2f * footprint, .08f + .4f * footprint, e);
                    l += .30f * (q - q2) * detail(footprint, .04f);
                }
                // handle
                int odd = ((int)floorf(gu)) & 1;
                float hu = wv > wu * 1.3f ? fabsf((odd ? cu : 1 - cu) * wu - .06f) : fabsf(cu - .5f) * wu;
                float half_vector = wv > wu * 1.3f ? fabsf(cv - .5f) * wv : fabsf((1 - cv) * wv - .09f);
                float hl = wv > wu * 1.3f ? .09f : .012f, hw = wv > wu * 1.3f ? .012f : .08f;
                if (hu < hw + .2f * footprint && half_vector < hl + .2f * footprint)
                    c = mix3(c, luminance(c1) > .25f ? vec(.16f, .15f, .14f) : vec(.62f, .58f, .5f), .75f);
                c = scale3(c, 1 - clampf(l, 0, .8f));
            }
            return c;
        }
        case STEEL: {  // appliance steel / oven
            v3 c = scale3(c1, .95f + .1f * value_noise(u * 2, v * 60, seed));
            if (h->axis == (int)m[FRONT]) {
                if (m[P1] > .5f && m[P1] < 1.5f) {
                    if (fabsf(fu - .5f) < .38f && fv > .18f && fv < .66f) return vec(.02f, .02f, .022f);
                    if (fv > .80f) {
                        c = scale3(c, .35f);
                        if (fv > .86f && fv < .93f && hash2((int)(fu * 8), 1, 3) < .5f)
                            c = vec(.5f, .5f, .5f);
                    }
                    if (fv > .70f && fv < .75f && fabsf(fu - .5f) < .4f) c = scale3(c1, 1.5f);
                } else if (m[P1] > 1.5f) {  // fridge
                    if (fabsf(fv - m[P2]) * sv < .012f + .2f * footprint) c = scale3(c, .35f);
                    float hu = fabsf(fu * su - .07f);
                    if (hu < .015f + .2f * footprint && fabsf(fv - m[P2]) * sv > .08f &&
                        fabsf(fv - m[P2]) * sv < .45f)
                        c = scale3(c, .5f);
                }
            }
            return c;
        }
        case LEAVES: {
            float q = value_noise(p.x * 16 + p.y * 7, p.z * 16 - p.y * 9, seed),
                  q2 = value_noise(p.x * 7, p.y * 13 + p.z * 5, seed + 2);
            shading_normal->x += 1.1f * (q - .5f);
            shading_normal->y += 1.0f * (q2 - .5f);
            shading_normal->z += 1.1f * (value_noise(p.z * 15, p.y * 15, seed + 1) - .5f);
            return scale3(mix3(c1, c2, q2), .55f + .9f * q);
        }
    }
    return c1;
}
