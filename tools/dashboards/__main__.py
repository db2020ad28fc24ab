"""Write the files of every board."""

import sys

from .build import FOLDER, files

for name, text in files().items():
    (FOLDER / name).write_text(text, encoding="utf-8")
    sys.stdout.write(f"{name}\n")
