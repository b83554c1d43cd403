"""Dask Gateway on this machine, with the values of dask-gateway.yaml: the labels of one process, though a worker is killed.

    pip install dask-gateway==2026.3.0 dask-gateway-server==2026.3.0     # beside discovery-workbench[dask]
    python deploy/rehearsal.py

It shows what can be shown without Kubernetes: that the commands and settings which Gateway starts schedulers and workers
with are right for the Dask that is installed, that what passes between them is encrypted, that no page of theirs can be
read without a password, and that labels are those of one process. Everything listens on 127.0.0.1, and is stopped.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import numpy as np
import yaml
from dask_gateway import BasicAuth, Gateway

from workbench.themes import ThemeModel

GATEWAY = yaml.safe_load((Path(__file__).parent / "dask-gateway.yaml").read_text("utf-8"))["gateway"]
PASSWORD = os.urandom(16).hex()
N_TEXTS, N_WORKERS, N_THEMES = 20_000, 2, 12
# Where the chart would run pods, processes are run; the rest is said by the values.
HERE = f"""
c.DaskGateway.backend_class = "dask_gateway_server.backends.local.UnsafeLocalBackend"
c.DaskGateway.address = "127.0.0.1:8011"
c.Proxy.address = "127.0.0.1:8012"
c.DaskGateway.authenticator_class = "dask_gateway_server.auth.SimpleAuthenticator"
c.SimpleAuthenticator.password = {PASSWORD!r}
c.ClusterConfig.environment = {GATEWAY["backend"]["environment"]!r}
"""


def main() -> None:
    """Start Gateway, rehearse, and stop it."""
    texts = make_texts()
    expected = ThemeModel(engine="local").fit(texts)
    print(f"{len(texts):,} texts: {len(expected.terms_)} themes in this process")
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "config.py"
        values = "\n".join(GATEWAY["extraConfig"].values()).replace("KubeClusterConfig", "ClusterConfig")
        config.write_text(HERE + values, "utf-8")
        config.chmod(0o600)
        with (Path(folder) / "log").open("w+") as log:
            command = [sys.executable, "-m", "dask_gateway_server", "-f", os.fspath(config)]
            # This Python's `dask` is the one to start, also where its environment is not activated.
            path = os.pathsep.join([os.fspath(Path(sys.executable).parent), os.environ["PATH"]])
            server = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, "PATH": path})
            try:
                time.sleep(5)
                rehearse(texts, expected)
            except BaseException:
                log.seek(0)
                print(log.read())
                raise
            finally:
                server.terminate()
                server.wait(30)


def make_texts() -> list[str]:
    """Short texts of twelve themes, each with words of its own among words of all."""
    chance = np.random.default_rng(9)
    theme = chance.integers(N_THEMES, size=N_TEXTS)
    own, common = chance.integers(40, size=(N_TEXTS, 5)), chance.integers(2_000, size=(N_TEXTS, 7))
    return [
        " ".join([*(f"{letters(k)}{letters(i)}" for i in mine), *(f"x{letters(i)}" for i in others)])
        for k, mine, others in zip(theme, own, common, strict=True)
    ]


def letters(number: int) -> str:
    """A number as consonants and vowels."""
    return "".join("bcdfghjklm"[int(digit)] + "aeiouaeiou"[int(digit)] for digit in f"{number:04}")


def rehearse(texts: list[str], expected: ThemeModel) -> None:
    """A fit on a cluster of Gateway's, with all that is said of one at the top."""
    cluster = Gateway("http://127.0.0.1:8012", auth=BasicAuth("somebody", PASSWORD)).new_cluster()
    try:
        cluster.scale(N_WORKERS)
        client = cluster.get_client(set_as_default=False)
        client.wait_for_workers(N_WORKERS, timeout=120)
        workers = client.scheduler_info(n_workers=-1)["workers"]
        assert all(address.startswith("tls://") for address in workers), workers
        print(f"{len(workers)} workers, reached by TLS")
        scheduler = client.run_on_scheduler(lambda dask_scheduler: dask_scheduler.services["dashboard"].port)
        ports = [scheduler, *(worker["services"]["dashboard"] for worker in workers.values())]
        for port in ports:
            assert answer(port, "/health") == 200
            for page in ("/status", "/info/main/workers.html", "/info/main/logs.html", "/metrics", "/json/counts.json"):
                assert answer(port, page) == 404, f"{page} can be read"
        print("No page of scheduler or workers can be read; whether they are well can be asked")
        pids = client.run(os.getpid)
        killed = []

        def kill(share: float) -> None:
            if share > 0.4 and not killed:
                killed.extend(list(pids.values())[:1])
                os.kill(killed[0], signal.SIGKILL)
                print(f"Worker killed with {share:.0%} done")

        found = ThemeModel(engine=client, progress=kill).fit(texts)
        assert killed
        assert killed[0] not in client.run(os.getpid).values()
        assert (found.labels_ == expected.labels_).all()
        assert (found.typicality_ == expected.typicality_).all()
        assert found.terms_ == expected.terms_
        print(f"{len(found.labels_):,} labels, all as in this process")
        client.close()
    finally:
        cluster.shutdown()


def answer(port: int, page: str) -> int:
    """What a page answers to somebody without a password."""
    try:
        with urlopen(f"http://127.0.0.1:{port}{page}", timeout=10) as found:
            return found.status
    except HTTPError as error:
        return error.code


if __name__ == "__main__":
    main()
