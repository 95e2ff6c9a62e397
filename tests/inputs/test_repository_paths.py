"""Paths from the top of the repository that the working folder is in."""

from __future__ import annotations

from pathlib import Path

import pytest

from costplan.inputs.repository import in_repository, top_folder


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "work/infra/prod").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "work/infra")


@pytest.mark.parametrize("is_tree", [False, True])
def test_the_top_is_where_git_has_its_folder_or_in_a_work_tree_its_file(
    tmp_path: Path, is_tree: bool
) -> None:
    mark = tmp_path / "work/.git"
    mark.write_text("gitdir: elsewhere\n", encoding="utf-8") if is_tree else mark.mkdir()
    assert top_folder() == tmp_path / "work"
    assert in_repository("prod/shop.yaml") == "infra/prod/shop.yaml"
    assert in_repository("../shop.yaml") == "shop.yaml"
    assert in_repository(str(tmp_path / "work/infra/a b.yaml")) == "infra/a b.yaml"


def test_outside_of_a_repository_the_working_folder_is_the_top(tmp_path: Path) -> None:
    assert in_repository("./prod/../shop.yaml") == "shop.yaml"
    assert in_repository("../shop.yaml") == "../shop.yaml"
    assert in_repository("/etc/hosts") == "/etc/hosts"


@pytest.mark.parametrize("file", ["", "<stdin>", "--set resources.a=1"])
def test_what_is_no_file_stays_as_it_is_called(file: str) -> None:
    assert in_repository(file) == file


def test_a_link_keeps_the_path_under_which_it_was_named(tmp_path: Path) -> None:
    (tmp_path / "real.yaml").write_text("a: 1\n", encoding="utf-8")
    Path("link.yaml").symlink_to(tmp_path / "real.yaml")
    assert in_repository("link.yaml") == "link.yaml"
