"""Runs programs side by side, each in a process of its own that has the libraries loaded already.

Arguments: how many at once, and the modules to load. Reads a list of paths from standard input and
writes for each how it ended and what it printed. A program is run as `python program.py` would.
"""

import atexit
import contextlib
import gc
import importlib
import json
import os
import runpy
import sys
import tempfile
import time

from authority import trust_one

# No program of these takes long; one that waits for ever is ended, and says so.
LONGEST = 60


class Ending:
    """Ends a program's process as Python does, up to where Python frees every module.

    That would copy the pages of all that the libraries have, which is most of a program's work here.
    """

    def __init__(self):
        self.code = None
        # What is registered first comes last.
        atexit.register(self.end)

    def run(self, path):
        try:
            self.code = 0
            runpy.run_path(path, run_name="__main__")
        except BaseException:
            self.code = 1
            raise
        sys.exit(0)

    def end(self):
        if self.code is not None:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(self.code)


def start(path, loaded, ending):
    streams = [tempfile.TemporaryFile() for _ in range(2)]
    child = os.fork()
    if child == 0:
        for number, stream in enumerate(streams, 1):
            os.dup2(stream.fileno(), number)
        if loaded is not None:
            atexit.register(note_loaded, loaded)
        ending.run(path)
    return child, (path, streams, time.monotonic())


def read(stream):
    stream.seek(0)
    return stream.read().decode()


def models():
    """Pydantic's models, by name. Those that libraries define are completed by their first use."""
    with contextlib.suppress(ImportError):
        from pydantic import BaseModel

        waiting = [BaseModel]
        while waiting:
            model = waiting.pop()
            waiting += model.__subclasses__()
            yield f"{model.__module__}.{model.__qualname__}", model


def note_loaded(file):
    complete = [name for name, model in models() if model.__pydantic_complete__]
    json.dump({"modules": list(sys.modules), "used": complete}, file)
    file.flush()


def load(modules, used=()):
    for module in modules:
        # Some are there under a name that nobody could import.
        with contextlib.suppress(Exception):
            importlib.import_module(module)
    used = set(used)
    for name, model in models():
        if name in used:
            model.model_rebuild(raise_errors=False)
    # Otherwise each child's collector would go through all of this again, and copy every page of it.
    gc.collect()
    gc.freeze()


def main():
    ending = Ending()
    width, modules = int(sys.argv[1]), sys.argv[2:]
    waiting = json.load(sys.stdin)
    trust_one()
    load(modules)
    # The first one goes alone: what it loads besides, as it runs, the others find loaded.
    loaded = tempfile.TemporaryFile("w+")
    running, done = dict([start(waiting.pop(0), loaded, ending)]), {}
    while waiting or running:
        while waiting and done and len(running) < width:
            child, what = start(waiting.pop(0), None, ending)
            running[child] = what
        ended, status = os.waitpid(-1, os.WNOHANG)
        if ended == 0:
            now = time.monotonic()
            for child, (_, _, since) in running.items():
                if now - since > LONGEST:
                    os.kill(child, 9)
            time.sleep(0.005)
            continue
        path, (out, err), _ = running.pop(ended)
        if not done:
            loaded.seek(0)
            # Nothing, if it was ended.
            load(**json.loads(loaded.read() or '{"modules": []}'))
        code = os.waitstatus_to_exitcode(status)
        done[path] = {"code": code, "out": read(out), "err": read(err)}
    json.dump(done, sys.stdout)


main()
