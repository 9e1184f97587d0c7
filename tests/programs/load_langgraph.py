
# As LangGraph's server does: langgraph.json says which variable of which file is a graph.
import asyncio
import base64
import importlib.util
import io
import json
import tempfile
import zipfile
from pathlib import Path

with tempfile.TemporaryDirectory() as home:
    zipfile.ZipFile(io.BytesIO(base64.b64decode(ZIP))).extractall(home)
    [folder] = Path(home).iterdir()
    settings = json.loads((folder / "langgraph.json").read_text())
    assert (folder / settings["env"]).exists()
    path, variable = settings["graphs"]["pipeline"].split(":")
    spec = importlib.util.spec_from_file_location("pipeline", folder / path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    state = asyncio.run(getattr(module, variable).ainvoke({"topic": "tides"}))
    for key in KEYS:
        print(state[key])
