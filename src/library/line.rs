//! A row as it stands in the table: its small timeline, and its figures as texts.

use super::picture::{Picture, axis};
use super::{Primitive, Row};
use crate::llm::prices::{self, Price};
use crate::pipeline::Pipeline;
use crate::time::seconds;
use crate::timeline::crowd::grouped;
use crate::words::{self, library as said};

/// What the table shows of one primitive. Equal ones look the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Which.
    pub primitive: Primitive,
    /// Its small timeline.
    pub picture: Picture,
    /// What the caller gets: "the error of Stock".
    pub sees: String,
    /// When: "0.40 s"; empty: never.
    pub at: String,
    /// What the siblings do: "keep running, unused".
    pub siblings: &'static str,
    /// The branches whose answers the caller has.
    pub survivors: String,
    /// How many calls there are.
    pub calls: String,
    /// The tokens of those calls, read and written.
    pub tokens: String,
    /// What those cost, where the price is known.
    pub cost: Option<String>,
    /// How long agents ran for nothing; empty: not at all.
    pub wasted: String,
}

/// The rows as lines, on one axis. `price` is that of all calls, where it is known.
pub fn lines(rows: &[Row], pipeline: &Pipeline, price: Option<Price>) -> Vec<Line> {
    let axis = axis(rows);
    let line = |row: &Row| Line {
        primitive: row.primitive,
        picture: row.picture(axis),
        sees: row.sees_in_words(pipeline),
        at: row.at.map(|at| words::seconds(&seconds(at))).unwrap_or_default(),
        siblings: row.siblings.as_str(),
        survivors: survivors(row, pipeline),
        calls: grouped(row.calls),
        tokens: grouped((row.usage.input_tokens + row.usage.output_tokens) as usize),
        cost: price.map(|price| prices::dollars(prices::cost(row.usage, price))),
        wasted: match row.wasted.is_zero() {
            true => String::new(),
            false => words::seconds(&seconds(row.wasted)),
        },
    };
    rows.iter().map(line).collect()
}

/// More branches than these are counted instead of named.
const MOST_NAMED: usize = 2;

fn survivors(row: &Row, pipeline: &Pipeline) -> String {
    let branches = pipeline.branches();
    let kept: Vec<String> = (row.survivors.iter())
        .filter(|agent| branches.contains(agent))
        .map(|agent| pipeline.agents()[*agent].title().to_owned())
        .collect();
    match kept.len() {
        0 => said::NO_SURVIVORS.to_owned(),
        all if all == branches.len() => said::ALL_SURVIVE.to_owned(),
        few if few <= MOST_NAMED => words::list(&kept),
        many => said::survivors(many, branches.len()),
    }
}
