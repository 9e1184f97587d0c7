//! The layers of `src`, from the bottom up, as ARCHITECTURE.md has them.

/// A layer: its modules, and what of the crate it may name besides itself.
pub struct Layer {
    pub modules: &'static [&'static str],
    pub may_name: &'static [&'static str],
}

const WORDS: &[&str] = &["time", "state", "template", "excerpt", "markdown", "words"];
const PORTS: &[&str] = &["clock", "model"];

/// From the bottom up. A new module needs a place here; a path such as `llm::http` opens only that
/// part of a module.
pub const LAYERS: &[Layer] = &[
    Layer { modules: WORDS, may_name: &[] },
    Layer { modules: PORTS, may_name: WORDS },
    // An agent names the model and the tools that it wants, in the port's words.
    Layer {
        modules: &["pipeline"],
        may_name: &["time", "state", "template", "markdown", "words", "model"],
    },
    Layer { modules: &["trace"], may_name: &["time", "model"] },
    // It cannot tell a simulated model from a live one, nor who looks at the log.
    Layer {
        modules: &["engine"],
        may_name: &[
            "time", "state", "template", "excerpt", "clock", "model", "pipeline", "trace", "words",
        ],
    },
    Layer { modules: &["llm"], may_name: &["time", "words", "clock", "model"] },
    // It cannot tell where events come from. The model's words for usage and errors are in the log.
    Layer {
        modules: &["timeline"],
        may_name: &["time", "state", "template", "excerpt", "words", "model", "pipeline", "trace"],
    },
    // A stand-in for a model, and what running with it comes to: so it knows the engine.
    Layer {
        modules: &["simulate"],
        may_name: &[
            "time", "state", "template", "clock", "model", "pipeline", "trace", "engine",
            "timeline", "words",
        ],
    },
    Layer {
        modules: &[
            "advice", "presets", "config", "codegen", "edit", "record", "export", "import",
            "library", "verdict", "plan", "drawing", "poster", "tail", "tour", "versus",
        ],
        may_name: &[
            "time", "state", "template", "clock", "model", "pipeline", "trace", "engine",
            "timeline", "simulate", "llm", "words",
        ],
    },
    Layer {
        modules: &["web"],
        may_name: &["time", "state", "template", "clock", "model", "words", "llm::http"],
    },
    Layer { modules: &["app", "main"], may_name: &["*"] },
];
