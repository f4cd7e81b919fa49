#pragma once
// Where rays hit: shadows and ambient occlusion against boxes, exact hits of primitives and of the room
// itself.
#include "scene.h"

static int occluded(const Scene* s, v3 o, v3 d, float tmax) {
    float ix = 1.0f / (fabsf(d.x) < 1e-5f ? 1e-5f : d.x), iy = 1.0f / (fabsf(d.y) < 1e-5f ? 1e-5f : d.y),
          iz = 1.0f / (fabsf(d.z) < 1e-5f ? 1e-5f : d.z);
    int hit = 0;
    for (int i = 0; i < s->occluder_count; i++) {
        float a = (s->x0[i] - o.x) * ix, b = (s->x1[i] - o.x) * ix;
        float tn = a < b ? a : b, tf = a < b ? b : a;
        a = (s->y0[i] - o.y) * iy;
        b = (s->y1[i] - o.y) * iy;
        float n2 = a < b ? a : b, f2 = a < b ? b : a;
        tn = tn > n2 ? tn : n2;
        tf = tf < f2 ? tf : f2;
        a = (s->z0[i] - o.z) * iz;
        b = (s->z1[i] - o.z) * iz;
        n2 = a < b ? a : b;
        f2 = a < b ? b : a;
        tn = tn > n2 ? tn : n2;
        tf = tf < f2 ? tf : f2;
        hit |= (tn < tf) & (tf > 0.0f) & (tn < tmax);
    }
    return hit;
}
static float distance_to_scene(const Scene* s, v3 p) {
    float m = 1e9f;
    for (int i = 0; i < s->occluder_count; i++) {
        float a = s->x0[i] - p.x, b = p.x - s->x1[i];
        float qx = a > b ? a : b;
        a = s->y0[i] - p.y;
        b = p.y - s->y1[i];
        float qy = a > b ? a : b;
        a = s->z0[i] - p.z;
        b = p.z - s->z1[i];
        float qz = a > b ? a : b;
        qx = qx > 0 ? qx : 0;
        qy = qy > 0 ? qy : 0;
        qz = qz > 0 ? qz : 0;
        float d = qx * qx + qy * qy + qz * qz;
        m = m < d ? m : d;
    }
    m = sqrtf(m);
    float w =
        fminf(fminf(fminf(p.x, s->room.x - p.x), fminf(p.z, s->room.z - p.z)), fminf(p.y, s->room.y - p.y));
    return m < w ? m : w;
}
static float ambient_occlusion(const Scene* s, v3 p, v3 n) {
    static const float hs[4] = {0.07f, 0.2f, 0.45f, 0.9f};
    static const float ws[4] = {.24f, .27f, .23f, .18f};
    float o = 0;
    for (int i = 0; i < 4; i++) {
        float d = distance_to_scene(s, add3(p, scale3(n, hs[i])));
        float q = (hs[i] - d) / hs[i];
        if (q > 0) o += ws[i] * q;
    }
    return 1.0f - .78f * o;
}
static void hit_prim(const Scene* s, int i, v3 o, v3 d, Hit* h) {
    const float* p = s->primitives + i * PRIMITIVE_FLOATS;
    int type = (int)p[KIND];
    float idx = 1.0f / (fabsf(d.x) < 1e-6f ? 1e-6f : d.x), idy = 1.0f / (fabsf(d.y) < 1e-6f ? 1e-6f : d.y),
          idz = 1.0f / (fabsf(d.z) < 1e-6f ? 1e-6f : d.z);
    float ax = (p[LOW] - o.x) * idx, bx = (p[HIGH] - o.x) * idx, ay = (p[LOW + 1] - o.y) * idy,
          by = (p[HIGH + 1] - o.y) * idy, az = (p[LOW + 2] - o.z) * idz, bz = (p[HIGH + 2] - o.z) * idz;
    float nx = fminf(ax, bx), fx = fmaxf(ax, bx), ny = fminf(ay, by), fy = fmaxf(ay, by), nz = fminf(az, bz),
          fz = fmaxf(az, bz);
    float tn = fmaxf(nx, fmaxf(ny, nz)), tf = fminf(fx, fminf(fy, fz));
    if (tn >= tf || tf < 1e-3f || tn >= h->t) return;
    if (type == 0) {
        if (tn < 1e-3f) return;
        h->t = tn;
        h->prim = i;
        if (tn == nx) {
            h->axis = 0;
            h->n = vec(d.x > 0 ? -1 : 1, 0, 0);
        } else if (tn == ny) {
            h->axis = 1;
            h->n = vec(0, d.y > 0 ? -1 : 1, 0);
        } else {
            h->axis = 2;
            h->n = vec(0, 0, d.z > 0 ? -1 : 1);
        }
        return;
    }
    float cx = .5f * (p[LOW] + p[HIGH]), cy = .5f * (p[LOW + 1] + p[HIGH + 1]),
          cz = .5f * (p[LOW + 2] + p[HIGH + 2]), rx = .5f * (p[HIGH] - p[LOW]),
          ry = .5f * (p[HIGH + 1] - p[LOW + 1]), rz = .5f * (p[HIGH + 2] - p[LOW + 2]);
    if (type == 2) {  // ellipsoid
        v3 oo = vec((o.x - cx) / rx, (o.y - cy) / ry, (o.z - cz) / rz),
           dd = vec(d.x / rx, d.y / ry, d.z / rz);
        float A = dot3(dd, dd), B = dot3(oo, dd), C = dot3(oo, oo) - 1;
        float D = B * B - A * C;
        if (D < 0) return;
        float t = (-B - sqrtf(D)) / A;
        if (t < 1e-3f || t >= h->t) return;
        v3 q = add3(oo, scale3(dd, t));
        h->t = t;
        h->prim = i;
        h->axis = 3;
        h->n = normalize(vec(q.x / rx, q.y / ry, q.z / rz));
        return;
    }
    // frustum, vertical axis: radius at y = r0 + k*(y-ymin), bottom radius ratio p[BOTTOM], top ratio p[TOP]
    float r0 = p[BOTTOM] * rx, r1 = p[TOP] * rx, H = 2 * ry, k = (r1 - r0) / H;
    float px = o.x - cx, pz = o.z - cz, py = o.y - p[LOW + 1];
    float ro = r0 + k * py, rd = k * d.y;
    float A = d.x * d.x + d.z * d.z - rd * rd, B = px * d.x + pz * d.z - ro * rd,
          C = px * px + pz * pz - ro * ro;
    float D = B * B - A * C;
    if (D > 0 && fabsf(A) > 1e-9f) {
        float q = sqrtf(D);
        float t = (-B - q) / A, t2 = (-B + q) / A;
        if (t > t2) {
            float x = t;
            t = t2;
            t2 = x;
        }
        for (int j = 0; j < 2; j++) {
            float tt = j ? t2 : t;
            float y = py + tt * d.y;
            if (tt > 1e-3f && y >= 0 && y <= H && r0 + k * y >= 0) {
                if (tt < h->t) {
                    h->t = tt;
                    h->prim = i;
                    h->axis = 4;
                    float X = px + tt * d.x, Z = pz + tt * d.z;
                    v3 n = normalize(vec(X, -k * sqrtf(X * X + Z * Z), Z));
                    if (dot3(n, d) > 0) n = scale3(n, -1);
                    h->n = n;
                }
                break;
            }
        }
    }
    for (int j = 0; j < 2; j++) {
        float Y = j ? H : 0, r = j ? r1 : r0;
        float tt = (Y - py) * idy;
        if (tt > 1e-3f && tt < h->t) {
            float X = px + tt * d.x, Z = pz + tt * d.z;
            if (X * X + Z * Z < r * r) {
                h->t = tt;
                h->prim = i;
                h->axis = 1;
                h->n = vec(0, d.y > 0 ? -1 : 1, 0);
            }
        }
    }
}
static void hit_room(const Scene* s, v3 o, v3 d, Hit* h) {
    float tx = d.x > 1e-6f ? (s->room.x - o.x) / d.x : (d.x < -1e-6f ? -o.x / d.x : 1e9f);
    float ty = d.y > 1e-6f ? (s->room.y - o.y) / d.y : (d.y < -1e-6f ? -o.y / d.y : 1e9f);
    float tz = d.z > 1e-6f ? (s->room.z - o.z) / d.z : (d.z < -1e-6f ? -o.z / d.z : 1e9f);
    h->prim = -1;
    if (ty <= tx && ty <= tz) {
        h->t = ty;
        h->axis = 1;
        h->n = vec(0, d.y > 0 ? -1 : 1, 0);
        h->side = d.y > 0 ? 1 : 0;
    } else if (tx <= tz) {
        h->t = tx;
        h->axis = 0;
        h->n = vec(d.x > 0 ? -1 : 1, 0, 0);
        h->side = d.x > 0 ? 4 : 3;
    } else {
        h->t = tz;
        h->axis = 2;
        h->n = vec(0, 0, d.z > 0 ? -1 : 1);
        h->side = d.z > 0 ? 5 : 2;
    }
}
static void trace_all(const Scene* s, v3 o, v3 d, Hit* h, int n, const int* list) {
    hit_room(s, o, d, h);
    if (list) {
        for (int i = 0; i < n; i++) hit_prim(s, list[i], o, d, h);
    } else
        for (int i = 0; i < s->primitive_count; i++) hit_prim(s, i, o, d, h);
}
