"""Scratch databases of real size: Odoo in this process, its own connections, real commits."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from tools.environment import databases, served
from tools.environment.settings import SCALE_DATABASE

import odoo
from odoo.modules.registry import Registry


class Watch:
    """Seconds of each step, told when the test ends; by a clock that freezegun leaves alone."""

    def __init__(self):
        self.steps = []

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time a block."""
        begun = os.times().elapsed
        yield
        self.steps.append((name, os.times().elapsed - begun))

    def tell(self, title: str) -> None:
        """Write all steps and their sum."""
        lines = [f"{seconds:8.2f} s  {name}" for name, seconds in self.steps]
        total = sum(seconds for _name, seconds in self.steps)
        sys.stdout.write("\n".join(["", title, *lines, f"{total:8.2f} s  in all", ""]))


@pytest.fixture
def watch(request, capsys) -> Iterator[Watch]:
    """Measure steps; they are shown whatever the outcome."""
    one = Watch()
    yield one
    with capsys.disabled():
        one.tell(request.node.name)


@pytest.fixture
def scratch(request) -> Iterator[odoo.api.Environment]:
    """An environment (superuser) on a copy of the test database that this test may change for good."""
    name = f"liquor_{request.node.originalname[5:25]}"
    served.copy(SCALE_DATABASE, name)
    testing, odoo.tools.config["test_enable"] = odoo.tools.config["test_enable"], False
    try:
        registry = Registry(name)
    finally:
        odoo.tools.config["test_enable"] = testing
    try:
        with registry.cursor() as cursor:
            context = {"tracking_disable": True, "no_reset_password": True, "lang": "en_US"}
            yield odoo.api.Environment(cursor, odoo.SUPERUSER_ID, context)
            cursor.rollback()
    finally:
        Registry.delete(name)
        odoo.sql_db.close_db(name)
        databases.drop(name)
