"""ParallelAgent of ADK 1 and Workflow of ADK 2. Before their join's call, the join says what is in the
state."""

import asyncio

from driver import GIVEN, note, raised, run_all
from google.adk.agents import LlmAgent, ParallelAgent, SequentialAgent
from google.adk.models import Gemini
from google.adk.runners import InMemoryRunner
from google.adk.workflow import JoinNode, Workflow
from google.genai import types


def agent(case, name, text, **more):
    model = Gemini(model=f"gemini-{case['case']}", base_url=GIVEN["url"])
    return LlmAgent(name=name, model=model, instruction=text, output_key=name, **more)


def branches(case):
    return [agent(case, branch["name"], branch["ask"]) for branch in case["branches"]]


def join(case):
    async def say(callback_context):
        await note(case, seen={"answers": callback_context.state.to_dict()})

    return agent(case, "end", case["join"], before_agent_callback=say)


def parallel_agent(case):
    fan_out = ParallelAgent(name="fan_out", sub_agents=branches(case))
    return SequentialAgent(name="pipeline", sub_agents=[fan_out, join(case)])


def workflow(case):
    edges = [("START", tuple(branches(case)), JoinNode(name="join"), join(case))]
    return Workflow(name="pipeline", edges=edges, max_concurrency=case["limit"])


PRIMITIVES = {"ParallelAgent": parallel_agent, "Workflow": workflow}


async def run(case):
    root = PRIMITIVES[case["primitive"]](case)
    runner = InMemoryRunner(agent=root, app_name="grid")
    own = {"user_id": "reader", "session_id": str(case["case"])}
    await runner.session_service.create_session(app_name="grid", **own)
    names = [branch["name"] for branch in case["branches"]]
    try:
        async for event in runner.run_async(**own, new_message=types.UserContent("tides")):
            # An event that comes out is in the state.
            for name in names:
                if name in event.actions.state_delta:
                    await note(case, has=names.index(name))
    except Exception as error:
        session = await runner.session_service.get_session(app_name="grid", **own)
        await note(case, seen=raised(error, [name for name in names if name in session.state]))


asyncio.run(run_all(run))
