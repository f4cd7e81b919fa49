#pragma once
// Light: ambient, lamps, windows, sun, and one mirror bounce.
#include "texture.h"

static const float SX[4] = {-.25f, .25f, -.25f, .25f}, SY[4] = {-.25f, -.25f, .25f, .25f};
static v3 shade(const Scene* s, v3 o, v3 d, Hit* h, int sub, int depth, float pixel_angle, float* occlusion,
                int* occlusion_key, int* class_out, int* surface_out) {
    v3 p = add3(o, scale3(d, h->t));
    v3 n = h->n;
    const float* pr = h->prim >= 0 ? s->primitives + h->prim * PRIMITIVE_FLOATS : 0;
    int material_index = pr ? (int)pr[MATERIAL] : h->side;
    const float* m = s->materials + material_index * MATERIAL_FLOATS;
    if (class_out) *class_out = pr ? (int)pr[CLASS] : (h->side == 0 ? 1 : (h->side == 1 ? 2 : 0));
    if (surface_out) *surface_out = (int)m[SURFACE];
    v3 geometric_normal = n;
    float cosv = fmaxf(.08f, -dot3(d, n));
    float footprint = pixel_angle * h->t / cosv;
    footprint = fminf(footprint, pixel_angle * h->t * 5);
    v3 shading_normal = n;
    if (pr && pr[BEVEL] > 0 && h->axis < 3) {  // bevelled normal
        float b = pr[BEVEL];
        float lo[3] = {p.x - pr[LOW], p.y - pr[LOW + 1], p.z - pr[LOW + 2]},
              hi[3] = {pr[HIGH] - p.x, pr[HIGH + 1] - p.y, pr[HIGH + 2] - p.z};
        float a[3] = {0, 0, 0};
        for (int i = 0; i < 3; i++)
            if (i != h->axis) {
                float sz = .5f * (lo[i] + hi[i]);
                float bb = fminf(b, sz);
                if (lo[i] < bb) {
                    float q = 1 - lo[i] / bb;
                    a[i] -= q * q * .95f;
                }
                if (hi[i] < bb) {
                    float q = 1 - hi[i] / bb;
                    a[i] += q * q * .95f;
                }
            }
        shading_normal = normalize(vec(n.x + a[0], n.y + a[1], n.z + a[2]));
    }
    v3 emission = vec(0, 0, 0);
    float reflection = m[REFLECTION];
    v3 albedo = texture(s, m, p, n, d, h, pr, footprint, &shading_normal, &emission, &reflection);
    if (!pr && h->axis != 1) {  // baseboard, cornice
        if (p.y < m[P3]) albedo = scale3(vec(.78f, .77f, .75f), p.y > m[P3] - .012f ? .7f : 1.f);
        if (p.y > s->room.y - m[EMISSION]) {
            albedo = vec(.80f, .79f, .77f);
        }
        emission = vec(0, 0, 0);
    }
    shading_normal = normalize(shading_normal);
    v3 L = vec(0, 0, 0), spec = vec(0, 0, 0);
    v3 origin = add3(p, scale3(geometric_normal, .012f));
    float ao;
    int key = h->prim * 8 + h->axis * 2 +
              (geometric_normal.x + geometric_normal.y + geometric_normal.z > 0 ? 1 : 0) +
              (h->prim < 0 ? -100 * h->side - 1000 : 0);
    if (occlusion_key && *occlusion_key == key && h->axis < 3)
        ao = *occlusion;
    else {
        ao = ambient_occlusion(s, origin, h->axis < 3 ? geometric_normal : shading_normal);
        if (occlusion_key) {
            *occlusion_key = key;
            *occlusion = ao;
        }
    }
    ao = clampf(ao, .06f, 1);
    // ambient
    float up = .5f + .5f * shading_normal.y;
    v3 am = mix3(s->bounce, s->ambient, up);
    L = add3(L, scale3(am, ao));
    for (int i = 0; i < s->light_count; i++) {
        const float* l = s->lights + i * LIGHT_FLOATS;
        v3 light_color = vec(l[COLOR], l[COLOR + 1], l[COLOR + 2]);
        if (luminance(light_color) < 1e-4f) continue;
        if (l[KIND] < .5f) {
            v3 light_point = vec(l[AT], l[AT + 1], l[AT + 2]);
            float r = l[RADIUS];
            light_point.x += r * (sub & 1 ? 1 : -1) * .7f;
            light_point.z += r * (sub & 2 ? 1 : -1) * .7f;
            light_point.y += r * ((sub == 0 || sub == 3) ? .5f : -.5f);
            v3 w = sub3(light_point, origin);
            float d2 = dot3(w, w);
            float dd = sqrtf(d2);
            w = scale3(w, 1 / dd);
            // indirect
            L = add3(L, scale3(light_color, ao * .085f / (d2 * .6f + 1.f)));
            float facing = dot3(shading_normal, w);
            facing = facing * .9f + .1f;
            if (facing <= 0 || dot3(geometric_normal, w) < -.02f) continue;
            float att = 1.0f / (d2 + .06f);
            if (l[DIRECTION] > .5f) {
                float cy = fabsf(w.y);
                att *= .34f + .85f * smooth_step(.62f, .86f, cy);
            } else if (l[DIRECTION] < -.5f) {
                att *= w.y > 0 ? .35f + .65f * smooth_step(.25f, .6f, w.y) : .22f;
            }
            if (luminance(light_color) * att * facing < .002f) continue;
            if (occluded(s, origin, w, dd - .02f)) continue;
            L = add3(L, scale3(light_color, att * facing));
            if (m[SPECULAR] > 0) {
                v3 half_vector = normalize(sub3(w, d));
                float q = powf(fmaxf(dot3(shading_normal, half_vector), 0), 40.f);
                spec = add3(spec, scale3(light_color, att * q * m[SPECULAR]));
            }
        } else {
            v3 a = vec(l[AT], l[AT + 1], l[AT + 2]), b = vec(l[TO], l[TO + 1], l[TO + 2]);
            v3 c = scale3(add3(a, b), .5f), e = sub3(b, a);
            v3 window_normal = vec(l[NORMAL], l[NORMAL + 1], l[NORMAL + 2]);
            float area = (fabsf(window_normal.x) > .5f ? e.z : e.x) * e.y;
            {
                v3 w = sub3(c, origin);
                float d2 = dot3(w, w);
                L = add3(L, scale3(light_color, ao * .05f * area / (d2 * .5f + 1.f)));
            }
            for (int j = 0; j < 2; j++) {
                float ox = SX[sub] * 1.0f + (j ? .125f : -.125f), oy = SY[sub] * 1.0f + (j ? -.125f : .125f);
                v3 light_point =
                    vec(c.x + (fabsf(window_normal.x) > .5f ? 0 : ox * e.x * 1.3f), c.y + oy * e.y * 1.3f,
                        c.z + (fabsf(window_normal.x) > .5f ? ox * e.z * 1.3f : 0));
                v3 w = sub3(light_point, origin);
                float d2 = dot3(w, w);
                float dd = sqrtf(d2);
                w = scale3(w, 1 / dd);
                float facing = dot3(shading_normal, w) * .92f + .08f, cl = -dot3(window_normal, w);
                if (facing <= 0 || cl <= 0 || dot3(geometric_normal, w) < -.02f) continue;
                float f = .5f * facing * (cl * .85f + .15f) * area / (3.1416f * d2 + area * .5f);
                if (occluded(s, origin, w, dd - .03f)) continue;
                L = add3(L, scale3(light_color, f));
                if (m[SPECULAR] > 0) {
                    v3 half_vector = normalize(sub3(w, d));
                    float q = powf(fmaxf(dot3(shading_normal, half_vector), 0), 24.f);
                    spec = add3(spec, scale3(light_color, f * q * m[SPECULAR]));
                }
            }
            // sun
            if (l[SUNNY] > .5f && s->sun_color.x > 1e-3f) {
                v3 sun = s->sun_direction;
                float nl2 = dot3(shading_normal, sun);
                if (nl2 > 0 && dot3(geometric_normal, sun) > 0) {
                    float t = -1;
                    float fu = -1, fv = 0;
                    if (fabsf(window_normal.x) > .5f) {
                        if (sun.x * window_normal.x < 0) t = (c.x - origin.x) / sun.x;
                        if (t > 0) fu = (origin.z + t * sun.z - a.z) / e.z;
                    } else {
                        if (sun.z * window_normal.z < 0) t = (c.z - origin.z) / sun.z;
                        if (t > 0) fu = (origin.x + t * sun.x - a.x) / e.x;
                    }
                    if (t > 0 && fu > .03f && fu < .97f) {
                        fv = (origin.y + t * sun.y - a.y) / e.y;
                        if (fv > .03f && fv < .97f) {
                            int nx = (int)l[PANES];
                            float g = fu * nx;
                            float q = fabsf(g - floorf(g + .5f));
                            if (!(nx > 1 && q < .035f * nx) && !occluded(s, origin, sun, t - .05f))
                                L = add3(L, scale3(s->sun_color, nl2));
                        }
                    }
                }
            }
        }
    }
    v3 c = add3(add3(mul3(albedo, L), emission), spec);
    if (reflection > .015f && depth == 0) {
        v3 rn = normalize(add3(scale3(geometric_normal, .85f), scale3(shading_normal, .15f)));
        if (h->axis < 3) rn = geometric_normal;
        float cv = fmaxf(0, -dot3(d, rn));
        float q = 1 - cv;
        float F = reflection * (.30f + .70f * q * q * q);
        F = fminf(F * 1.0f, .8f);
        if (F > .008f) {
            v3 rd = add3(d, scale3(rn, 2 * cv));
            float rough = m[P2] > 5 ? 0 : .02f;
            rd.x += rough * (sub & 1 ? 1 : -1);
            rd.z += rough * (sub & 2 ? 1 : -1);
            rd = normalize(rd);
            Hit h2;
            trace_all(s, origin, rd, &h2, 0, 0);
            v3 rc = shade(s, origin, rd, &h2, sub, 1, pixel_angle * 2, 0, 0, 0, 0);
            c = add3(scale3(c, 1 - F * .6f), scale3(rc, F));
        }
    }
    return c;
}
