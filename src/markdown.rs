//! Formatted text as a tree of harmless nodes.
//!
//! What a model writes is hostile text. It is parsed as Markdown and comes out as one of the few
//! nodes below: HTML in it stays visible text, images become their description, and a link goes
//! nowhere but to the web or to a mailbox. Drawing the tree is the page's business.

use std::borrow::Cow;

use crate::excerpt;
use pulldown_cmark::{Event, HeadingLevel, Parser, Tag};

/// A piece of formatted text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// Plain text.
    Text(String),
    /// A few words of code.
    Code(String),
    /// A line break.
    Break,
    /// A horizontal rule.
    Rule,
    /// Something with contents.
    Element(Element, Vec<Node>),
}

/// What contents are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Element {
    /// A paragraph.
    Paragraph,
    /// A heading, from 1 for the highest to 6.
    Heading(u8),
    /// A quotation.
    Quote,
    /// A block of code.
    CodeBlock,
    /// A list with dots.
    List,
    /// A list with numbers, from the given one on.
    Numbered(u64),
    /// An item of a list.
    Item,
    /// Emphasis.
    Emphasis,
    /// Strong emphasis.
    Strong,
    /// A link to an address that is safe to open.
    Link(String),
}

/// Elements inside elements, at most: deeper text is not readable, and a hostile text could nest until the
/// stack is full.
const DEEPEST: usize = 16;

/// A long text in slices that can be parsed one by one, so that no parse takes long. A block of code
/// that reaches over the end of a slice is opened again in the next one.
pub fn slices(text: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let mut fence: Option<&str> = None;
    excerpt::slices(text).map(move |slice| {
        let opened = fence.take();
        fence = open_fence(opened, slice);
        match opened {
            Some(opened) => format!("{opened}\n{slice}").into(),
            None => slice.into(),
        }
    })
}

/// The line that opened the block of code in which a slice ends, where it ends in one; `opened` is
/// the line of the one that it begins in.
fn open_fence<'a>(opened: Option<&'a str>, slice: &'a str) -> Option<&'a str> {
    let mark = |line: &str| {
        let line = line.trim_start_matches(' ');
        let of = line.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
        let length = line.chars().take_while(|c| *c == of).count();
        (length >= 3).then_some((of, length, line[length..].trim().is_empty()))
    };
    slice.lines().fold(opened, |opened, line| match (opened, mark(line)) {
        (None, Some(_)) => Some(line),
        (Some(fence), Some((of, length, is_bare))) => {
            let ends = mark(fence).is_some_and(|(own, least, _)| own == of && length >= least);
            (!(ends && is_bare)).then_some(fence)
        }
        (opened, None) => opened,
    })
}

/// Parses a text, which may be unfinished: every prefix of a text has a tree.
pub fn parse(text: &str) -> Vec<Node> {
    // The contents of the elements that are open, outermost first. What has no element of its own,
    // or lies too deep, adds to the contents around it.
    let mut open: Vec<(Option<Element>, Vec<Node>)> = vec![(None, Vec::new())];
    for event in Parser::new(text) {
        let node = match event {
            Event::Start(tag) => {
                let element = element(&tag).filter(|_| open.len() <= DEEPEST);
                open.push((element, Vec::new()));
                continue;
            }
            Event::End(_) => {
                let Some((element, contents)) = open.pop() else { continue };
                match (element, open.last_mut()) {
                    (Some(element), _) => Node::Element(element, contents),
                    (None, Some((_, around))) => {
                        around.extend(contents);
                        continue;
                    }
                    (None, None) => continue,
                }
            }
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => {
                Node::Text(text.into_string())
            }
            Event::Code(code) => Node::Code(code.into_string()),
            Event::SoftBreak => Node::Text(" ".into()),
            Event::HardBreak => Node::Break,
            Event::Rule => Node::Rule,
            // Extensions that are not switched on.
            _ => continue,
        };
        if let Some((_, contents)) = open.last_mut() {
            contents.push(node);
        }
    }
    open.into_iter().flat_map(|(_, contents)| contents).collect()
}

fn element(tag: &Tag<'_>) -> Option<Element> {
    Some(match tag {
        Tag::Paragraph => Element::Paragraph,
        Tag::Heading { level, .. } => Element::Heading(match level {
            HeadingLevel::H1 => 1,
            HeadingLevel::H2 => 2,
            HeadingLevel::H3 => 3,
            HeadingLevel::H4 => 4,
            HeadingLevel::H5 => 5,
            HeadingLevel::H6 => 6,
        }),
        Tag::BlockQuote(_) => Element::Quote,
        Tag::CodeBlock(_) => Element::CodeBlock,
        Tag::List(None) => Element::List,
        Tag::List(Some(first)) => Element::Numbered(*first),
        Tag::Item => Element::Item,
        Tag::Emphasis => Element::Emphasis,
        Tag::Strong => Element::Strong,
        Tag::Link { dest_url, .. } => Element::Link(safe(dest_url)?),
        _ => return None,
    })
}

/// The address, if it is one that can do nothing but open a page or a message.
fn safe(address: &str) -> Option<String> {
    let scheme = address.split_once(':')?.0.to_ascii_lowercase();
    matches!(scheme.as_str(), "https" | "http" | "mailto").then(|| address.to_owned())
}
