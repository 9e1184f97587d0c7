//! What stands in the picture of a race.

pub const SEQUENTIAL: &str = "Sequential";
pub const PARALLEL: &str = "Parallel";

pub fn saved(seconds: &str) -> String {
    format!("{seconds} s saved")
}

pub const FASTER: &str = "faster";
pub const SECONDS: &str = "seconds";
