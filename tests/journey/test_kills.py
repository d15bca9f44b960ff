"""Promise 4, nothing lost: a scripted interview, killed with SIGKILL at random moments and continued each time.

`python -m evals.performance.kills` does the same a hundred times.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from random import Random

from evals.performance.kills import Result, Trial, run


def test_killed_at_any_moment_the_interview_goes_on_where_it_was(tmp_path):
    result = run(tmp_path, kills=6, seed=2)
    assert result.wrong == []
    assert result.kills == {"start": 2, "waiting": 2, "typed": 1, "reading": 1}
    assert result.acknowledged > 0


def test_the_check_would_notice_an_answer_that_was_lost(tmp_path):
    result = Result()
    trial = Trial(tmp_path, Random(1), result)
    while result.acknowledged == 0:
        trial.go_on("reading")
        trial.go_on("waiting")
    with closing(sqlite3.connect(tmp_path / "iiam.sqlite3")) as database:
        last = "SELECT max(seq) FROM events WHERE kind = 'answer_given'"
        database.execute(f"DELETE FROM events WHERE seq >= ({last})")
        database.commit()
    trial.end()
    assert any("the record holds" in line for line in result.wrong)
