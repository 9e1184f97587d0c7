//! The names of settings as lists, which the scripts in `public/` have too.

/// The key of every setting in the address.
pub const KEYS: [&str; 32] = [
    "preset",
    "n",
    "p",
    "schedule",
    "limit",
    "on_error",
    "quorum",
    "hedge",
    "spread",
    "fail",
    "retries",
    "first_timeout",
    "read_timeout",
    "run_timeout",
    "block",
    "provider",
    "base_url",
    "model",
    "temperature",
    "max_tokens",
    "topic",
    "latency",
    "seed",
    "jitter",
    "speed",
    "view",
    "tab",
    "lang",
    "embed",
    "theme",
    "autoplay",
    "hide",
];

/// Settings that leave the poster of a preset true: they decide how it is shown, not what runs. The
/// scripts in `public/` have lists of these and of all others.
pub const PRESENTATION: [&str; 10] =
    ["preset", "view", "tab", "embed", "theme", "hide", "autoplay", "speed", "lang", "topic"];
