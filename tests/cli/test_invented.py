"""What a recogniser invented is told by every command that meets it."""

from __future__ import annotations

import json

CAPTIONS = """\
1
00:00:01,000 --> 00:00:04,000
大家晚上好，欢迎来到今年的发布会。

2
00:00:05,000 --> 00:00:09,000
去年冬天，我一个人在工厂门口站了三个小时。

3
00:00:10,000 --> 00:00:12,000
它重三百克，售价三百九十九元。字幕志愿者 王小明
"""


def test_invented_text_is_kept_told_and_left_out(rhetoric, tmp_path):
    (tmp_path / "talk-2021.srt").write_text(CAPTIONS, encoding="utf-8")
    rhetoric("add", "talk-2021.srt", "--speaker", "林知远")
    rhetoric("run")
    (row,) = json.loads(rhetoric("status", "--json").stdout)
    assert row["quarantine"] == "1 segment left out as invented (subtitle credits 1)"
    assert row["problem"] == ""
    assert "subtitle credits" in " ".join(rhetoric("status").stdout.split())
    comparison = json.loads((tmp_path / "reports" / "by-year" / "comparison.json").read_bytes())
    (alert,) = [alert for alert in comparison["alerts"] if alert["key"] == "invented"]
    assert "talk-2021 (1)" in alert["text"]["en"]
    assert "王小明" not in json.dumps(comparison, ensure_ascii=False)
    for form in ("srt", "txt"):
        done = rhetoric("export", "talk-2021", "--format", form)
        assert "王小明" not in done.stdout
        assert "售价三百九十九元。" in done.stdout
        assert "1 segment left out as invented" in done.stderr
    done = rhetoric("export", "talk-2021", "--format", "json")
    assert json.loads(done.stdout)["segments"][-1]["flags"] == ["credit"]
    assert done.stderr == ""
