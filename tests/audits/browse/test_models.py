"""Open models: each is loaded once, asked by one thread at a time, and let go when nobody asks."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from audits.browse.models import IDLE, Models
from audits.browse.reader import Reader
from probes.errors import BadSubject, NotApplicable
from probes.subjects import open_subject
from probes.subjects.capabilities import Subject
from tests.audits.browse.conftest import Finish, Finished
from tests.audits.engine.worlds import SUBJECT
from tests.probes.asking import one_line

TEXT = ("the rude boss",)


@dataclass
class Time:
    """A clock that goes as it is told, and calls what is due."""

    now: float = 0.0
    due: list[tuple[float, Callable[[], None]]] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def later(self, seconds: float, call: Callable[[], None]) -> None:
        self.due.append((self.now + seconds, call))

    def passes(self, seconds: float) -> None:
        self.now += seconds
        for moment, call in [one for one in self.due if one[0] <= self.now]:
            self.due.remove((moment, call))
            call()


@dataclass
class Door:
    """Opens subjects and counts."""

    opened: list[str] = field(default_factory=list)
    slowly: threading.Event | None = None

    def __call__(self, uri: str, trust: bool) -> Subject:
        self.opened.append(uri)
        if self.slowly is not None:
            self.slowly.wait(10)
        return open_subject(uri, trust)


def kept(idle: float = IDLE) -> tuple[Models, Door, Time]:
    door, time = Door(), Time()
    return Models(idle, time, time.later, door), door, time


def test_a_model_is_opened_once_however_often_it_is_lent() -> None:
    models, door, _ = kept()
    readers = []
    for _ in range(3):
        with models.lend(SUBJECT) as reader:
            readers.append(reader)
    assert door.opened == [SUBJECT]
    assert readers[0] is readers[1] is readers[2]


def test_threads_that_ask_at_once_wait_for_one_model_and_each_other() -> None:
    models, door, _ = kept()
    door.slowly = threading.Event()
    inside, together, readers = [], [], []

    def ask() -> None:
        with models.lend(SUBJECT) as reader:
            inside.append(1)
            together.append(len(inside))
            readers.append(reader)
            reader.answer(TEXT)
            inside.pop()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    door.slowly.set()
    for thread in threads:
        thread.join(10)
    assert door.opened == [SUBJECT]
    assert len(readers) == 4
    assert len({id(reader) for reader in readers}) == 1
    assert set(together) == {1}


def test_a_model_that_nobody_asks_is_let_go() -> None:
    models, door, time = kept(idle=900)
    with models.lend(SUBJECT) as reader:
        time.passes(2000)
        assert models.holds(SUBJECT), "one that is being asked is not idle"
        assert reader.answer(TEXT).predicted == "flagged"
    time.passes(600)
    with models.lend(SUBJECT):
        pass
    time.passes(600)
    assert models.holds(SUBJECT), "it was asked ten minutes ago"
    time.passes(301)
    assert not models.holds(SUBJECT)
    assert door.opened == [SUBJECT]
    assert not time.due, "nothing is open, so nothing need be looked after"
    with models.lend(SUBJECT):
        pass
    assert door.opened == [SUBJECT] * 2


def test_a_timer_that_waits_keeps_no_process_alive() -> None:
    before = set(threading.enumerate())
    models = Models(idle=1000)
    with models.lend(SUBJECT):
        pass
    waiting = set(threading.enumerate()) - before
    assert len(waiting) == 1
    assert all(thread.daemon for thread in waiting)
    for thread in waiting:
        assert isinstance(thread, threading.Timer)
        thread.cancel()


def test_models_are_let_go_when_that_is_asked_for() -> None:
    models, _, _ = kept()
    for uri in (SUBJECT, "scripted:"):
        with models.lend(uri):
            pass
    models.release(SUBJECT)
    assert not models.holds(SUBJECT)
    assert models.holds("scripted:")
    models.release()
    assert not models.holds("scripted:")
    with models.lend(SUBJECT) as reader:
        models.release()
        assert isinstance(reader.answer(TEXT).seconds, float), "who is asking may finish"


def test_a_model_that_vanished_is_one_line_and_comes_back(tiny_bert: Path, tmp_path: Path) -> None:
    folder = tmp_path / "models" / "bert"
    uri, models = f"hf:{folder}?device=cpu", Models()
    with pytest.raises(BadSubject) as caught, models.lend(uri):
        pass
    one_line(caught.value, str(folder))
    assert not models.holds(uri)
    shutil.copytree(tiny_bert, folder)
    with models.lend(uri) as reader:
        first = reader.answer(TEXT)
    shutil.rmtree(folder)
    with models.lend(uri) as reader:
        again = reader.answer(("the kind boss",))
    assert first.labels != again.labels, "what is open still answers"
    models.release()
    with pytest.raises(BadSubject) as caught, models.lend(uri):
        pass
    one_line(caught.value, str(folder))


def test_relative_folders_start_where_the_plan_says(tiny_bert: Path) -> None:
    models = Models()
    with models.lend(f"hf:{tiny_bert.name}?device=cpu", base=tiny_bert.parent) as reader:
        assert reader.labels == ("neutral", "flagged")
    assert models.holds(f"hf:{tiny_bert}?device=cpu")


def test_decisions_in_the_data_are_no_model_to_ask(finish: Finish) -> None:
    models, _, _ = kept()
    with pytest.raises(NotApplicable, match="no model to ask"), models.lend("table:?prediction=said"):
        pass


def test_a_run_is_explained_by_the_model_that_it_audited(finished: Finished) -> None:
    models, door, _ = kept()
    with models.lend_for(finished.run, finished.base) as reader:
        assert isinstance(reader, Reader)
        assert reader.fingerprint == finished.run.manifest.subject.fingerprint
    card = finished.run.manifest.subject.model_copy(update={"fingerprint": "scripted-of-before"})
    changed = finished.run.model_copy(update={"manifest": finished.run.manifest.model_copy(update={"subject": card})})
    with pytest.raises(BadSubject) as caught, models.lend_for(changed, finished.base):
        pass
    one_line(caught.value, finished.run.id, "f-before")
    assert len(door.opened) == 2, "what lies there now was looked at before it was refused"


def test_a_block_that_breaks_gives_the_model_back() -> None:
    models, _, time = kept(idle=10)
    with pytest.raises(ZeroDivisionError), models.lend(SUBJECT):
        raise ZeroDivisionError
    time.passes(11)
    assert not models.holds(SUBJECT)
