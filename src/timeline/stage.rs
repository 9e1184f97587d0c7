//! The geometry of the stage: the sequential run in one row, the parallel run as branches that fan out
//! from the topic and wait at a join, and one axis under both.
//!
//! [`Layout`] says where things are, which follows from the pipeline and the width alone. [`Scene`] says
//! what is there at the playhead: bars, waits, joins, labels, the report's place, the time saved. All
//! motion is a function of the playhead ([`motion`]), so scrubbing back undoes it. Places along the axis
//! are fractions of it, everything else CSS pixels from the stage's top left corner. No colors and no
//! elements: the page, the posters and the tests draw the same picture.

mod axis;
mod captions;
pub mod joins;
pub mod labels;
pub mod layout;
pub mod motion;
pub mod report;
mod rows;
mod scene;
pub mod text_width;

pub use axis::{axis_end, is_predicted};
pub use joins::{Join, JoinState, Token};
pub use labels::Label;
pub use layout::{Curve, Layout, Point, Rect, Track, Tracks};
pub use motion::Pace;
pub use report::{ReportText, Saved};
pub use scene::{LaneScene, RunSources, Scene, SceneSources, Segment};
