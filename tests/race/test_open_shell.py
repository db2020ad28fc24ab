"""The open shell of a served copy gives each script what a new shell would: nothing of the one before it."""

import pytest
from tools.environment.console import Failure

COUNT = "print(env['res.partner'].search_count([('name', '=', '开着的壳')]))"


def test_what_is_not_committed_is_gone(site):
    assert site.shell(f"env['res.partner'].create({{'name': '开着的壳'}})\nleft = 1\n{COUNT}") == "1\n"
    assert site.shell(f"print('left' in globals())\n{COUNT}") == "False\n0\n"


def test_an_error_is_told_and_the_next_script_runs(site):
    with pytest.raises(Failure, match=r"(?s)in an error:.*ZeroDivisionError"):
        site.shell("env['res.partner'].create({'name': '开着的壳'})\n1 / 0\n")
    assert site.shell(COUNT) == "0\n"


def test_what_is_committed_is_seen_by_others(site):
    made = "one = env['res.partner'].create({'name': '开着的壳'})\nenv.cr.commit()\nprint(one.id)"
    number = int(site.shell(made))
    assert site.query(f"SELECT name FROM res_partner WHERE id = {number}") == "开着的壳"
    site.query(f"UPDATE res_partner SET name = 'again' WHERE id = {number}")
    assert site.shell(f"print(env['res.partner'].browse({number}).name)") == "again\n"
