"""Texts read from and written to Amazon's, Azure's and Google's object storage, of which each has a server here that acts like it.

    pip install s3fs "moto[server]"              # beside discovery-workbench[dask]; then one, two or all of
    pip install gcsfs gcp-storage-emulator
    pip install adlfs && npm install azurite
    python deploy/storage.py s3 gs abfs

It shows, for CSV, JSON lines and Parquet, in this process and with two Dask workers: labels are those of the same texts in
memory, every row comes out again, a folder with something in it is refused, and what is said once the store is gone.
Everything listens on 127.0.0.1, and is stopped. It is no proof of the real ones: rights, regions and large objects are theirs.
"""

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import fsspec
import numpy as np
import pandas as pd

import workbench as wb
from workbench.errors import InputError

PORT = 8021
HERE = f"http://127.0.0.1:{PORT}"
BUCKET = "tickets"
WHAT, HOW = ("The import", "An invoice"), ("loses rows", "is slow")
BESIDE = Path(sys.executable).parent
# Azurite's own account, which its documentation names: it opens nothing else.
ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="

STORES = {
    "s3": (
        [os.fspath(BESIDE / "moto_server"), "-H", "127.0.0.1", "-p", str(PORT)],
        {"key": "any", "secret": "any", "endpoint_url": HERE},
    ),
    "gs": (
        [os.fspath(BESIDE / "gcp-storage-emulator"), "start", "--host=127.0.0.1", f"--port={PORT}", "--in-memory", f"--default-bucket={BUCKET}"],
        {"token": "anon", "endpoint_url": HERE},
    ),
    "abfs": (
        ["node_modules/.bin/azurite-blob", "--inMemoryPersistence", "--blobHost", "127.0.0.1", "--blobPort", str(PORT), "--skipApiVersionCheck"],
        {"connection_string": f"DefaultEndpointsProtocol=http;AccountName={ACCOUNT};AccountKey={KEY};BlobEndpoint={HERE}/{ACCOUNT};"},
    ),
}  # fmt: skip
WRITE = {
    "csv": lambda table, to, options: table.to_csv(to, index=False, storage_options=options),
    "jsonl": lambda table, to, options: table.to_json(to, orient="records", lines=True, storage_options=options),
    "parquet": lambda table, to, options: table.to_parquet(to, storage_options=options),
}


def main() -> None:
    """Try the stores that are named."""
    # Google's newer way asks over gRPC, to which its stand-in has no answer.
    os.environ["GCSFS_EXPERIMENTAL_ZB_HNS_SUPPORT"] = "false"
    texts = [f"{what} {how} for team {n % 400} in week {n}" for n in range(5_000) for what in WHAT for how in HOW]
    expected = wb.ThemeModel(engine="local").fit(texts).labels_
    for store in sys.argv[1:] or STORES:
        command, options = STORES[store]
        with running(command):
            system, _ = fsspec.core.url_to_fs(f"{store}://{BUCKET}", **options)
            if store != "gs":
                system.mkdir(BUCKET)
            for kind in WRITE:
                rehearse(f"{store}://{BUCKET}/{kind}", kind, texts, expected, options)
        say_gone(f"{store}://{BUCKET}/csv/in", options)


@contextmanager
def running(command: list[str]):
    """A server, from when it answers."""
    with TemporaryFile("w+") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            for _ in range(100):
                time.sleep(0.3)
                try:
                    urlopen(HERE, timeout=5).close()
                    break
                except HTTPError:  # it answers, if only that this is no question
                    break
                except URLError:
                    pass
            yield
        except BaseException:
            log.seek(0)
            print(log.read()[-3000:])
            raise
        finally:
            server.kill()
            server.wait()


def rehearse(folder: str, kind: str, texts: list[str], expected: np.ndarray, options: dict) -> None:
    """Label a file that lies there into two folders there, and read those again."""
    # With a file of a megabyte and a half each store is asked for it in several pieces.
    WRITE[kind](pd.DataFrame({"id": range(len(texts)), "text": texts}), f"{folder}/in/tickets.{kind}", options)
    corpus = wb.read_corpus(f"{folder}/in", storage_options=options)
    for engine in ("local", "dask"):
        model = wb.ThemeModel(engine=engine)
        wb.label_corpus(corpus, f"{folder}/{engine}", model)
        again = wb.read_corpus(f"{folder}/{engine}/part-*", storage_options=options)
        back = [text for block in again.blocks for text in block.read()]
        print(f"{folder}, {engine}: labels equal {np.array_equal(model.labels_, expected)}, rows equal {back == texts}")
        try:
            wb.label_corpus(corpus, f"{folder}/{engine}", model)
            print(f"{folder}/{engine} was written over")
        except InputError as error:
            print(f"refused: {error}")


def say_gone(folder: str, options: dict) -> None:
    """What is said when nothing answers any more."""
    began = time.monotonic()
    try:
        wb.read_corpus(folder, storage_options=options)
        print(f"{folder} was read, though it is gone")
    except InputError as error:
        print(f"after {time.monotonic() - began:.0f} s: {error}")


if __name__ == "__main__":
    main()
