"""A superstep of LangGraph. Its join is a node, whose first act is to say what it is given."""

import asyncio
from typing import TypedDict

from driver import GIVEN, note, raised, run_all
from langchain_openai import ChatOpenAI
from langgraph.graph import END, START, StateGraph


async def ask(case, text):
    llm = ChatOpenAI(
        model=f"gpt-{case['case']}", base_url=GIVEN["url"] + "/v1", max_retries=0
    )
    return (await llm.ainvoke(text)).text


def graph(case):
    names = [branch["name"] for branch in case["branches"]]
    builder = StateGraph(TypedDict("State", {name: str for name in [*names, "end"]}))

    def add_branch(branch):
        async def node(state):
            return {branch["name"]: await ask(case, branch["ask"])}

        builder.add_node(f"ask_{branch['name']}", node)
        builder.add_edge(START, f"ask_{branch['name']}")

    async def join(state):
        await note(case, seen={"answers": dict(state)})
        return {"end": await ask(case, case["join"])}

    for branch in case["branches"]:
        add_branch(branch)
    builder.add_node("join", join)
    builder.add_edge([f"ask_{name}" for name in names], "join")
    builder.add_edge("join", END)
    return builder.compile()


async def run(case):
    try:
        await graph(case).ainvoke({}, {"max_concurrency": case["limit"]} if case["limit"] else {})
    except Exception as error:
        await note(case, seen=raised(error))


asyncio.run(run_all(run))
