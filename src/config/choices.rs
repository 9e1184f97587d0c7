//! The settings that are one of a few words.

/// Declares a setting that is one of a few words.
macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub enum $name { $($(#[$variant_doc])* $variant,)* }

        impl $name {
            /// All of them, in the order of menus.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// Its name in addresses.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// The one with that name.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|choice| choice.as_str() == name)
            }
        }
    };
}

choice! {
    /// Which schedules run.
    ScheduleChoice {
        /// Both, on one clock.
        #[default]
        Race = "race",
        /// One agent after the other.
        Sequential = "sequential",
        /// Whatever can run, runs.
        Parallel = "parallel",
    }
}

choice! {
    /// What of the page is shown.
    View {
        /// Everything.
        #[default]
        All = "all",
        /// The bars.
        Race = "race",
        /// The diagram.
        Flow = "flow",
        /// The one thread.
        Loop = "loop",
        /// What went into the prompts.
        Data = "data",
        /// The program.
        Code = "code",
        /// What to break and to change, and what comes of it in the race.
        Lab = "lab",
        /// How long many runs take.
        Tail = "tail",
    }
}

impl View {
    /// Whether a part of the page is there when this is what is shown.
    pub fn shows(self, part: Self) -> bool {
        // What comes of an experiment is seen in the race.
        self == Self::All || self == part || (self == Self::Lab && part == Self::Race)
    }

    /// Its name in menus.
    pub fn label(self) -> &'static str {
        match self {
            Self::All => "The whole page",
            Self::Race => "The race",
            Self::Flow => "The flow",
            Self::Loop => "The event loop",
            Self::Data => "The data",
            Self::Code => "The code",
            Self::Lab => "The lab: conditions and the pipeline",
            Self::Tail => "The tail latency",
        }
    }
}

choice! {
    /// The tab below the stage that is open, where the whole page is shown.
    Tab {
        /// What the agents answer, and the report.
        #[default]
        Answers = "answers",
        /// The program.
        Code = "code",
        /// The one thread.
        Loop = "loop",
        /// The map of the pipeline, its state and its prompts.
        Prompts = "prompts",
        /// The conditions of a run.
        WhatIf = "whatif",
        /// How long many runs take.
        Tail = "tail",
        /// The figures of this run and of earlier ones.
        Runs = "runs",
    }
}

impl Tab {
    /// What is written on it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Answers => "Answers",
            Self::Code => "Code",
            Self::Loop => "Event loop",
            Self::Prompts => "Prompts",
            Self::WhatIf => "What if",
            Self::Tail => "Tail latency",
            Self::Runs => "Runs",
        }
    }
}

choice! {
    /// Light or dark.
    Theme {
        /// As the system has it.
        #[default]
        Auto = "auto",
        /// Light.
        Light = "light",
        /// Dark.
        Dark = "dark",
    }
}

choice! {
    /// Whether a simulated run starts by itself.
    Autoplay {
        /// It does not.
        #[default]
        Off = "0",
        /// At once.
        AtOnce = "1",
        /// When it is scrolled into view.
        Visible = "visible",
    }
}
