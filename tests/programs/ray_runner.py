"""Runs programs for Ray one after another on one local Ray, whose worker processes they share.

Reads a list of paths from standard input and writes for each how it ended and what it printed. A
program is run as `python program.py` would, but for `ray.init`: that finds the Ray that is there.
"""

import contextlib
import io
import json
import os
import runpy
import shutil
import signal
import sys
import tempfile
import traceback

os.environ.update(
    RAY_USAGE_STATS_ENABLED="0",
    # As where Ray has no clusters: it then listens on 127.0.0.1 only.
    RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER="0",
    # A worker that waits for its next program is kept: to start one takes longer than a program.
    RAY_idle_worker_killing_time_threshold_ms="600000",
    # Workers of low priority would not get to start on a busy machine.
    RAY_worker_niceness="0",
    RAY_memory_monitor_refresh_ms="0",
    RAY_IGNORE_UNHANDLED_ERRORS="1",
)

import ray

# No program of these takes long; one that waits for ever is ended, and says so.
LONGEST = 60

# The limit of every test that has one. Programs ask for it as they start Ray.
SLOTS = {"slot": 2}

# As many tasks as the widest program has at once, and some to spare.
WIDEST = 14

# Ray gives itself half a minute to start, which a busy machine may exceed.
STARTS = 4


def start(folder):
    for left in reversed(range(STARTS)):
        try:
            return ray.init(
                num_cpus=os.cpu_count(),
                resources=SLOTS,
                include_dashboard=False,
                object_store_memory=80 * 1024 * 1024,
                logging_level="ERROR",
                log_to_driver=False,
                _temp_dir=folder,
            )
        except Exception:
            ray.shutdown()
            if left == 0:
                raise


def is_there(resources=None):
    """What programs call for `ray.init`."""
    if resources not in (None, SLOTS):
        raise ValueError(f"this Ray has {SLOTS}, not {resources}")


@ray.remote(num_cpus=0)
def load(folder):
    """A worker loads what programs import, and waits for as many as the widest program needs."""
    import time

    from openai import OpenAI, OpenAIError

    # Much of the client is loaded by its first call only. This one reaches no server.
    client = OpenAI(api_key="none", base_url="http://127.0.0.1:9", max_retries=0)
    with contextlib.suppress(OpenAIError):
        client.chat.completions.create(model="none", messages=[])
    open(os.path.join(folder, str(os.getpid())), "w").close()
    while len(os.listdir(folder)) < WIDEST:
        time.sleep(0.05)


def too_long(*_):
    raise TimeoutError(f"ended after {LONGEST} s")


def run(path):
    out, err = io.StringIO(), io.StringIO()
    code = 0
    signal.alarm(LONGEST)
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            runpy.run_path(path, run_name="__main__")
        except BaseException:
            traceback.print_exc()
            code = 1
    signal.alarm(0)
    return {"code": code, "out": out.getvalue(), "err": err.getvalue()}


def main():
    paths = json.load(sys.stdin)
    # Sockets have short paths.
    folder = tempfile.mkdtemp(prefix="ray", dir="/tmp")
    try:
        start(folder)
        loaded = os.path.join(folder, "loaded")
        os.mkdir(loaded)
        ray.get([load.remote(loaded) for _ in range(WIDEST)])
        ray.init = is_there
        signal.signal(signal.SIGALRM, too_long)
        done = {path: run(path) for path in paths}
    finally:
        ray.shutdown()
        shutil.rmtree(folder, ignore_errors=True)
    json.dump(done, sys.stdout)


main()
