"""Talks in text, and the command line as a user meets it: output, errors, exit code."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ZH_TALK = """\
大家晚上好，欢迎来到今年的发布会。

先讲一件小事。去年冬天，我一个人在工厂门口站了三个小时。那天晚上我特别难过，在车里哭了。
第二天一早，我们的工程师老周把图纸全部撕掉，从头再来。整个团队连续熬了四十天。
为什么我们还要坚持？因为难走的路，才没有人抢。

下面看产品。新一代台灯重三百克，亮度提高了两倍。比上一代省电一半。长按一秒就能调光。售价三百九十九元。
去年我们卖出了两百万台，门店超过五百家。
我们相信，光不是用来看的，是用来等人回家的。

谢谢大家。
"""

EN_TALK = """\
Good evening, and thank you all for coming.

Last winter I stood outside our factory for three hours. I was so worried that I could not sleep that night.
The next morning our engineers threw away every drawing and started again. They worked for forty days.
Why did we keep going? Because nobody fights you for the hard road.

Now let us look at the lamp. It weighs three hundred grams. It is twice as bright as the last one.
Hold the switch for a second and it dims. It costs ninety nine dollars.
Last year we sold two million of them in five hundred shops.
Light is not for looking at. Light is for waiting up for someone.

Thank you.
"""


@pytest.fixture
def talks(tmp_path: Path) -> Path:
    """A folder of text talks: three years of one speaker in Chinese, one in English."""
    folder = tmp_path / "talks"
    folder.mkdir()
    for n, year in enumerate((2021, 2022, 2023)):
        # A sentence more each year, so that no two talks are the same.
        (folder / f"launch-{year}.txt").write_text(ZH_TALK + "我记得那一天的雨。\n" * n, encoding="utf-8")
    (folder / "keynote_2022.txt").write_text(EN_TALK, encoding="utf-8")
    return folder


@pytest.fixture
def rhetoric(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the command line in a fresh process, in the test's folder."""

    def run(*arguments: str | Path, cwd: Path = tmp_path, code: int | None = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run([sys.executable, "-m", "rhetoric", *map(str, arguments)], cwd=cwd, text=True,
                              encoding="utf-8", capture_output=True, timeout=300, check=False)
        assert "Traceback" not in done.stderr, done.stderr
        if code is not None:
            assert done.returncode == code, done.stdout + done.stderr
        return done

    return run
