"""One chart a file; each is a pure function from numbers to an SVG string.

All charts are as wide as their place: x is a percentage and y a pixel, so type keeps its size on a phone, on a desk and
on paper, and nothing has to be drawn again by a script. Colours are classes; the style sheet knows both themes.
"""
