"""make.py DIR: writes DIR/ENVELOPE/NAME.eml for each shape, and the keys that some are signed with."""

import os
import sys

import signed
import table

top = sys.argv[1]
signed.keys_make(f"{top}/keys")
for s in table.shapes() + signed.shapes(f"{top}/keys"):
    place = os.path.join(top, s.envelope)
    os.makedirs(place, exist_ok=True)
    with open(os.path.join(place, s.name + ".eml"), "wb") as f:
        f.write(s.message)
signed.keys_end(f"{top}/keys")
