"""A multilingual sentence encoder with several heads: read at run time by `model`, trained by `training` (extra)."""
