// Analytic ray caster for rooms. One call renders one scene, 2 x 2 samples a pixel. Called from caster.py.
#include <stdlib.h>

#include "shade.h"

void render_scene(const float* header, const float* primitives, int primitive_count, const float* materials,
                  const float* lights, int light_count, int res, uint8_t* rgb, uint8_t* seg, float* depths,
                  float* stats) {
    static __thread Scene storage;
    Scene* s = &storage;
    s->primitives = primitives;
    s->primitive_count = primitive_count;
    s->materials = materials;
    s->lights = lights;
    s->light_count = light_count;
    s->room = vec(header[0], header[1], header[2]);
    s->eye = vec(header[3], header[4], header[5]);
    s->forward = vec(header[6], 0, header[7]);
    s->right = vec(-header[7], 0, header[6]);
    s->tangent = header[8];
    s->shift = header[9];
    s->ambient = vec(header[10], header[11], header[12]);
    s->bounce = vec(header[13], header[14], header[15]);
    s->sky_zenith = vec(header[16], header[17], header[18]);
    s->sky_horizon = vec(header[19], header[20], header[21]);
    s->sun_direction = vec(header[22], header[23], header[24]);
    s->sun_color = vec(header[25], header[26], header[27]);
    s->ground = vec(header[28], header[29], header[30]);
    float exposure = header[31], key = header[32], white_balance = header[33], vignette = header[34],
          bloom = header[35], contrast = header[36];
    int occluder_count = 0;
    for (int i = 0; i < primitive_count && occluder_count < MOST_PRIMITIVES - 16; i++) {
        const float* p = primitives + i * PRIMITIVE_FLOATS;
        if (p[CASTS] < .5f) continue;
        float k = p[KIND] > .5f ? .18f : 0;
        float ex = (p[HIGH] - p[LOW]) * k * .5f,
              ey = p[KIND] > 1.5f ? (p[HIGH + 1] - p[LOW + 1]) * k * .5f : 0,
              ez = (p[HIGH + 2] - p[LOW + 2]) * k * .5f;
        s->x0[occluder_count] = p[LOW] + ex;
        s->x1[occluder_count] = p[HIGH] - ex;
        s->y0[occluder_count] = p[LOW + 1] + ey;
        s->y1[occluder_count] = p[HIGH + 1] - ey;
        s->z0[occluder_count] = p[LOW + 2] + ez;
        s->z1[occluder_count] = p[HIGH + 2] - ez;
        occluder_count++;
    }
    while (occluder_count % 16 || occluder_count == 0) {
        s->x0[occluder_count] = s->y0[occluder_count] = s->z0[occluder_count] = 1e4f;
        s->x1[occluder_count] = s->y1[occluder_count] = s->z1[occluder_count] = 1e4f + .1f;
        occluder_count++;
    }
    s->occluder_count = occluder_count;
    // screen bounds
    static __thread float bx0[MOST_PRIMITIVES], bx1[MOST_PRIMITIVES], by0[MOST_PRIMITIVES],
        by1[MOST_PRIMITIVES];
    for (int i = 0; i < primitive_count; i++) {
        const float* p = primitives + i * PRIMITIVE_FLOATS;
        float X0 = 1e9, X1 = -1e9, Y0 = 1e9, Y1 = -1e9;
        int bad = 0, vis = 0;
        for (int c = 0; c < 8; c++) {
            v3 q = vec(p[c & 1 ? HIGH : LOW] - s->eye.x, p[c & 2 ? HIGH + 1 : LOW + 1] - s->eye.y,
                       p[c & 4 ? HIGH + 2 : LOW + 2] - s->eye.z);
            float z = dot3(q, s->forward);
            if (z < .05f) {
                bad = 1;
                continue;
            }
            vis = 1;
            float x = dot3(q, s->right) / z / s->tangent, y = (q.y / z - s->shift) / s->tangent;
            X0 = fminf(X0, x);
            X1 = fmaxf(X1, x);
            Y0 = fminf(Y0, y);
            Y1 = fmaxf(Y1, y);
        }
        if (!vis) {
            bx0[i] = 9;
            bx1[i] = -9;
            by0[i] = 9;
            by1[i] = -9;
        } else if (bad) {
            bx0[i] = -9;
            bx1[i] = 9;
            by0[i] = -9;
            by1[i] = 9;
        } else {
            bx0[i] = X0;
            bx1[i] = X1;
            by0[i] = Y0;
            by1[i] = Y1;
        }
    }
    float* radiance = (float*)malloc(sizeof(float) * res * res * 3 * 2);
    float* bl = radiance + res * res * 3;
    float surface_area[8] = {0};
    float pixel_angle = 2 * s->tangent / res * .55f;
    double log_sum = 0;
    double mr = 0, mg = 0, mb = 0;
    for (int y = 0; y < res; y++) {
        int row[MOST_PRIMITIVES], nr = 0;
        float Ya = 1 - 2 * (y + 1.0f) / res, Yb = 1 - 2 * (y) / (float)res;
        for (int i = 0; i < primitive_count; i++)
            if (by1[i] >= Ya && by0[i] <= Yb) row[nr++] = i;
        float occlusion = 1;
        int occlusion_key = -99999;
        for (int x = 0; x < res; x++) {
            int list[MOST_PRIMITIVES], n = 0;
            float Xa = 2 * x / (float)res - 1, Xb = 2 * (x + 1.0f) / res - 1;
            for (int i = 0; i < nr; i++) {
                int j = row[i];
                if (bx1[j] >= Xa && bx0[j] <= Xb) list[n++] = j;
            }
            v3 acc = vec(0, 0, 0);
            int classes[4];
            float depth_sum = 0;
            occlusion_key = -99999;
            for (int sub = 0; sub < 4; sub++) {
                float X = Xa + (Xb - Xa) * (.5f + SX[sub]), Y = Yb + (Ya - Yb) * (.5f + SY[sub]);
                v3 d = add3(s->forward, scale3(s->right, X * s->tangent));
                d.y += Y * s->tangent + s->shift;
                d = normalize(d);
                Hit h;
                trace_all(s, s->eye, d, &h, n, list);
                int c = 0;
                v3 col = shade(s, s->eye, d, &h, sub, 0, pixel_angle, &occlusion, &occlusion_key,
                               &classes[sub], &c);
                if (c > 0 && c < 8) surface_area[c] += .25f;
                float l = luminance(col);
                float cap = 3.5f;
                if (l > cap) col = scale3(col, cap / l);
                acc = add3(acc, scale3(col, .25f));
                depth_sum += .25f * h.t * dot3(d, s->forward);
            }
            int best = classes[0], bc = 0;
            for (int a = 0; a < 4; a++) {
                int k = 0;
                for (int b = 0; b < 4; b++) k += classes[b] == classes[a];
                if (k > bc) {
                    bc = k;
                    best = classes[a];
                }
            }
            seg[y * res + x] = best;
            depths[y * res + x] = depth_sum;
            radiance[(y * res + x) * 3] = acc.x;
            radiance[(y * res + x) * 3 + 1] = acc.y;
            radiance[(y * res + x) * 3 + 2] = acc.z;
            v3 ac = acc;
            float l = luminance(ac);
            log_sum += logf(l + .004f);
            if (l > 1.2f) ac = scale3(ac, 1.2f / l);
            mr += ac.x;
            mg += ac.y;
            mb += ac.z;
        }
    }
    int N = res * res;
    float log_average = expf(log_sum / N);
    float ev = exposure * powf(log_average / .25f, -key);
    float gm = (mr + mg + mb) / 3;
    float wr = powf(gm / (mr + 1e-6f), white_balance), wg = powf(gm / (mg + 1e-6f), white_balance),
          wb = powf(gm / (mb + 1e-6f), white_balance);
    for (int i = 0; i < N; i++) {
        radiance[i * 3] *= ev * wr;
        radiance[i * 3 + 1] *= ev * wg;
        radiance[i * 3 + 2] *= ev * wb;
    }
    // bloom (separable, bright part)
    int R = res / 16;
    if (R < 2) R = 2;
    float kernel[64];
    float kernel_sum = 0;
    for (int k = -R * 2; k <= R * 2; k++) {
        float g = expf(-.5f * k * k / (float)(R * R) * 1.6f);
        kernel[k + R * 2] = g;
        kernel_sum += g;
    }
    float* tmp = (float*)malloc(sizeof(float) * N * 3);
    for (int y = 0; y < res; y++)
        for (int x = 0; x < res; x++) {
            float a = 0, b = 0, c = 0;
            for (int k = -R * 2; k <= R * 2; k++) {
                int xx = x + k;
                if (xx < 0 || xx >= res) continue;
                const float* q = radiance + (y * res + xx) * 3;
                float l = (q[0] + q[1] + q[2]) * .333f;
                float w = l - .9f;
                if (w <= 0) continue;
                w = fminf(w, 2.5f) / l * kernel[k + R * 2] / kernel_sum;
                a += q[0] * w;
                b += q[1] * w;
                c += q[2] * w;
            }
            tmp[(y * res + x) * 3] = a;
            tmp[(y * res + x) * 3 + 1] = b;
            tmp[(y * res + x) * 3 + 2] = c;
        }
    for (int y = 0; y < res; y++)
        for (int x = 0; x < res; x++) {
            float a = 0, b = 0, c = 0;
            for (int k = -R * 2; k <= R * 2; k++) {
                int yy = y + k;
                if (yy < 0 || yy >= res) continue;
                const float* q = tmp + (yy * res + x) * 3;
                float w = kernel[k + R * 2] / kernel_sum;
                a += q[0] * w;
                b += q[1] * w;
                c += q[2] * w;
            }
            float* o = bl + (y * res + x) * 3;
            o[0] = a;
            o[1] = b;
            o[2] = c;
        }
    double ml = 0, mw = 0;
    for (int y = 0; y < res; y++)
        for (int x = 0; x < res; x++) {
            int i = y * res + x;
            float px = (x + .5f) / res * 2 - 1, py = (y + .5f) / res * 2 - 1;
            float vg = 1 - vignette * (px * px + py * py) * .5f;
            float o[3];
            for (int c = 0; c < 3; c++) {
                float v = (radiance[i * 3 + c] + bloom * bl[i * 3 + c]) * vg;
                v = v * (2.51f * v + .03f) / (v * (2.43f * v + .59f) + .14f);
                v = clampf(v, 0, 1);
                v = powf(v, 1 / 2.2f);
                v = v + contrast * (v - .5f) * v * (1 - v) * 2.f;
                v = clampf(v, 0, 1);
                o[c] = v;
                rgb[i * 3 + c] = (uint8_t)(v * 255 + .5f);
            }
            ml += .3 * o[0] + .59 * o[1] + .11 * o[2];
            mw += o[0] - o[2];
        }
    for (int k = 0; k < 8; k++) stats[k] = surface_area[k] / N;
    stats[8] = ml / N;
    stats[9] = mw / N;
    stats[10] = log_average;
    free(tmp);
    free(radiance);
}
