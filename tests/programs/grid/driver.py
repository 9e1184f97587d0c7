"""What the programs of the grid have in common: each runs all scenarios of its library at once, in one
event loop, and says on /note what the caller of each primitive has got.

Reads {"url": .., "cases": [..]} from standard input.
"""

import asyncio
import contextlib
import json
import sys

import httpx
from authority import trust_one

trust_one()

# No scenario takes long; one that waits for ever is ended, and says so.
LONGEST = 90

GIVEN = json.load(sys.stdin)
NOTES = httpx.AsyncClient(timeout=None, limits=httpx.Limits(max_connections=None))
SENT = set()


async def note(case, **said):
    response = await NOTES.post(f"{GIVEN['url']}/note", json={"case": case["case"], **said})
    response.raise_for_status()


def has(case, branch):
    """Says that a branch has its answer, and does not wait: the branch ends at once."""
    sent = asyncio.ensure_future(note(case, has=case["branches"].index(branch)))
    SENT.add(sent)
    sent.add_done_callback(SENT.discard)


def status(error):
    """The status that the server failed with, as OpenAI's and Google's libraries have it."""
    return getattr(error, "status_code", None) or getattr(error, "code", None)


def answers(case, results):
    """Of each branch its answer, or the status of its error."""
    values = [status(one) if isinstance(one, BaseException) else one for one in results]
    return {branch["name"]: value for branch, value in zip(case["branches"], values, strict=True)}


def raised(error, kept=()):
    """What a caller gets that gets an error, and which answers it can have all the same."""
    if isinstance(error, BaseExceptionGroup):
        return {"group": [status(one) for one in error.exceptions], "kept": list(kept)}
    if isinstance(error, TimeoutError):
        return {"timeout": True}
    if status(error) is None:
        return {"other": repr(error)}
    return {"error": status(error), "kept": list(kept)}


async def through(case, run, join):
    """Runs a map and then the join, if there is an answer for it to read."""
    try:
        seen = {"answers": await run(case)}
    except Exception as error:
        seen = raised(error, getattr(error, "kept", ()))
    await note(case, seen=seen)
    if any(isinstance(value, str) for value in seen.get("answers", {}).values()):
        # What becomes of it is not the map's.
        with contextlib.suppress(Exception):
            await join(case)


async def run_all(run):
    """`run` runs one scenario. What is left running then ends before the next word to the server."""

    async def whole(case):
        await run(case)
        await note(case, rest=True)

    running = {asyncio.ensure_future(whole(case)): case for case in GIVEN["cases"]}
    done, late = await asyncio.wait(running, timeout=LONGEST)
    if late:
        cases = ", ".join(f"{running[one]['primitive']} ({running[one]['case']})" for one in late)
        sys.exit(f"these have not ended in {LONGEST} s: {cases}")
    for one in done:
        one.result()
