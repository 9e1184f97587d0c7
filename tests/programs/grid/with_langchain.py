"""LangChain's primitives."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from driver import GIVEN, run_all, through
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnableLambda, RunnableParallel
from langchain_openai import ChatOpenAI

# How long it waits is the library's own.
AT_ONCE = {"initial": 0.001, "max": 0.001, "jitter": 0}
# A blocked thread for each scenario.
THREADS = ThreadPoolExecutor(len(GIVEN["cases"]))


def chain(case, text):
    llm = ChatOpenAI(
        model=f"gpt-{case['case']}", base_url=GIVEN["url"] + "/v1", max_retries=0
    )
    return ChatPromptTemplate.from_messages([("user", text)]) | llm | StrOutputParser()


def branches(case, change=lambda branch, own: own):
    return RunnableParallel(
        {branch["name"]: change(branch, chain(case, branch["ask"])) for branch in case["branches"]}
    )


def config(case):
    return {"max_concurrency": case["limit"]} if case["limit"] else {}


async def ainvoke(case):
    return await branches(case).ainvoke({}, config(case))


async def invoke(case):
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(THREADS, branches(case).invoke, {}, config(case))


async def with_retry(case):
    each = branches(case, lambda _, own: own.with_retry(exponential_jitter_params=AT_ONCE))
    return await each.ainvoke({}, config(case))


async def with_retry_around_map(case):
    again = branches(case).with_retry(exponential_jitter_params=AT_ONCE)
    return await again.ainvoke({}, config(case))


async def with_fallbacks(case):
    def change(branch, own):
        return own.with_fallbacks([RunnableLambda(lambda _: branch["fallback"])])

    return await branches(case, change).ainvoke({}, config(case))


PRIMITIVES = {
    "Ainvoke": ainvoke,
    "Invoke": invoke,
    "WithRetry": with_retry,
    "WithRetryAroundMap": with_retry_around_map,
    "WithFallbacks": with_fallbacks,
}


async def join(case):
    own = chain(case, case["join"])
    # As Run has it, which retries every agent.
    is_retried = case["primitive"] == "WithRetry"
    await (own.with_retry(exponential_jitter_params=AT_ONCE) if is_retried else own).ainvoke({})


asyncio.run(run_all(lambda case: through(case, PRIMITIVES[case["primitive"]], join)))
