"""Blocks on the workers of a Dask cluster: the labels of one process, whoever works and whatever dies.

Workers are threads where it makes no difference, since a process costs seconds; two processes are there to be killed.
"""

import asyncio
import locale
import logging
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest

import workbench as wb
from tests.test_theme_model import Sampled, letters, made_up
from workbench.errors import InputError
from workbench.themes import workers
from workbench.themes.engines import EngineError, Here, Texts, open_engine

dask = pytest.importorskip("dask")
distributed = pytest.importorskip("distributed")

NOTES = [*made_up(400), "", "Импорт теряет строки"]
# As unlike this process as a worker's surroundings can be.
ELSEWHERE = {
    "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "TZ": "Asia/Kathmandu",
}  # fmt: skip


class Tiny(Sampled):
    """So many blocks that a worker is in the middle of some whenever it dies."""

    BLOCK = 50


@pytest.fixture(scope="module")
def here():
    return Tiny(engine="local").fit(NOTES)


@pytest.fixture(autouse=True, scope="module")
def quiet():
    """Dask writes tracebacks about connections when a worker is killed, which is what is done here."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def cluster(n_workers, *, processes=False, **options):
    return distributed.LocalCluster(
        n_workers=n_workers,
        threads_per_worker=1,
        processes=processes,
        dashboard_address="127.0.0.1:0",
        silence_logs=logging.CRITICAL,
        **options,
    )


@pytest.fixture(scope="module")
def client():
    with cluster(2) as two, distributed.Client(two, set_as_default=False) as client:
        yield client


@pytest.fixture(scope="module")
def processes():
    with pytest.MonkeyPatch.context() as patch:
        for name, value in ELSEWHERE.items():
            patch.setenv(name, value)
        patch.setenv("PYTHONHASHSEED", "")  # Dask gives its workers one, and leaves it behind
        # One that takes longer than this to come back never does, and here everything else runs beside.
        with (
            dask.config.set({"distributed.deploy.lost-worker-timeout": workers.PATIENCE}),
            cluster(2, processes=True) as two,
            distributed.Client(two, set_as_default=False) as client,
        ):
            yield client


def running(client):
    """Pids of processes that are wholly up: one that is killed while it starts is given up by Dask."""
    return {one.pid for one in client.cluster.workers.values() if one.process.status == distributed.Status.running}


@pytest.fixture
def impatient(monkeypatch):
    """Looks every tenth of a second, and waits a second at most; on a machine that is at its limit an answer may take longer."""
    for name, seconds in {"LOOK": 0.1, "PATIENCE": 1.0, "ANSWER": 10.0}.items():
        monkeypatch.setattr(workers, name, seconds)


def once(share, act):
    """A progress that does something when so much is done."""
    done = []

    def look(found):
        if found > share and not done:
            done.append(found)
            act()

    return look


def assert_same(found, expected):
    assert found.labels_.tolist() == expected.labels_.tolist()
    assert found.typicality_.tolist() == expected.typicality_.tolist()
    assert found.terms_ == expected.terms_
    assert found.languages_ == expected.languages_


@pytest.mark.parametrize("size", [1, 7, 50, 1000])
def test_labels_do_not_depend_on_where_blocks_end(here, size):
    class Cut(Sampled):
        BLOCK = size

    assert_same(Cut(engine="local").fit(NOTES), here)


@pytest.mark.parametrize("n_workers", [1, 4])
def test_any_number_of_workers_finds_what_one_process_finds(here, n_workers):
    with cluster(n_workers) as several, distributed.Client(several, set_as_default=False) as client:
        assert_same(Tiny(engine=client).fit(NOTES), here)


def test_workers_in_other_surroundings_find_the_same(processes, here):
    seen = processes.run(lambda: (hash("a"), time.tzname[0], locale.getpreferredencoding(False))).values()
    assert hash("a") not in {one[0] for one in seen}
    assert {one[1:] for one in seen} == {("+0545", "ANSI_X3.4-1968")}
    assert_same(Tiny(engine=processes).fit(NOTES), here)


def test_all_workers_killed_at_once_and_again_while_it_is_done_again_change_nothing(processes, here):
    before = set(processes.run(os.getpid).values())
    killed = []

    def kill(share):
        if share > 0.45 and len(killed) < 4:
            alive = running(processes) - set(killed)
            for pid in alive:
                os.kill(pid, signal.SIGKILL)
            killed.extend(alive)

    assert_same(Tiny(engine=processes, progress=kill).fit(NOTES), here)
    assert before < set(killed)
    assert not set(killed) & set(processes.run(os.getpid).values())


def test_all_workers_gone_are_waited_for_and_said(here, monkeypatch):
    said = []
    with cluster(2) as two, distributed.Client(two, set_as_default=False) as client:

        def say(line):
            said.append(line)
            two.scale(1)

        monkeypatch.setattr(workers, "LOOK", 0.1)
        monkeypatch.setattr(workers, "print", say, raising=False)
        assert_same(Tiny(engine=client, progress=once(0.4, lambda: two.scale(0))).fit(NOTES), here)
    assert said == ["No Dask worker is there any more. Waiting 5 minutes for that to change"]


def test_workers_that_do_not_come_back_end_it_with_what_to_do(impatient):
    with cluster(2) as two, distributed.Client(two, set_as_default=False) as client:
        with pytest.raises(EngineError, match=r"No Dask worker is there any more, for 1 second\. See .*scale\(2\)"):
            Tiny(engine=client, progress=once(0.4, lambda: two.scale(0))).fit(NOTES)
        with pytest.raises(EngineError, match="No Dask worker has come within 1 second"):
            Tiny(engine=client).fit(NOTES)


def test_workers_that_stop_for_want_of_memory_are_named_with_what_they_have_and_need(impatient):
    def pause(dask_worker):
        dask_worker.status = distributed.Status.paused

    with cluster(2, memory_limit=0) as two, distributed.Client(two, set_as_default=False) as client:
        for worker in two.workers.values():
            worker.memory_manager.memory_limit = workers.LEAST_MEMORY
        named = r"2 of 2 Dask workers have stopped.*(\(| )inproc://\S+ holds \d+ MB"
        with pytest.raises(EngineError, match=rf"{named}.*Give each worker more memory \(--memory-limit\)"):
            Tiny(engine=client, progress=once(0.4, lambda: client.run(pause))).fit(NOTES)


def test_a_worker_that_is_silent_may_be_in_the_middle_of_something(impatient):
    """As one is that holds on to its interpreter, loading libraries."""

    def be_silent(dask_worker):
        dask_worker.periodic_callbacks["heartbeat"].stop()

    with cluster(1) as one, distributed.Client(one, set_as_default=False) as client:
        client.run(be_silent)
        done = workers.SimpleQueue()
        threading.Timer(2.5, done.put, ["done"]).start()
        assert workers.next_done(client, done) == "done"


def test_how_much_memory_a_worker_needs_is_what_its_disk_cannot_take():
    metrics = {"memory": 460e6, "managed_bytes": 300e6, "spilled_bytes": {"memory": 200e6}, "task_counts": {"ready": 3}}
    worker = {"status": "paused", "memory_limit": 500_000_000, "metrics": metrics}
    assert workers._idle({"tcp://10.0.0.7:1": worker, "tcp://10.0.0.8:1": worker | {"status": "running"}}) == (
        "1 of 2 Dask workers have stopped, being short of memory "
        "(tcp://10.0.0.7:1 holds 460 MB of 500 MB and needs 600 MB), and none works"
    )


def test_a_scheduler_that_is_lost_ends_it_with_what_to_do():
    with cluster(1) as one, distributed.Client(one, set_as_default=False) as client:
        lose = once(0.4, lambda: client.loop.add_callback(one.scheduler.client_comms[client.id].abort))
        with pytest.raises(EngineError, match=r"connection to the Dask scheduler was lost.*See that it runs"):
            Tiny(engine=client, progress=lose).fit(NOTES)


def test_a_scheduler_that_answers_no_more_ends_it_too(impatient):
    """As one does whose machine sleeps."""
    with cluster(1) as one, distributed.Client(one, set_as_default=False) as client:

        async def sleep(**_):
            await asyncio.sleep(60)

        def freeze():
            one.scheduler.handlers["identity"] = sleep
            one.scale(0)

        with pytest.raises(EngineError, match=r"scheduler at inproc://\S+ does not answer"):
            Tiny(engine=client, progress=once(0.4, freeze)).fit(NOTES)


def test_an_encoder_goes_along_to_the_workers(client):
    one, other = Tiny(encoder=letters, engine="local").fit(NOTES), Tiny(encoder=letters, engine=client).fit(NOTES)
    assert_same(other, one)


def test_where_texts_lie_and_how_they_weigh_is_there_after_a_fit_on_workers(client, here):
    model = Tiny(engine=client).fit(NOTES)
    assert model.latent_.tolist() == here.latent_.tolist()
    assert model.weigh([5, 0]).toarray().tolist() == here.weigh([5, 0]).toarray().tolist()


@pytest.mark.parametrize("n_partitions", [1, 7])
def test_a_dask_dataframe_comes_out_as_one(client, here, n_partitions):
    dd = pytest.importorskip("dask.dataframe")
    frame = pd.DataFrame({"id": range(len(NOTES)), "text": NOTES})
    parts = dd.from_pandas(frame, npartitions=n_partitions)
    model = Tiny(engine=client).fit(parts)
    assert_same(model, here)
    out = model.assign(parts)
    assert isinstance(out, dd.DataFrame)
    found = client.gather(client.compute(out))
    assert found["label"].tolist() == here.labels_.tolist()
    assert found["id"].tolist() == frame["id"].tolist()
    assert_same(Tiny(engine="local").fit(parts), here)


def test_a_dataframe_comes_out_with_two_more_columns(here):
    frame = pd.DataFrame({"id": range(len(NOTES)), "text": NOTES})
    model = Tiny(engine="local").fit(frame)
    assert_same(model, here)
    out = model.assign(frame)
    assert list(out.columns) == ["id", "text", "label", "typicality"]
    assert out["label"].tolist() == here.labels_.tolist()


def test_files_are_read_and_written_by_the_workers(processes, here, tmp_path, capsys):
    frame = pd.DataFrame({"id": range(len(NOTES)), "text": NOTES})
    frame.to_parquet(tmp_path / "notes.parquet", row_group_size=30)
    corpus = wb.read_corpus(tmp_path / "notes.parquet")
    model = Tiny(engine=processes)
    wb.label_corpus(corpus, tmp_path / "out", model)
    assert capsys.readouterr().out.count("Working on 2 Dask workers") == 1, "to fit and to write"
    assert model.engine is processes
    found = pd.concat([pd.read_parquet(part) for part in sorted((tmp_path / "out").glob("*.parquet"))])
    assert found["theme"].tolist() == [f"T{label + 1}" if label >= 0 else "" for label in here.labels_]


def test_the_client_in_scope_is_used_and_shown(client, here, capsys):
    with distributed.Client(client.scheduler.address):
        assert_same(Tiny().fit(NOTES), here)
        assert "Working on 2 Dask workers" in capsys.readouterr().out
    Tiny().fit(NOTES)
    assert "Dask" not in capsys.readouterr().out


def test_workers_that_cannot_be_started_are_said_with_what_a_script_needs(monkeypatch):
    def fail(**_):
        raise RuntimeError("Nanny failed to start.")

    monkeypatch.setattr(distributed, "Client", fail)
    with pytest.raises(
        EngineError, match='In a script, whatever is done must stand below a line if __name__ == "__main__":'
    ):
        wb.ThemeModel(engine="dask").fit(["a b", "c d"] * 2000)


def test_asked_for_without_a_client_dask_works_on_this_machine_alone_for_as_long_as_it_takes(here, capsys):
    import psutil

    def listening():
        found = [one for process in [psutil.Process(), *children()] for one in process.net_connections("inet")]
        return {(one.laddr.ip, one.laddr.port) for one in found if one.status == psutil.CONN_LISTEN}

    pids, before, new, started = {child.pid for child in children()}, listening(), set(), set()

    def look():
        new.update(listening() - before)
        started.update({child.pid for child in children()} - pids)

    assert_same(Tiny(engine="dask", progress=once(0.4, look)).fit(NOTES), here)
    assert {ip for ip, _ in new} == {"127.0.0.1"}
    assert "Dask worker" in capsys.readouterr().out
    assert started
    assert not started & {child.pid for child in children()}


def test_own_workers_that_are_killed_come_back_however_slow_the_machine(here):
    killed, before = [], {child.pid for child in children()}

    def kill():
        killed.extend({child.pid for child in children()} - before)
        for pid in killed:
            os.kill(pid, signal.SIGKILL)

    with dask.config.set({"distributed.deploy.lost-worker-timeout": 0.1}):  # so that any machine is as slow as that
        assert_same(Tiny(engine="dask", progress=once(0.4, kill)).fit(NOTES), here)
    assert killed


def children():
    """Processes that Dask has started for this one."""
    import psutil

    return [one for one in psutil.Process().children(recursive=True) if "--multiprocessing-fork" in one.cmdline()]


def test_a_worker_without_memory_is_named_with_its_block(processes):
    def hungry(texts, measure=None):
        os.kill(os.getpid(), signal.SIGKILL)

    def allow(n, dask_scheduler):
        dask_scheduler.allowed_failures, before = n, dask_scheduler.allowed_failures
        return before

    usual = processes.run_on_scheduler(allow, 0)
    try:
        with (
            open_engine(processes) as engine,
            pytest.raises(EngineError, match=r"texts 1 to 2.*memory.*--memory-limit"),
        ):
            engine.map(hungry, [Texts(["a", "b"], "texts 1 to 2")], say=lambda share: None)
    finally:
        processes.run_on_scheduler(allow, usual)


def test_what_a_block_cannot_do_is_said_as_here(client):
    def fail(texts):
        raise InputError(f"{texts[0]} cannot be read")

    for engine in ("local", client):
        with open_engine(engine) as opened, pytest.raises(InputError, match="a cannot be read"):
            opened.total(fail, [Texts(["a"], "one")], say=lambda share: None)


OURS = {"discovery-workbench": "0.0.1", "wordfreq": "9", "Python": "2.7", "code": "0123abcd"}


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"wordfreq": "8"}, r"workers tcp://a:1, tcp://c:1 have wordfreq 8 and this process 9: .*same release on both"),
        (
            {"code": "4567cdef"},
            r"workers tcp://a:1, tcp://c:1 have other code of discovery-workbench 0\.0\.1 .*4567cdef, and here to "
            "0123abcd.*Install the same files",
        ),
    ],
)
def test_workers_with_another_release_or_other_code_are_refused_and_named(client, monkeypatch, other, said):
    answers = {"tcp://a:1": OURS | other, "tcp://b:1": OURS, "tcp://c:1": OURS | other}
    monkeypatch.setattr(workers, "code_here", lambda: OURS)
    monkeypatch.setattr(client, "run", lambda *_, **__: answers)
    with pytest.raises(EngineError, match=said):
        with open_engine(client):
            pass


def test_code_is_told_by_what_stands_in_its_files_and_not_by_what_ends_their_lines(monkeypatch):
    ours, read = workers._digest(), workers.get_data

    def change(this, that):
        monkeypatch.setattr(workers, "get_data", lambda package, name: read(package, name).replace(this, that))
        return workers._digest()

    assert change(b"\n", b"\r\n") == ours
    assert change(b"TYPICAL = 100_000", b"TYPICAL = 100_001") != ours
    assert (
        change(b"LONGEST, MOST_LINES = 1_000_000, 10_000", b"LONGEST, MOST_LINES = 1_000_000, 100") != ours
    )  # of rows


WITHOUT = "import sys; sys.modules['workbench'] = None; from distributed.cli.dask_worker import main; main()"


def test_a_worker_without_the_workbench_is_named_with_what_to_install():
    with cluster(0, protocol="tcp") as none, distributed.Client(none, set_as_default=False) as client:
        command = [sys.executable, "-c", WITHOUT, none.scheduler_address, "--no-nanny", "--no-dashboard"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as worker:
            client.wait_for_workers(1)
            with pytest.raises(EngineError, match=r"worker tcp://.*workbench.*Install discovery-workbench \d.*too"):
                Tiny(engine=client).fit(NOTES)
            worker.terminate()


def test_a_worker_with_too_little_memory_is_refused_before_it_stops_in_the_middle():
    with cluster(1, memory_limit="300MB") as one, distributed.Client(one, set_as_default=False) as client:
        with pytest.raises(EngineError, match=r"may use 300 MB of memory, and needs 500 MB: .*--memory-limit"):
            Tiny(engine=client).fit(NOTES)


def test_the_first_worker_is_waited_for_and_said_so(here, capsys):
    with cluster(0) as none, distributed.Client(none, set_as_default=False) as client:
        threading.Timer(0.5, none.scale, [1]).start()
        assert_same(Tiny(engine=client).fit(NOTES), here)
    said = capsys.readouterr().out
    assert said.startswith("No Dask worker is there yet; waiting for the first\nWorking on 1 Dask worker; watch at ")


def test_a_worker_that_goes_while_it_is_asked_stops_nothing(client, here, monkeypatch):
    monkeypatch.setattr(client, "run", lambda *_, **__: {"tcp://worker:1": OSError("connection lost")})
    assert_same(Tiny(engine=client).fit(NOTES), here)


def test_a_worker_that_does_not_answer_stops_nothing(client, here, monkeypatch):
    run = client.run
    monkeypatch.setattr(
        client, "run", lambda _, **options: run(asyncio.sleep, 5, **options | {"callback_timeout": 1.0})
    )
    assert_same(Tiny(engine=client).fit(NOTES), here)


def test_a_worker_that_joins_later_with_another_release_is_refused_too(processes, monkeypatch):
    from workbench.themes import engines

    monkeypatch.setattr(engines, "check_alike", lambda client: None)  # as if none of them had been there yet
    monkeypatch.setattr(engines, "code_here", lambda: OURS)
    with pytest.raises(EngineError, match=r"worker tcp://.* has discovery-workbench .* and this process 0\.0\.1"):
        Tiny(engine=processes).fit(NOTES)


class Stopped(Exception):
    """Somebody has pressed stop."""


def test_a_fit_that_is_stopped_leaves_nothing_to_do_on_the_workers(client):
    """An error keeps what it came through alive, and in a notebook it is kept until the next one."""

    def stop(share):
        if share > 0.5:
            raise Stopped

    before = set(client.futures)  # what is dropped is released a moment later
    with pytest.raises(Stopped) as kept:
        Tiny(engine=client, progress=stop).fit(NOTES)
    assert kept.traceback
    assert [key for key, one in client.futures.items() if key not in before and one.status != "cancelled"] == []


def test_a_fitted_model_needs_no_worker_any_more_and_can_be_saved(here):
    with cluster(1) as one, distributed.Client(one, set_as_default=False) as client:
        model = Tiny(engine=client).fit(NOTES)
    again = pickle.loads(pickle.dumps(model.set_params(engine="local")))
    assert_same(again, here)
    assert again.latent_.tolist() == here.latent_.tolist()


def test_inside_a_task_a_fit_does_not_wait_for_workers_that_wait_for_it(here):
    def fit(number):
        return Tiny().fit(NOTES).labels_.tolist()

    with cluster(1) as one, distributed.Client(one) as client:
        assert client.gather(client.map(fit, range(2), pure=False)) == [here.labels_.tolist()] * 2


def test_a_client_that_cannot_be_used_is_said_in_words():
    async def wait():
        async with distributed.Client(processes=False, asynchronous=True, dashboard_address=":0") as client:
            Tiny(engine=client).fit(NOTES)

    # In a thread, since a browser's test may have left a loop running in this one.
    with ThreadPoolExecutor(1) as other, pytest.raises(EngineError, match="asynchronous"):
        other.submit(asyncio.run, wait()).result()
    with cluster(1) as one:
        client = distributed.Client(one, set_as_default=False)
        client.close()
        with pytest.raises(EngineError, match="client is closed; connect it again"):
            Tiny(engine=client).fit(NOTES)


def test_an_encoder_that_cannot_be_sent_is_said_in_words(client):
    lock = threading.Lock()

    def encode(texts):
        with lock:
            return letters(texts)

    with pytest.raises(EngineError, match=r"cannot be sent to Dask workers.*engine=“local”"):
        Tiny(encoder=encode, engine=client).fit(NOTES)


@pytest.mark.parametrize(("error", "said"), [(MemoryError(), "want of memory"), (OSError("disk gone"), "disk gone")])
def test_what_a_worker_cannot_do_is_said_with_the_block(client, error, said):
    def fail(texts):
        raise error

    with open_engine(client) as engine, pytest.raises(EngineError, match=rf"texts 1 to 1.*{said}|{said}.*texts 1 to 1"):
        engine.map(fail, [Texts(["a"], "texts 1 to 1")], say=lambda share: None)


def test_texts_at_hand_are_sent_once_whatever_passes_over_them(client):
    class Counted(Texts):
        sent = 0

        def __reduce__(self):
            Counted.sent += 1
            return Texts, (self.texts, self.name)

    blocks = [Counted(["a long text " * 10_000], "texts 1 to 1")]
    with open_engine(client) as engine:
        for _ in range(3):
            assert engine.total(len, blocks, say=lambda share: None) == 1
    assert Counted.sent == 1


def test_a_dask_dataframe_that_lies_on_workers_already_is_fitted_there(client, here):
    dd = pytest.importorskip("dask.dataframe")
    parts = client.persist(dd.from_pandas(pd.DataFrame({"text": NOTES}), npartitions=3))
    assert_same(Tiny(engine=client).fit(parts), here)


def test_files_are_written_whole_though_all_workers_die_while_they_write(processes, here, tmp_path):
    frame = pd.DataFrame({"id": range(len(NOTES)), "text": NOTES})
    frame.to_parquet(tmp_path / "notes.parquet", row_group_size=10)
    pids = set(processes.run(os.getpid).values())
    kill = once(0.9, lambda: [os.kill(pid, signal.SIGKILL) for pid in pids])
    wb.label_corpus(wb.read_corpus(tmp_path / "notes.parquet"), tmp_path / "out", Tiny(engine=processes), progress=kill)
    assert not pids & set(processes.run(os.getpid, on_error="ignore").values())
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == [*(f"part-{k:05}.parquet" for k in range(1, len(NOTES) // 10 + 2)), "themes.csv"]
    found = pd.concat([pd.read_parquet(tmp_path / "out" / name) for name in names[:-1]])
    assert found["id"].tolist() == frame["id"].tolist()
    assert found["theme"].tolist() == [f"T{label + 1}" if label >= 0 else "" for label in here.labels_]


def test_another_engine_is_refused_in_plain_words():
    with pytest.raises(
        ValueError, match=r'engine must be "auto", "local", "dask" or a dask.distributed client, got \'ray\''
    ):
        Tiny(engine="ray").fit(NOTES)


def test_without_dask_nothing_of_it_is_loaded():
    code = (
        "import sys; from tests.test_theme_model import Sampled, made_up; Sampled().fit(made_up(300));"
        "print([name for name in sys.modules if name.split('.')[0] in ('dask', 'distributed')])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_totals_of_no_block_and_of_one():
    engine = Here()
    assert engine.map(len, [], say=lambda share: None) == []
    assert engine.total(len, [Texts(["a"], "one")], say=lambda share: None) == 1


def test_assigned_texts_are_in_the_themes_they_were_fitted_in(here):
    found = here.assign(NOTES)
    assert found["label"].tolist() == here.labels_.tolist()
    assert found["typicality"].tolist() == here.typicality_.tolist()
    assert np.array_equal(here.predict(NOTES[::-1]), here.labels_[::-1])


def test_the_dashboard_is_named_where_there_is_one(client, capsys):
    Tiny(engine=client).fit(NOTES)
    assert f"Working on 2 Dask workers; watch at {client.dashboard_link}" in capsys.readouterr().out


def test_a_bar_goes_from_nothing_to_all(capsys):
    Tiny(engine="local", progress=True).fit(NOTES)
    shown = capsys.readouterr().err
    assert "Finding themes" in shown
    assert "100 %" in shown
