"""Odoo's own linters (add-on ``test_lint``), narrowed from all 600 add-ons on the path to ours."""

from unittest.mock import patch

from odoo.modules import Manifest
from odoo.tests import tagged

from odoo.addons.test_lint.tests import (
    test_dunderinit,
    test_i18n,
    test_index,
    test_jstranslate,
    test_manifests,
    test_markers,
    test_naming,
    test_onchange_domains,
    test_orm_import,
    test_override_signatures,
    test_pofile,
    test_routes,
    test_test_holes,
)

OURS = ("liquor_member", "liquor_channel", "liquor_scan", "test_liquor")


class OnlyOurs:
    """Shows the linter our add-ons alone."""

    @classmethod
    def setUpClass(cls):
        manifests = [manifest for manifest in map(Manifest.for_addon, OURS) if manifest]
        for target, value in (
            ("odoo.modules.Manifest.all_addon_manifests", staticmethod(lambda: manifests)),
            ("odoo.addons.test_lint.tests.test_pofile.get_modules", lambda: [one.name for one in manifests]),
        ):
            patcher = patch(target, value)
            patcher.start()
            cls.addClassCleanup(patcher.stop)
        super().setUpClass()


@tagged("post_install", "-at_install")
class TestDunderInit(OnlyOurs, test_dunderinit.TestDunderinit):
    pass


@tagged("post_install", "-at_install")
class TestInterpolation(OnlyOurs, test_i18n.TestI18n):
    pass


@tagged("post_install", "-at_install")
class TestIndex(OnlyOurs, test_index.TestIndex):
    pass


@tagged("post_install", "-at_install")
class TestJavaScriptTranslations(OnlyOurs, test_jstranslate.TestJsTranslations):
    pass


@tagged("post_install", "-at_install")
class TestManifests(OnlyOurs, test_manifests.ManifestLinter):
    pass


@tagged("post_install", "-at_install")
class TestMarkers(OnlyOurs, test_markers.TestConflictMarkers):
    pass


@tagged("post_install", "-at_install")
class TestNaming(OnlyOurs, test_naming.TestNaming):
    pass


@tagged("post_install", "-at_install")
class TestOnchange(OnlyOurs, test_onchange_domains.TestOnchangeDomains):
    pass


@tagged("post_install", "-at_install")
class TestOrmImport(OnlyOurs, test_orm_import.TestDunderinit):
    pass


@tagged("post_install", "-at_install")
class TestSignatures(OnlyOurs, test_override_signatures.TestLintOverrideSignatures):
    pass


@tagged("post_install", "-at_install")
class TestTemplates(OnlyOurs, test_pofile.PotLinter):
    pass


@tagged("post_install", "-at_install")
class TestRoutes(OnlyOurs, test_routes.RoutesLinter):
    pass


@tagged("post_install", "-at_install")
class TestHoles(OnlyOurs, test_test_holes.TestTestHoles):
    pass
