"""pytest plugin: collects an add-on's engine tests without loading the add-on's models or a database.

Add-on packages and their test packages are registered as plain folders, so that importing
``odoo.addons.x.engine`` does not run ``odoo/addons/x/__init__.py``.
"""

import sys
from pathlib import Path
from types import ModuleType

import pytest_odoo

import odoo.addons

from . import hypothesis_profile

ADDONS = Path(__file__).resolve().parents[1] / "addons"


def _register(name: str, folder: Path) -> None:
    module = ModuleType(name)
    module.__path__ = [str(folder)]
    sys.modules[name] = module


def pytest_configure(config) -> None:
    """Make ``odoo.addons.<ours>`` importable without side effects."""
    hypothesis_profile.load()
    odoo.addons.__path__.append(str(ADDONS))
    for manifest in sorted(ADDONS.glob("*/__manifest__.py")):
        addon = manifest.parent
        name = f"odoo.addons.{addon.name}"
        _register(name, addon)
        setattr(odoo.addons, addon.name, sys.modules[name])
        for folder in [addon / "tests", *(addon / "tests").rglob("*")]:
            if folder.is_dir() and (folder / "__init__.py").exists():
                _register(".".join([name, *folder.relative_to(addon).parts]), folder)
    # The parts of pytest-odoo that need no database: module names, and Odoo's test case under pytest.
    pytest_odoo.monkey_patch_resolve_pkg_root_and_module_name()
    pytest_odoo.support_subtest()
    pytest_odoo.disable_odoo_test_retry()
