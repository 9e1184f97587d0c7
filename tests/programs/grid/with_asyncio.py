"""asyncio's primitives."""

import asyncio

from driver import GIVEN, answers, has, run_all, through
from openai import AsyncOpenAI

client = AsyncOpenAI(base_url=GIVEN["url"] + "/v1", max_retries=0)


async def ask(case, text):
    response = await client.chat.completions.create(
        model=f"gpt-{case['case']}", messages=[{"role": "user", "content": text}]
    )
    return response.choices[0].message.content


async def answer(case, branch):
    text = await ask(case, branch["ask"])
    has(case, branch)
    return text


def all_of(case):
    return [answer(case, branch) for branch in case["branches"]]


async def gather(case):
    return answers(case, await asyncio.gather(*all_of(case)))


async def gather_return_exceptions(case):
    return answers(case, await asyncio.gather(*all_of(case), return_exceptions=True))


async def task_group(case):
    tasks = []
    try:
        async with asyncio.TaskGroup() as group:
            tasks += [group.create_task(one) for one in all_of(case)]
    except BaseExceptionGroup as error:
        done = [task.done() and not task.cancelled() and not task.exception() for task in tasks]
        names = [branch["name"] for branch in case["branches"]]
        error.kept = [name for name, is_done in zip(names, done) if is_done]
        raise
    return answers(case, [task.result() for task in tasks])


async def wait_for(case):
    return answers(case, await asyncio.wait_for(asyncio.gather(*all_of(case)), case["timeout"]))


PRIMITIVES = {
    "Gather": gather,
    "GatherReturnExceptions": gather_return_exceptions,
    "TaskGroup": task_group,
    "WaitFor": wait_for,
}


async def join(case):
    await ask(case, case["join"])


asyncio.run(run_all(lambda case: through(case, PRIMITIVES[case["primitive"]], join)))
