//! The parallel program as the folder that a library's deployment tool takes, packed as a ZIP file:
//! `langgraph.json` and what it names for LangGraph, a package with `agent.py` for ADK 2.
//!
//! The program is the same. What would run it at once is left to the tool.

use std::io::Write;

use miniz_oxide::deflate::compress_to_vec;
use rawzip::{CompressionMethod, DataDescriptorOutput, ZipArchiveWriter, crc32};

use super::python::literal;
use super::{Form, Language, Plan, program};

/// A folder with a program, ready for a deployment tool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    /// Its name, without a path.
    pub name: &'static str,
    /// What is in it.
    pub files: Vec<File>,
}

/// A file of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its path inside the folder.
    pub path: &'static str,
    /// What it says.
    pub text: String,
}

impl File {
    fn new(path: &'static str, text: impl Into<String>) -> Self {
        Self { path, text: text.into() }
    }
}

/// The parallel program of `plan` as a folder; `None` for languages whose libraries have no
/// deployment tool that takes one.
pub fn folder(language: Language, plan: &Plan<'_>) -> Option<Folder> {
    match language {
        Language::LangGraph => Some(langgraph(plan)),
        Language::Adk2 => Some(adk(plan)),
        _ => None,
    }
}

/// What `langgraph dev`, `langgraph build` and LangGraph's own servers take.
fn langgraph(plan: &Plan<'_>) -> Folder {
    let text = program(Language::LangGraph, Form::Parallel, plan).text();
    let variable = Language::LangGraph.key_variable(plan.endpoint);
    let inputs: Vec<String> = plan
        .pipeline
        .inputs()
        .iter()
        .map(|key| format!("{}: {}", literal(key.as_str()), literal(plan.input(key))))
        .collect();
    let limit = plan.limit(Form::Parallel).map_or(String::new(), |limit| {
        format!("\nA run's limit is set by its caller: `\"config\": {{\"max_concurrency\": {limit}}}`.\n")
    });
    let readme = format!(
        "# A pipeline for LangGraph\n\n\
         1. Write your key into `.env`.\n\
         2. `pip install \"langgraph-cli[inmem]\"`, then `langgraph dev` in this folder.\n\
         3. Run the graph `pipeline` with the input `{{{}}}`.\n\n\
         `langgraph build -t pipeline` makes a container image of the folder.\n{limit}{}",
        inputs.join(", "),
        picture_note(plan)
    );
    Folder {
        name: "langgraph-pipeline",
        files: vec![
            File::new(
                "langgraph.json",
                "{\n  \"dependencies\": [\".\"],\n  \
                 \"graphs\": { \"pipeline\": \"./pipeline.py:graph\" },\n  \"env\": \".env\"\n}\n",
            ),
            File::new("pipeline.py", only_as_a_program(&text)),
            File::new("requirements.txt", "langgraph\nlangchain-openai\n"),
            File::new(".env", format!("{variable}=\n")),
            File::new("README.md", readme),
        ],
    }
}

/// What `adk web`, `adk run` and `adk deploy` take.
fn adk(plan: &Plan<'_>) -> Folder {
    let text = program(Language::Adk2, Form::Parallel, plan).text();
    let variable = Language::Adk2.key_variable(plan.endpoint);
    let name = "adk_pipeline";
    let readme = format!(
        "# A pipeline for ADK 2\n\n\
         1. Write your key into `{name}/.env`.\n\
         2. `pip install google-adk`, then `adk web` in the folder around `{name}`.\n\
         3. `adk deploy cloud_run --project PROJECT --region REGION {name}` publishes it.\n\n\
         Your message is what the pipeline is asked about.\n{}",
        picture_note(plan)
    );
    Folder {
        name,
        files: vec![
            File::new("__init__.py", "from . import agent\n"),
            File::new("agent.py", only_as_a_program(&with_app(&text, name, plan))),
            File::new("requirements.txt", "google-adk>=2\n"),
            File::new(".env", format!("{variable}=\n")),
            File::new("README.md", readme),
        ],
    }
}

fn picture_note(plan: &Plan<'_>) -> &'static str {
    if plan.sees() { "\nPut the picture, `post.png`, where you run this.\n" } else { "" }
}

/// An ADK program whose inputs are in the state of every session: a server's sessions begin empty.
fn with_app(text: &str, name: &str, plan: &Plan<'_>) -> String {
    const RUNNERS: &str = "from google.adk.runners import";
    let imports = "from google.adk.apps import App\nfrom google.adk.plugins import BasePlugin\n";
    let text = text.replacen(RUNNERS, &format!("{imports}{RUNNERS}"), 1);
    let mut inputs = String::new();
    for (place, key) in plan.pipeline.inputs().iter().enumerate() {
        let key_text = literal(key.as_str());
        inputs += &match place {
            0 => format!("        state[{key_text}] = message\n"),
            _ => format!("        state.setdefault({key_text}, {})\n", literal(plan.input(key))),
        };
    }
    if inputs.is_empty() {
        inputs.push_str("        pass\n");
    }
    let app = format!(
        "class Inputs(BasePlugin):\n    \
         # What the agents read besides each other's answers: the reader's message.\n    \
         async def on_user_message_callback(self, *, invocation_context, user_message):\n        \
         state = invocation_context.session.state\n        \
         message = \"\".join(part.text or \"\" for part in user_message.parts)\n\
         {inputs}\n\n\
         app = App(name=\"{name}\", root_agent=root_agent, plugins=[Inputs(name=\"inputs\")])\n\n\n"
    );
    text.replacen("async def main():", &format!("{app}async def main():"), 1)
}

/// The program without its run when it is imported.
fn only_as_a_program(text: &str) -> String {
    text.replacen("\nasyncio.run(", "\nif __name__ == \"__main__\":\n    asyncio.run(", 1)
}

impl Folder {
    /// The folder as a ZIP file.
    pub fn zip(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.write(&mut bytes).expect("a few small files are written to memory");
        bytes
    }

    fn write(&self, bytes: &mut Vec<u8>) -> Result<(), rawzip::Error> {
        let mut archive = ZipArchiveWriter::new(bytes);
        for File { path, text } in &self.files {
            let path = format!("{}/{path}", self.name);
            let file = archive.new_file(path.as_str());
            let (mut entry, _) = file.compression_method(CompressionMethod::DEFLATE).start()?;
            entry.write_all(&compress_to_vec(text.as_bytes(), 6))?;
            entry.finish(DataDescriptorOutput::new(crc32(text.as_bytes()), text.len() as u64))?;
        }
        archive.finish()?;
        Ok(())
    }
}
