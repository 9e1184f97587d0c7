//! The page's entry point. Everything it does is in the library, so that the host can test it.

#[cfg(target_arch = "wasm32")]
fn main() {
    converge::app::start();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("Converge is a web page: `cargo xtask serve` builds it and serves it.");
}
