//! Cuts a text into records, one JSON value each, without parsing the rest of it.
//!
//! Tools write their spans as one document, as a list, one a line, or glued together. A whole document
//! as values takes twenty times its size; cut like this, one record at a time is in memory, and reading
//! can pause between any two. What lies around the records is walked through, not kept. Whether a
//! record is sound JSON is serde's business, when it is parsed.

/// Keys of lists that hold records.
const LISTS: &[&str] = &["spans", "observations", "entries", "traceEvents", "runs"];

/// Keys on the way to such a list.
const WAYS: &[&str] = &[
    "resourceSpans",
    "resource_spans",
    "batches",
    "scopeSpans",
    "scope_spans",
    "instrumentationLibrarySpans",
    "instrumentation_library_spans",
    "data",
    "trace",
    "traces",
    "log",
    "result",
    "results",
];

/// No format nests its lists deeper.
const DEEPEST: usize = 32;

/// A piece of the text that is one JSON value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record<'a> {
    /// Its text.
    pub text: &'a str,
    /// Where it begins, in bytes.
    pub at: usize,
    /// The key of the list that it is in; empty where it has none.
    pub list: &'a str,
    /// How many objects it lies in.
    pub depth: usize,
}

/// Why a text cannot be cut into records. The position is in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It ends in the middle of a value.
    Cut {
        /// Where it ends.
        at: usize,
        /// Whether all that is missing is the end of a list that holds records only.
        in_list: bool,
        /// Whether whole values came before the one that is cut.
        after_values: bool,
    },
    /// It is not JSON there.
    Syntax {
        /// Where.
        at: usize,
    },
}

#[derive(Clone, Copy)]
enum Open<'a> {
    Object,
    /// With the key of the list, and whether something stands in it that no comma has followed.
    List(&'a str, bool),
}

/// The records of a text, in its order.
pub struct Records<'a> {
    text: &'a str,
    at: usize,
    open: Vec<Open<'a>>,
    /// Values at the top that are whole.
    values: usize,
    /// The keys that were met on the way, to tell what a text looks like.
    pub ways: Vec<&'a str>,
}

/// How far an object goes.
enum Extent {
    /// It holds a list of records.
    Holds,
    /// It is a record, which ends before that position.
    Ends(usize),
    /// It is not whole.
    Cut,
}

impl<'a> Records<'a> {
    /// From the beginning of a text.
    pub fn new(text: &'a str) -> Self {
        let at = if text.starts_with('\u{feff}') { 3 } else { 0 };
        Self { text, at, open: Vec::new(), values: 0, ways: Vec::new() }
    }

    /// How far the text has been read, in bytes.
    pub fn position(&self) -> usize {
        self.at
    }

    /// The next record; `None` after the last one.
    pub fn read(&mut self) -> Result<Option<Record<'a>>, Fault> {
        loop {
            self.skip_space();
            let Some(byte) = self.peek() else {
                return match self.open.last() {
                    None => Ok(None),
                    Some(_) => Err(self.cut()),
                };
            };
            match (self.open.last().copied(), byte) {
                (None, b',') if self.values > 0 => self.at += 1,
                (None, b'[') => self.enter(Open::List("", false))?,
                (None, b'{') => {
                    if let Some(record) = self.object("")? {
                        self.values += 1;
                        return Ok(Some(record));
                    }
                }
                (None, _) => return Err(Fault::Syntax { at: self.at }),
                (Some(Open::List(list, true)), b',') => {
                    self.at += 1;
                    self.set_comma(list, false);
                }
                (Some(Open::List(..)), b']') => self.leave(),
                (Some(Open::List(list, false)), _) => {
                    self.set_comma(list, true);
                    match byte {
                        b'{' => {
                            if let Some(record) = self.object(list)? {
                                return Ok(Some(record));
                            }
                        }
                        b'[' => self.enter(Open::List(list, false))?,
                        _ => self.skip_value()?,
                    }
                }
                (Some(Open::List(_, true)), _) => return Err(Fault::Syntax { at: self.at }),
                (Some(Open::Object), b'}') => self.leave(),
                (Some(Open::Object), b',') => self.at += 1,
                (Some(Open::Object), b'"') => self.field()?,
                (Some(Open::Object), _) => return Err(Fault::Syntax { at: self.at }),
            }
        }
    }

    /// Reads a key and steps into its value, or over it.
    fn field(&mut self) -> Result<(), Fault> {
        let text = self.text;
        let end = string_end(text.as_bytes(), self.at).ok_or_else(|| self.cut())?;
        let key = &text[self.at + 1..end - 1];
        self.at = end;
        self.skip_space();
        match self.peek() {
            Some(b':') => self.at += 1,
            Some(_) => return Err(Fault::Syntax { at: self.at }),
            None => return Err(self.cut()),
        }
        self.skip_space();
        let (is_list, is_way) = (LISTS.contains(&key), WAYS.contains(&key));
        if (is_list || is_way) && self.ways.len() < DEEPEST && !self.ways.contains(&key) {
            self.ways.push(key);
        }
        match self.peek() {
            Some(b'[') if is_list || is_way => self.enter(Open::List(key, false)),
            Some(b'{') if is_way => self.enter(Open::Object),
            Some(_) => self.skip_value(),
            None => Err(self.cut()),
        }
    }

    /// Steps into an object that holds lists of records; any other one is a record.
    fn object(&mut self, list: &'a str) -> Result<Option<Record<'a>>, Fault> {
        let extent = match LISTS.contains(&list) {
            true => match value_end(self.text.as_bytes(), self.at) {
                Some(end) => Extent::Ends(end),
                None => Extent::Cut,
            },
            false => extent(self.text, self.at),
        };
        match extent {
            Extent::Holds => self.enter(Open::Object).map(|()| None),
            Extent::Ends(end) => {
                let at = std::mem::replace(&mut self.at, end);
                let depth = self.open.iter().filter(|open| matches!(open, Open::Object)).count();
                Ok(Some(Record { text: &self.text[at..end], at, list, depth }))
            }
            Extent::Cut => Err(self.cut()),
        }
    }

    fn enter(&mut self, open: Open<'a>) -> Result<(), Fault> {
        if self.open.len() >= DEEPEST {
            return Err(Fault::Syntax { at: self.at });
        }
        self.at += 1;
        self.open.push(open);
        Ok(())
    }

    fn leave(&mut self) {
        self.at += 1;
        self.open.pop();
        if self.open.is_empty() {
            self.values += 1;
        }
    }

    fn set_comma(&mut self, list: &'a str, due: bool) {
        if let Some(last) = self.open.last_mut() {
            *last = Open::List(list, due);
        }
    }

    fn skip_value(&mut self) -> Result<(), Fault> {
        self.at = value_end(self.text.as_bytes(), self.at).ok_or_else(|| self.cut())?;
        Ok(())
    }

    fn skip_space(&mut self) {
        let space = |byte: &u8| matches!(byte, b' ' | b'\n' | b'\r' | b'\t');
        self.at += self.text.as_bytes()[self.at..].iter().take_while(|byte| space(byte)).count();
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn cut(&self) -> Fault {
        let objects = self.open.iter().filter(|open| matches!(open, Open::Object)).count();
        let in_events = matches!(self.open.as_slice(), [Open::List("", _)])
            || matches!(self.open.as_slice(), [Open::Object, Open::List("traceEvents", _)]);
        Fault::Cut {
            at: self.text.len(),
            in_list: in_events && objects <= 1,
            after_values: self.open.is_empty() && self.values > 0,
        }
    }
}

/// Where the string that begins at `at` ends: behind its closing quote.
fn string_end(bytes: &[u8], at: usize) -> Option<usize> {
    let mut next = at + 1;
    loop {
        match bytes.get(next)? {
            b'"' => return Some(next + 1),
            b'\\' => next += 2,
            _ => next += 1,
        }
    }
}

/// Where the value that begins at `at` ends; `None` where it does not.
fn value_end(bytes: &[u8], at: usize) -> Option<usize> {
    let (mut next, mut depth) = (at, 0_usize);
    loop {
        match bytes.get(next)? {
            b'"' => next = string_end(bytes, next)?,
            b'{' | b'[' => (next, depth) = (next + 1, depth + 1),
            b'}' | b']' if depth <= 1 => return Some(next + usize::from(depth == 1)),
            b'}' | b']' => (next, depth) = (next + 1, depth - 1),
            b',' if depth == 0 => return Some(next),
            _ => next += 1,
        }
        // A string or a whole value at no depth ends there; a bare word goes on to what delimits it.
        if depth == 0 && matches!(bytes[at], b'"' | b'{' | b'[') {
            return Some(next);
        }
    }
}

/// Whether the object at `at` holds a list of records on one of the known ways, or where it ends.
fn extent(text: &str, at: usize) -> Extent {
    let bytes = text.as_bytes();
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\n' | b'\r' | b'\t');
    let after_space =
        |from: usize| from + bytes[from..].iter().take_while(|byte| is_space(byte)).count();
    // What is open, with whether it is an object: only known ways are stepped into.
    let mut open = vec![true];
    let mut next = at + 1;
    while next < bytes.len() {
        match bytes[next] {
            b'"' => {
                let Some(after) = string_end(bytes, next) else { return Extent::Cut };
                let colon = after_space(after);
                if open.last() != Some(&true) || bytes.get(colon) != Some(&b':') {
                    next = after;
                    continue;
                }
                let key = &text[next + 1..after - 1];
                let value = after_space(colon + 1);
                let opens = bytes.get(value).copied();
                if opens == Some(b'[')
                    && LISTS.contains(&key)
                    && bytes.get(after_space(value + 1)) == Some(&b'{')
                {
                    return Extent::Holds;
                }
                let steps = matches!(opens, Some(b'[' | b'{')) && WAYS.contains(&key);
                next = match steps {
                    true => {
                        open.push(opens == Some(b'{'));
                        value + 1
                    }
                    false => match value_end(bytes, value) {
                        Some(end) => end,
                        None => return Extent::Cut,
                    },
                };
            }
            b'{' | b'[' => {
                open.push(bytes[next] == b'{');
                next += 1;
            }
            b'}' | b']' => {
                open.pop();
                next += 1;
                if open.is_empty() {
                    return Extent::Ends(next);
                }
            }
            _ => next += 1,
        }
    }
    Extent::Cut
}
