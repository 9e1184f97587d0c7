"""Runs generated programs for the host's tests, without a network and without waiting.

Reads a list of cases from standard input and writes what each program did: when it asked whom, what
it printed, which exception ended it. Time is virtual: an idle loop jumps to its next deadline.
"""

import asyncio
import contextlib
import io
import json
import os
import sys
import types

if sys.version_info < (3, 11):
    sys.exit("Python 3.11 or later is needed")


class Loop(asyncio.SelectorEventLoop):
    def __init__(self):
        super().__init__()
        self.now = 0.0
        select = self._selector.select

        def jump(timeout):
            if timeout is None:
                raise RuntimeError("the program waits for ever")
            self.now += max(timeout, 0)
            return select(0)

        self._selector.select = jump

    def time(self):
        return self.now


class Policy(asyncio.DefaultEventLoopPolicy):
    def new_event_loop(self):
        return Loop()


def text(content):
    """What is said in words, whatever picture goes with it."""
    return content if isinstance(content, str) else content[0]["text"]


def run(case):
    calls = {(call["system"], call["user"]): call for call in case["calls"]}
    starts = {}
    unknown = []

    class AsyncOpenAI:
        def __init__(self, *, api_key, base_url=None, timeout=None, max_retries=2):
            completions = types.SimpleNamespace(create=self.create)
            self.chat = types.SimpleNamespace(completions=completions)

        async def create(self, *, model, messages, temperature=None):
            said = {message["role"]: text(message["content"]) for message in messages}
            now = round(asyncio.get_running_loop().time() * 1e6)
            call = calls.get((said.get("system", ""), said["user"]))
            if call is None:
                unknown.append(now)
                await asyncio.sleep(3600)
            starts[call["agent"]] = now
            await asyncio.sleep(call["micros"] / 1e6)
            if call["answer"] is None:
                raise ConnectionError("as the test wants it")
            message = types.SimpleNamespace(content=call["answer"])
            return types.SimpleNamespace(choices=[types.SimpleNamespace(message=message)])

    sys.modules["openai"] = types.SimpleNamespace(AsyncOpenAI=AsyncOpenAI)
    printed = io.StringIO()
    error = None
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
        try:
            exec(compile(case["program"], "program", "exec"), {"__name__": "__main__"})
        except Exception as raised:
            error = f"{type(raised).__name__}: {raised}"
    return {"starts": starts, "unknown": unknown, "printed": printed.getvalue(), "error": error}


os.environ["OPENAI_API_KEY"] = "none"
asyncio.set_event_loop_policy(Policy())
json.dump([run(case) for case in json.load(sys.stdin)], sys.stdout)
