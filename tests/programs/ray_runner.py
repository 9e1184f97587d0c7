"""Runs programs for Ray one after another on one local Ray, whose worker processes they share.

Reads a list of paths from standard input and writes for each how it ended and what it printed. A
program is run as `python program.py` would, but for `ray.init`: that finds the Ray that is there.

Ray 2.60 may abort a driver that cancels a task at the moment when the task ends, as one that has just
failed ("Tried to complete task that was not pending"). So the next program begins only when the canceled
ones have ended, and programs that are left after such an abort get another Ray.
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
    # Those that Ray starts by itself belong to no program, and load nothing that one needs.
    RAY_prestart_worker_first_driver="0",
    RAY_memory_monitor_refresh_ms="0",
    RAY_IGNORE_UNHANDLED_ERRORS="1",
)

import ray
from authority import trust_one

# No program of these takes long; one that waits for ever is ended, and says so.
LONGEST = 60

# The limit of every test that has one. Programs ask for it as they start Ray.
SLOTS = {"slot": 2}

# As many tasks as the widest program has at once, and some to spare. It is among the first.
WIDEST = 14
# The same of those that come after a driver that was aborted. Ray starts more when they are needed.
NEXT_WIDEST = 4

# Ray gives itself half a minute to start, which a busy machine may exceed.
STARTS = 4

# What a session says before each program.
BEGINS = "begins"


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
def load(folder, workers):
    """A worker loads what programs import, and waits until so many have."""
    import time

    from openai import OpenAI, OpenAIError

    # Much of the client is loaded by its first call only. This one reaches no server.
    client = OpenAI(api_key="none", base_url="http://127.0.0.1:9", max_retries=0)
    with contextlib.suppress(OpenAIError):
        client.chat.completions.create(model="none", messages=[])
    open(os.path.join(folder, str(os.getpid())), "w").close()
    while len(os.listdir(folder)) < workers:
        time.sleep(0.05)


@ray.remote(num_cpus=0)
def nothing():
    pass


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


def end_of(canceled):
    """Waits until these tasks have ended, and then for one that has begun after that."""
    ray.wait(canceled, num_returns=len(canceled), timeout=LONGEST)
    ray.get(nothing.remote())


def session(paths, workers, results):
    """Runs programs on one Ray, and says in a line when one begins and in another how it ended."""
    # Sockets have short paths.
    folder = tempfile.mkdtemp(prefix="ray", dir="/tmp")
    canceled = []
    cancel = ray.cancel

    def cancel_and_note(task, **how):
        canceled.append(task)
        cancel(task, **how)

    def tell(what):
        print(json.dumps(what), file=results, flush=True)

    try:
        start(folder)
        loaded = os.path.join(folder, "loaded")
        os.mkdir(loaded)
        ray.get([load.remote(loaded, workers) for _ in range(workers)])
        ray.init, ray.cancel = is_there, cancel_and_note
        signal.signal(signal.SIGALRM, too_long)
        for path in paths:
            tell(BEGINS)
            tell(run(path))
            if canceled:
                end_of(canceled)
                canceled.clear()
    finally:
        ray.shutdown()
        shutil.rmtree(folder, ignore_errors=True)


def main():
    left = json.load(sys.stdin)
    trust_one()
    done = {}
    while left:
        reading, writing = os.pipe()
        # Ray has been imported and not started, so there are no threads that a fork would lose.
        child = os.fork()
        if child == 0:
            os.close(reading)
            # Ray's processes write to standard output, where the parent answers.
            os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
            with open(writing, "w") as results:
                session(left, NEXT_WIDEST if done else WIDEST, results)
            os._exit(0)
        os.close(writing)
        with open(reading) as results:
            told = [json.loads(line) for line in results]
        _, status = os.waitpid(child, 0)
        if not told:
            sys.exit("Ray has not started")
        ended = [did for did in told if did != BEGINS]
        if told[-1] == BEGINS:
            code = os.waitstatus_to_exitcode(status)
            ended.append({"code": code, "out": "", "err": "the driver ended before its program"})
        done.update(zip(left, ended))
        left = left[len(ended) :]
    json.dump(done, sys.stdout)


main()
