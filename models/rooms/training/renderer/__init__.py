"""Rooms rendered from (seed, index): images and exact ground truth.

`Room` draws the scene in the order in which its methods are called, so every random draw has its place:
moving a line moves all rooms. The ray caster (caster.c) is compiled at the first import.
"""
