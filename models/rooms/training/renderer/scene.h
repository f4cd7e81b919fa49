#pragma once
// A scene as scene.py packs it: one row of floats for each primitive, material and light.
#include "vector.h"

enum { MOST_PRIMITIVES = 160, PRIMITIVE_FLOATS = 14, MATERIAL_FLOATS = 20, LIGHT_FLOATS = 16 };

// Columns of a primitive: kind (box, frustum, ellipsoid), segmentation class, material, bounds, bevel,
// whether it casts shadows, and a frustum's radii at bottom and top relative to its bounds.
enum { KIND, CLASS, MATERIAL, LOW, HIGH = 6, BEVEL = 9, CASTS, BOTTOM, TOP };

// Columns of a material after its kind and two colours. P1 ... P4 mean what the kind's case in texture.h
// says.
enum { SCALE = 7, REFLECTION, SPECULAR, P1, P2, P3, EMISSION, SEED = 16, SURFACE, FRONT, P4 };

// Kinds of material; the same numbers as in scene.py.
enum { PLAIN, PLANKS, WOOD, TILES, CARPET, STRIPES, FABRIC, SHADE, WINDOW, PICTURE, SCREEN, STONE, BOOKS };
enum { CURTAIN = 14, RUG, FRONTS, STEEL, LEAVES };

// Columns of a light: a lamp has a place, colour, direction (up and down, around, down) and radius; a window
// has the corners AT and TO, the number of panes, its normal, and whether the sun may shine through it.
enum { AT = 1, COLOR = 4, TO = 7, DIRECTION = 10, RADIUS = 11, PANES = 11, NORMAL = 12, SUNNY = 15 };

typedef struct {
    const float *primitives, *materials, *lights;
    int primitive_count, light_count, occluder_count;
    v3 room, eye, forward, right;
    float tangent, shift;
    v3 ambient, bounce, sky_zenith, sky_horizon, sun_direction, sun_color, ground;
    float x0[MOST_PRIMITIVES], x1[MOST_PRIMITIVES], y0[MOST_PRIMITIVES], y1[MOST_PRIMITIVES],
        z0[MOST_PRIMITIVES], z1[MOST_PRIMITIVES];
} Scene;
typedef struct {
    float t;
    int prim;
    int axis;
    v3 n;
    int side;
} Hit;
