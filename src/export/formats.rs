//! The files for other programs that the page offers: what each is called, and where it opens.

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// A row for each agent.
    Csv,
    /// Chrome's trace events.
    Perfetto,
    /// OTLP JSON.
    OpenTelemetry,
    /// A Mermaid gantt of the run.
    Gantt,
    /// A Mermaid flowchart of the pipeline.
    Flowchart,
    /// The stage as a picture.
    Svg,
    /// The same picture in pixels.
    Png,
}

impl Format {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 7] = [
        Self::Csv,
        Self::Perfetto,
        Self::OpenTelemetry,
        Self::Gantt,
        Self::Flowchart,
        Self::Svg,
        Self::Png,
    ];

    /// What stands on its button.
    pub fn label(self) -> &'static str {
        match self {
            Self::Csv => "CSV",
            Self::Perfetto => "Perfetto",
            Self::OpenTelemetry => "OpenTelemetry",
            Self::Gantt => "Mermaid gantt",
            Self::Flowchart => "Mermaid flowchart",
            Self::Svg => "SVG",
            Self::Png => "PNG",
        }
    }

    /// What is in it and where it opens, in a line.
    pub fn opens_in(self) -> &'static str {
        match self {
            Self::Csv => "A row per agent. Opens in any spreadsheet.",
            Self::Perfetto => {
                "A thread per agent, with attempts and first tokens. Opens at ui.perfetto.dev and in \
                 chrome://tracing."
            }
            Self::OpenTelemetry => {
                "OTLP JSON with the GenAI conventions. Upload it in Jaeger, or post it to a \
                 collector at /v1/traces."
            }
            Self::Gantt => "Paste it into a mermaid code block on GitHub or GitLab.",
            Self::Flowchart => {
                "The pipeline without its times. Paste it into a mermaid code block."
            }
            Self::Svg => {
                "The stage as it stands, in the colors of the page. Opens in browsers and drawing \
                 programs."
            }
            Self::Png => "The same picture at twice its size, for slides and chats.",
        }
    }

    /// The end of its file's name, without the dot before it.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Perfetto => "perfetto.json",
            Self::OpenTelemetry => "otlp.json",
            Self::Gantt => "gantt.mmd",
            Self::Flowchart => "flowchart.mmd",
            Self::Svg => "svg",
            Self::Png => "png",
        }
    }
}
