//! ADK 2: a `Workflow`, a graph of agents and of nodes that wait for several. It starts an agent as
//! soon as those before it are done, as the engine does.

use super::Adk;
use crate::codegen::{Form, levels_wait_no_longer, one_by_one};

const ONE_END: &str = "# a workflow must have one end";

impl Adk<'_> {
    pub(super) fn workflow(&mut self) {
        self.out.blank(1);
        if self.form == Form::Parallel {
            self.out.line(
                0,
                "# A node runs as soon as those before it are done; a JoinNode waits for all.",
            );
            if self.plan.schedule.on_failure.raises() {
                self.out.line(0, "# When an agent fails, Workflow cancels the others.");
            }
        }
        self.out.line(0, "root_agent = Workflow(");
        self.out.line(1, "name=\"pipeline\",");
        self.out.line(1, "edges=[");
        match self.form {
            Form::Sequential => self.chain(),
            Form::Parallel if levels_wait_no_longer(self.plan.pipeline) => self.levels(),
            Form::Parallel => self.edges(),
        }
        self.out.line(1, "],");
        if let Some(limit) = self.plan.limit(self.form) {
            self.out.line(1, format!("max_concurrency={limit},"));
        }
        self.out.line(0, ")");
    }

    /// One after another.
    fn chain(&mut self) {
        self.out.line(2, "(");
        self.out.line(3, "\"START\",");
        one_by_one(self.plan.pipeline).into_iter().for_each(|agent| self.entry(3, agent));
        self.out.line(2, "),");
    }

    /// Level by level, with a node between that waits for the level before.
    fn levels(&mut self) {
        let levels = self.plan.pipeline.by_level();
        self.out.line(2, "(");
        self.out.line(3, "\"START\",");
        for (depth, level) in levels.iter().enumerate() {
            if let [agent] = level.as_slice() {
                self.entry(3, *agent);
            } else {
                self.out.waits(3, "(", level.clone());
                level.iter().for_each(|agent| self.entry(4, *agent));
                self.out.line(3, "),");
                if depth + 1 < levels.len() {
                    self.out.line(3, format!("JoinNode(name=\"join_{}\"),", depth + 1));
                } else {
                    self.out.line(3, format!("JoinNode(name=\"all\"),  {ONE_END}"));
                }
            }
        }
        self.out.line(2, "),");
    }

    /// For each agent, the agents after which it runs.
    fn edges(&mut self) {
        let pipeline = self.plan.pipeline;
        for agent in one_by_one(pipeline) {
            let variable = self.variable(agent);
            let needs: Vec<&str> =
                pipeline.needs(agent).iter().map(|need| self.variable(*need)).collect();
            let line = match needs.as_slice() {
                [] => format!("(\"START\", {variable}),"),
                [need] => format!("({need}, {variable}),"),
                needs => {
                    let join = format!("JoinNode(name=\"join_for_{variable}\")");
                    format!("(({}), {join}, {variable}),", needs.join(", "))
                }
            };
            self.out.part_of = Some(agent);
            self.out.waits(2, line, vec![agent]);
            self.out.part_of = None;
        }
        let ends: Vec<&str> = self.plan.finals().map(|agent| self.variable(agent)).collect();
        if ends.len() > 1 {
            let line = format!("(({}), JoinNode(name=\"all\")),  {ONE_END}", ends.join(", "));
            self.out.line(2, line);
        }
    }
}
