//! Exact formulas for what is drawn, where there are any: they explain a figure, and check it.

/// The share of runs with at least one slow branch, where a share of all calls is slow: 100 branches of
/// which each is slow 1 in 100 times make 63 of 100 runs slow.
pub fn share_of_runs_with_a_slow_branch(share: f64, branches: usize) -> f64 {
    1.0 - (1.0 - share).powf(branches as f64)
}

/// The share of runs in which the `k` fastest of `n` branches have ended, where each has ended with
/// the probability `ended`: the k-th order statistic. For `k == n` it is `ended` to the power of `n`.
pub fn cdf_of_kth(ended: f64, k: usize, n: usize) -> f64 {
    if k == 0 || ended >= 1.0 {
        return 1.0;
    }
    if k > n || ended <= 0.0 {
        return 0.0;
    }
    // In logarithms: the number of choices overflows at a thousand branches.
    let (yes, no) = (ended.ln(), (-ended).ln_1p());
    let mut choices = 0.0;
    let mut sum = 0.0;
    // From all that have ended down to k: n choose j, one factor after the other.
    for j in (k..=n).rev() {
        sum += (choices + j as f64 * yes + (n - j) as f64 * no).exp();
        choices += (j as f64 / (n - j + 1) as f64).ln();
    }
    sum.min(1.0)
}

/// The share of calls that have an answer by `t` where a second, independent call is made after
/// `after` seconds: both have to be late. `cdf` is that of one call, in seconds.
pub fn cdf_of_hedged(cdf: impl Fn(f64) -> f64, after: f64, t: f64) -> f64 {
    if t < after { cdf(t) } else { 1.0 - (1.0 - cdf(t)) * (1.0 - cdf(t - after)) }
}
