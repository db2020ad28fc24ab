"""The add-ons' engines without Odoo's models: the audit hashes and adds up with the same code as the suite."""

import sys
from pathlib import Path
from types import ModuleType

import odoo.addons

ADDONS = Path(__file__).resolve().parents[2] / "addons"


def register() -> None:
    """Make ``odoo.addons.<ours>.engine`` importable in a process that has no registry."""
    odoo.addons.__path__.append(str(ADDONS))
    for manifest in ADDONS.glob("*/__manifest__.py"):
        name = f"odoo.addons.{manifest.parent.name}"
        module = ModuleType(name)
        module.__path__ = [str(manifest.parent)]
        sys.modules[name] = module
        setattr(odoo.addons, manifest.parent.name, module)
