"""What the environment says when a machine is not as it should be: a sentence that tells what to do."""

import os
import shutil
import socket
import subprocess
from unittest.mock import patch

import pytest
from tools.environment import odoo_source, server, settings, system
from tools.environment.console import Failure, run


def test_taken_port_names_another():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with patch.dict(os.environ, {"ODOO_PORT": str(port)}), pytest.raises(Failure, match=f"ODOO_PORT={port + 1}"):
            server.start("no_database")


def test_wrong_port_is_refused():
    for text in ("http", "80", "70000", "-1"):
        with patch.dict(os.environ, {"ODOO_PORT": text}), pytest.raises(Failure, match="no port number"):
            settings.http_port()


def test_full_disk_is_named_before_anything_starts():
    usage = shutil._ntuple_diskusage(10 * 2**30, 9 * 2**30, 2**30)
    with patch("shutil.disk_usage", return_value=usage), pytest.raises(Failure, match=r"1\.0 GiB free"):
        system.check_disk()


def test_missing_packages_tell_an_ordinary_user_what_to_ask_for():
    with patch("os.geteuid", return_value=1000), pytest.raises(Failure, match=r"sudo apt-get install .* no-such-thing"):
        system.ensure({"no-such-thing": lambda: False})


def test_missing_program_is_named():
    with pytest.raises(Failure, match="no-such-program"):
        run(["no-such-program"])


def test_failing_program_shows_its_last_lines():
    with pytest.raises(Failure, match="last words"):
        run(["sh", "-c", "echo last words; exit 3"])


def test_odoo_home_without_odoo(tmp_path):
    with (
        patch.dict(os.environ, {"ODOO_HOME": str(tmp_path)}),
        pytest.raises(Failure, match=r"holds no odoo/release\.py"),
    ):
        odoo_source.python_path()


def test_odoo_home_of_another_version(tmp_path):
    (tmp_path / "odoo").mkdir()
    (tmp_path / "odoo/release.py").write_text("version_info = (18, 0, 0)\n", encoding="utf-8")
    with patch.dict(os.environ, {"ODOO_HOME": str(tmp_path)}), pytest.raises(Failure, match=r"not Odoo 19\.0"):
        odoo_source.python_path()


def test_unknown_command_lists_the_known_ones():
    words = ["python3", "-m", "tools.environment", "nonsense"]
    done = subprocess.run(words, cwd=settings.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "test-full" in done.stderr


def test_state_of_an_interrupted_step_is_not_taken_for_done(tmp_path):
    with patch.object(settings, "RUN", tmp_path):
        settings.write_state("step", {"finished": True})
        assert settings.read_state("step") == {"finished": True}
        (tmp_path / "state" / "step.json").write_text('{"finish', encoding="utf-8")
        assert settings.read_state("step") == {}
