"""pytest plugin: collects an add-on's engine tests without loading the add-on's models or a database.

Add-on packages and their test packages are registered as plain folders, so that importing
``odoo.addons.x.engine`` does not run ``odoo/addons/x/__init__.py``.
"""

import sys
from pathlib import Path
from types import ModuleType

import _pytest.pathlib

import odoo.addons

ADDONS = Path(__file__).resolve().parents[1] / "addons"


def _register(name: str, folder: Path) -> None:
    module = ModuleType(name)
    module.__path__ = [str(folder)]
    sys.modules[name] = module


def pytest_configure(config) -> None:
    """Make ``odoo.addons.<ours>`` importable without side effects."""
    odoo.addons.__path__.append(str(ADDONS))
    for manifest in sorted(ADDONS.glob("*/__manifest__.py")):
        addon = manifest.parent
        name = f"odoo.addons.{addon.name}"
        _register(name, addon)
        setattr(odoo.addons, addon.name, sys.modules[name])
        for folder in [addon / "tests", *(addon / "tests").rglob("*")]:
            if folder.is_dir() and (folder / "__init__.py").exists():
                _register(".".join([name, *folder.relative_to(addon).parts]), folder)
    _patch_module_names()


def _patch_module_names() -> None:
    original = _pytest.pathlib.resolve_pkg_root_and_module_name

    def resolve(path: Path, *, consider_namespace_packages: bool = False) -> tuple[Path, str]:
        root, name = original(path, consider_namespace_packages=consider_namespace_packages)
        if root == ADDONS:
            name = f"odoo.addons.{name}"
        return root, name

    _pytest.pathlib.resolve_pkg_root_and_module_name = resolve
