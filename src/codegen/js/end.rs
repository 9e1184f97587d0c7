//! The last lines of a program in JavaScript: they run it, and say what a failure and the time for the
//! whole run end.

use super::Js;
use crate::codegen::seconds;

impl Js<'_> {
    pub(super) fn run(&mut self) {
        let stops = self.stops_at_the_end();
        let main =
            if self.plan.leaves(self.form) || stops { "main().catch(failed)" } else { "main()" };
        if stops {
            self.all(
                0,
                &[
                    "// Ends what is still out.",
                    "function failed(error) {",
                    "    stop.abort();",
                    "    throw error;",
                    "}",
                    "",
                ],
            );
        }
        if self.plan.leaves(self.form) {
            self.all(
                0,
                &[
                    "// Told at once; those who were left running end in their own time.",
                    "function failed(error) {",
                    "    console.error(error);",
                    "    if (globalThis.process) process.exitCode = 1;",
                    "}",
                    "",
                ],
            );
        }
        let Some(deadline) = self.plan.deadline() else {
            return self.out.line(0, format!("{main};"));
        };
        let (millis, seconds) = (deadline.as_millis(), seconds(deadline));
        self.all(0, &["const late = new Promise((_, reject) => {"]);
        let error = format!("new Error(\"the run took longer than {seconds} s\")");
        self.out.line(1, format!("setTimeout(reject, {millis}, {error}).unref?.();"));
        self.all(0, &["});"]);
        self.out.line(0, format!("Promise.race([{main}, late]);"));
    }
}
