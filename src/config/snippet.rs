//! What an author puts into a page to have this figure there, for these settings.

use super::{PRESENTATION, Settings};
use crate::presets::PresetId;
use crate::words;

/// What kind of thing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// The element of embed.js.
    #[default]
    Element,
    /// A frame, for hosts that take no scripts.
    Frame,
    /// A picture with a link, for hosts that take no frames either.
    Picture,
}

impl Form {
    /// All of them, in the order of menus.
    pub const ALL: [Self; 3] = [Self::Element, Self::Frame, Self::Picture];

    /// Its name in menus.
    pub fn label(self) -> &'static str {
        match self {
            Self::Element => "Element: height, theme and links follow the page",
            Self::Frame => "Plain iframe, where scripts are not allowed",
            Self::Picture => "Picture with a link, where iframes are not allowed",
        }
    }

    /// The one at that place in the menu.
    pub fn at(place: &str) -> Option<Self> {
        Self::ALL.get(place.parse::<usize>().ok()?).copied()
    }
}

impl Settings {
    /// The preset whose poster shows what these settings come to; `None` where none does.
    pub fn poster(&self) -> Option<PresetId> {
        let fragment = self.fragment();
        let mut keys = form_urlencoded::parse(fragment.as_bytes()).map(|(key, _)| key);
        keys.all(|key| PRESENTATION.contains(&key.as_ref())).then_some(self.preset)
    }

    /// The attributes of the element, each as a setting and its value.
    pub fn attributes(&self) -> Vec<(String, String)> {
        let plain = Self { embed: false, ..self.clone() }.fragment();
        let mut attributes: Vec<(String, String)> =
            form_urlencoded::parse(plain.as_bytes()).into_owned().collect();
        // It says what the figure is of, the default too.
        if !attributes.iter().any(|(key, _)| key == "preset") {
            attributes.insert(0, ("preset".into(), self.preset.id().into()));
        }
        for (key, _) in &mut attributes {
            if key == "lang" {
                "language".clone_into(key);
            }
        }
        attributes
    }

    /// The HTML that shows these settings in a page. `site` is the address of this one's folder, with
    /// its slash, and `height` how many pixels high the figure is; `told` is what it shows, in words.
    pub fn snippet(&self, form: Form, site: &str, height: u32, told: &str) -> String {
        let link = |embed| {
            let fragment = Self { embed, ..self.clone() }.fragment();
            let mark = if fragment.is_empty() { "" } else { "#" };
            escaped(&format!("{site}{mark}{fragment}"))
        };
        let title = words::share::title(self.preset.label());
        let site = escaped(site);
        match form {
            Form::Element => {
                let attributes = self.attributes().into_iter();
                let attributes = attributes.map(|(k, v)| format!(" {k}=\"{}\"", escaped(&v)));
                let attributes: String = attributes.collect();
                // The opening tag has a line of its own: Markdown then reads it as a block of HTML.
                format!(
                    "<script async src=\"{site}embed.js\"></script>\n\
                     <converge-demo{attributes}>\n\
                     <a href=\"{}\">{title}</a></converge-demo>",
                    link(false)
                )
            }
            Form::Frame => format!(
                "<iframe src=\"{}\" title=\"{title}\" width=\"100%\" height=\"{height}\" \
                 loading=\"lazy\" frameborder=\"0\"></iframe>",
                link(true)
            ),
            Form::Picture => match self.poster() {
                Some(preset) => format!(
                    "<a href=\"{}\"><img src=\"{site}posters/{}.svg\" width=\"560\" \
                     alt=\"{title}. {}\"></a>",
                    link(false),
                    preset.id(),
                    escaped(told)
                ),
                None => format!("<a href=\"{}\">{title}</a>", link(false)),
            },
        }
    }
}

/// Text as an attribute has it.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}
