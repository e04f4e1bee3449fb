// Nothing here: this file only carries the precompiled header.
