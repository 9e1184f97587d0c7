
# As ADK's servers do: by ADK's own loader, and with a session that begins empty.
import asyncio
import base64
import io
import tempfile
import zipfile
from pathlib import Path

from google.adk.cli.utils.agent_loader import AgentLoader
from google.adk.runners import InMemoryRunner
from google.genai import types


async def main(home, name):
    app = AgentLoader(home).load_agent(name)
    runner = InMemoryRunner(app=app)
    session = await runner.session_service.create_session(app_name=app.name, user_id="reader")
    run = runner.run_async(
        user_id="reader", session_id=session.id, new_message=types.UserContent("tides")
    )
    async for _ in run:
        pass
    session = await runner.session_service.get_session(
        app_name=app.name, user_id="reader", session_id=session.id
    )
    for key in KEYS:
        print(session.state[key])


with tempfile.TemporaryDirectory() as home:
    zipfile.ZipFile(io.BytesIO(base64.b64decode(ZIP))).extractall(home)
    [folder] = Path(home).iterdir()
    asyncio.run(main(home, folder.name))
