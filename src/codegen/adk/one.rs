//! ADK 1: a `ParallelAgent` a level in a `SequentialAgent`, as the article has it. ADK 2 still runs
//! it, and warns.

use super::Adk;
use crate::codegen::{Form, levels_wait_no_longer, one_by_one};

impl Adk<'_> {
    pub(super) fn sequential_agent(&mut self) {
        let pipeline = self.plan.pipeline;
        let mut steps: Vec<(Option<String>, Vec<usize>)> = Vec::new();
        if self.form == Form::Sequential {
            steps.extend(one_by_one(pipeline).into_iter().map(|agent| (None, vec![agent])));
        } else {
            let limit = self.plan.schedule.width.get();
            let groups: Vec<Vec<usize>> = (pipeline.by_level().iter())
                .flat_map(|level| level.chunks(limit).map(<[usize]>::to_vec))
                .collect();
            let several = groups.iter().filter(|group| group.len() > 1).count() > 1;
            self.out.blank(1);
            self.tell();
            for group in groups {
                let name = (group.len() > 1).then(|| match several {
                    true => format!("parallel_agent_{}", steps.len() + 1),
                    false => "parallel_agent".to_owned(),
                });
                if let Some(name) = &name {
                    self.parallel(name, &group);
                }
                steps.push((name, group));
            }
        }
        self.out.blank(1);
        self.out.line(0, "root_agent = SequentialAgent(");
        self.out.line(1, "name=\"pipeline\",");
        self.out.line(1, "sub_agents=[");
        for (name, group) in steps {
            match name {
                Some(name) => self.out.waits(2, format!("{name},"), group),
                None => self.entry(2, group[0]),
            }
        }
        self.out.line(1, "],");
        self.out.line(0, ")");
    }

    fn tell(&mut self) {
        if let Some(limit) = self.plan.limit(self.form) {
            self.out.line(
                0,
                format!("# ParallelAgent knows no limit: groups of {limit}, one after another."),
            );
        }
        if !levels_wait_no_longer(self.plan.pipeline) {
            self.out.line(
                0,
                "# Each ParallelAgent waits for all of its agents, so some below wait for",
            );
            self.out.line(0, "# answers that they do not read; the page starts them sooner.");
        }
        if self.plan.schedule.on_failure.raises() {
            self.out.line(0, "# When an agent fails, ParallelAgent cancels the others.");
        }
    }

    fn parallel(&mut self, name: &str, group: &[usize]) {
        self.out.waits(0, format!("{name} = ParallelAgent("), group.to_vec());
        self.out.line(1, format!("name=\"{name}\","));
        self.out.line(1, "sub_agents=[");
        group.iter().for_each(|agent| self.entry(2, *agent));
        self.out.line(1, "],");
        self.out.line(0, ")");
    }
}
