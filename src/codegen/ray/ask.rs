//! What a program for Ray has before its tasks: the call, the picture, and what becomes of a failure.

use super::Ray;
use crate::codegen::picture::{FILE, MEDIA};
use crate::codegen::python::{client_lines, literal};
use crate::codegen::seconds;

impl Ray<'_> {
    pub(super) fn head(&mut self) {
        let plan = self.plan;
        let out = &mut self.out;
        out.line(0, format!("MODEL = {}", literal(&plan.endpoint.model)));
        if let Some(deadline) = plan.deadline().filter(|_| self.form == super::Form::Sequential) {
            let deadline = seconds(deadline);
            out.line(
                0,
                format!("ENDS = time.monotonic() + {deadline}  # seconds, for the whole run"),
            );
            out.blank(2);
            out.line(0, "def get(task):");
            out.line(1, "return ray.get(task, timeout=max(0, ENDS - time.monotonic()))");
        }
        if plan.sees() {
            out.line(
                0,
                "# The picture that agents look at, in the folder in which this runs. Ray sends it",
            );
            out.line(0, "# along with the tasks.");
            out.line(0, format!("with open(\"{FILE}\", \"rb\") as file:"));
            out.line(1, "PICTURE = base64.b64encode(file.read()).decode()");
        }
        self.run_query();
        if plan.sees() {
            self.with_picture();
        }
        if plan.collects() {
            self.given();
        }
        if plan.holds_back(self.form) {
            self.hold_back();
        }
        let out = &mut self.out;
        out.blank(2);
        out.line(0, "# A call waits and computes nothing, so its task takes no CPU. Ray asks again, max_retries");
        out.line(0, "# times, when a task's process dies; refusals are the client's to repeat.");
    }

    fn run_query(&mut self) {
        let plan = self.plan;
        let (named, model) =
            if plan.has_models() { (", model=MODEL", "model") } else { ("", "MODEL") };
        let out = &mut self.out;
        out.blank(2);
        out.line(0, format!("def run_query(instruction, prompt{named}):"));
        out.line(1, "# Made in the task's own process, which needs the key in its environment.");
        out.line(1, "client = OpenAI(");
        client_lines(out, 2, plan);
        out.line(1, ")");
        out.line(1, "messages = [{\"role\": \"user\", \"content\": prompt}]");
        out.line(1, "if instruction:");
        out.line(2, "messages.insert(0, {\"role\": \"system\", \"content\": instruction})");
        if plan.has_tools() {
            out.line(1, "# The agents' search tool is left out: this API has none.");
        }
        out.line(1, "try:");
        out.line(2, "response = client.chat.completions.create(");
        match plan.temperature() {
            None => out.line(3, format!("model={model}, messages=messages")),
            Some(temperature) => {
                out.line(3, format!("model={model},"));
                out.line(3, "messages=messages,");
                out.line(3, format!("temperature={temperature},"));
            }
        }
        out.line(2, ")");
        out.line(1, "except OpenAIError as error:");
        out.line(2, "# The client's own exceptions cannot be sent from one process to another.");
        out.line(2, "raise RuntimeError(str(error)) from None");
        out.line(1, "return response.choices[0].message.content");
    }

    fn with_picture(&mut self) {
        let out = &mut self.out;
        out.blank(2);
        out.line(0, "def with_picture(prompt):");
        out.line(1, "return [");
        out.line(2, "{\"type\": \"text\", \"text\": prompt},");
        let url = format!("{{\"url\": f\"data:{MEDIA};base64,{{PICTURE}}\"}}");
        out.line(2, format!("{{\"type\": \"image_url\", \"image_url\": {url}}},"));
        out.line(1, "]");
    }

    fn given(&mut self) {
        let out = &mut self.out;
        out.blank(2);
        out.line(0, "def given(answer, key=None):");
        out.line(1, "# A failed call leaves a mark in the prompts that read it.");
        out.line(1, "if answer is not None:");
        out.line(2, "return answer");
        out.line(1, "if key is None:");
        out.line(2, "return \"\"");
        out.line(1, "return f\"[{key} is missing: the agent that writes it gave no answer]\"");
    }

    fn hold_back(&mut self) {
        let out = &mut self.out;
        out.blank(2);
        out.line(0, "def hold_back(tasks):");
        out.line(
            1,
            "# After a failure nothing else begins: what still waits for an answer is canceled.",
        );
        out.line(1, "for task, inputs in reversed(tasks.items()):");
        out.line(2, "if inputs and ray.wait(inputs, num_returns=len(inputs), timeout=0)[1]:");
        out.line(3, "ray.cancel(task)");
    }
}
