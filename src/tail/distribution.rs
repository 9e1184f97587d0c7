//! How long one call takes: distributions, and drawing from them.

use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use crate::time::plain_number;

/// What the setting `spread` says: the shape of every simulated agent's latency, whose own scripted
/// latency is the median of a log-normal, and what the usual call takes where some are slow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shape {
    /// `lognormal:0.5`: the logarithm of the latency is normal.
    LogNormal {
        /// The standard deviation of that logarithm, 0 to 3. At 0.5, 1 in 20 takes 2.3 times the
        /// median or longer.
        sigma: f64,
    },
    /// `slow:0.01x10`: a share of all calls takes so many times as long.
    Slow {
        /// Which share, 0 to 1.
        share: f64,
        /// How many times as long, 1 to 1,000.
        times: f64,
    },
}

impl Shape {
    /// Reads one; `None` when it makes no sense.
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, figures) = text.split_once(':')?;
        match kind {
            "lognormal" => {
                let sigma = plain_number(figures).filter(|sigma| (0.0..=3.0).contains(sigma))?;
                Some(Self::LogNormal { sigma })
            }
            "slow" => {
                let (share, times) = figures.split_once('x')?;
                let share = plain_number(share).filter(|share| (0.0..=1.0).contains(share))?;
                let times = plain_number(times).filter(|times| (1.0..=1000.0).contains(times))?;
                Some(Self::Slow { share, times })
            }
            _ => None,
        }
    }

    /// The distribution of an agent with that scripted latency.
    pub fn of(self, latency: Duration) -> Distribution {
        let latency = latency.as_secs_f64();
        match self {
            Self::LogNormal { sigma } => Distribution::LogNormal { median: latency, sigma },
            Self::Slow { share, times } => Distribution::Slow { usual: latency, share, times },
        }
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LogNormal { sigma } => write!(f, "lognormal:{sigma}"),
            Self::Slow { share, times } => write!(f, "slow:{share}x{times}"),
        }
    }
}

/// How long a call takes, in seconds.
#[derive(Clone, Debug, PartialEq)]
pub enum Distribution {
    /// Always the same.
    Exact(f64),
    /// Its logarithm is normal: half are shorter than the median, and none is negative.
    LogNormal {
        /// The median, in seconds.
        median: f64,
        /// The standard deviation of the logarithm.
        sigma: f64,
    },
    /// Mostly the same, and some take many times as long.
    Slow {
        /// What most take, in seconds.
        usual: f64,
        /// The share of slow ones, 0 to 1.
        share: f64,
        /// How many times as long they take.
        times: f64,
    },
    /// One of these, each as likely: durations that were measured, in ascending order, in seconds.
    Measured(Rc<[f64]>),
}

impl Distribution {
    /// The log-normal distribution with that median and that 95th percentile. A percentile below the
    /// median comes to no spread.
    pub fn log_normal(p50: Duration, p95: Duration) -> Self {
        let (median, p95) = (p50.as_secs_f64(), p95.as_secs_f64());
        let sigma = if median > 0.0 { (p95 / median).ln() / normal_quantile(0.95) } else { 0.0 };
        Self::LogNormal { median, sigma: sigma.max(0.0) }
    }

    /// What was measured; `None` of nothing.
    pub fn measured(durations: &[Duration]) -> Option<Self> {
        let mut sorted: Vec<f64> = durations.iter().map(Duration::as_secs_f64).collect();
        sorted.sort_by(f64::total_cmp);
        (!sorted.is_empty()).then(|| Self::Measured(sorted.into()))
    }

    /// How long a call takes than which a share `p` of all calls is shorter or as long, in seconds.
    pub fn quantile(&self, p: f64) -> f64 {
        match self {
            Self::Exact(length) => *length,
            Self::LogNormal { median, sigma } => median * (sigma * normal_quantile(p)).exp(),
            Self::Slow { usual, share, times } if p > 1.0 - share => usual * times,
            Self::Slow { usual, .. } => *usual,
            Self::Measured(sorted) => {
                let place = (p * sorted.len() as f64).ceil() as usize;
                sorted.get(place.max(1).min(sorted.len()) - 1).copied().unwrap_or_default()
            }
        }
    }

    /// The share of calls that take `t` seconds at most.
    pub fn cdf(&self, t: f64) -> f64 {
        match self {
            Self::Exact(length) => f64::from(t >= *length),
            Self::LogNormal { median, sigma } if *sigma == 0.0 || *median == 0.0 => {
                f64::from(t >= *median)
            }
            Self::LogNormal { .. } if t <= 0.0 => 0.0,
            Self::LogNormal { median, sigma } => normal_cdf((t / median).ln() / sigma),
            Self::Slow { usual, .. } if t < *usual => 0.0,
            Self::Slow { usual, share, times } if t < usual * times => 1.0 - share,
            Self::Slow { .. } => 1.0,
            Self::Measured(sorted) => {
                sorted.partition_point(|length| *length <= t) as f64 / sorted.len().max(1) as f64
            }
        }
    }
}

/// Random numbers for many runs: the same for the same seed.
#[derive(Clone, Debug)]
pub struct Draws(fastrand::Rng);

impl Draws {
    /// The stream of that number for a seed. Streams are independent, so that drawing second calls
    /// leaves first calls as they are.
    pub fn new(seed: u64, stream: u64) -> Self {
        Self(fastrand::Rng::with_seed(seed ^ stream.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
    }

    /// The length of one call, in seconds.
    #[inline]
    pub fn draw(&mut self, from: &Distribution) -> f64 {
        match from {
            Distribution::Exact(length) => *length,
            Distribution::Measured(sorted) => sorted[self.0.usize(..sorted.len())],
            other => other.quantile(self.0.f64()),
        }
    }
}

/// The standard normal distribution's quantile, by Acklam's rational approximation (relative error
/// below 1.2e-9). Below 1e-17 and above 1 - 1e-17 it is that of the bound, so that every draw is finite.
pub(super) fn normal_quantile(p: f64) -> f64 {
    const A: [f64; 6] = [
        -3.969_683_028_665_376e1,
        2.209_460_984_245_205e2,
        -2.759_285_104_469_687e2,
        1.383_577_518_672_69e2,
        -3.066_479_806_614_716e1,
        2.506_628_277_459_239,
    ];
    const B: [f64; 5] = [
        -5.447_609_879_822_406e1,
        1.615_858_368_580_409e2,
        -1.556_989_798_598_866e2,
        6.680_131_188_771_972e1,
        -1.328_068_155_288_572e1,
    ];
    const C: [f64; 6] = [
        -7.784_894_002_430_293e-3,
        -3.223_964_580_411_365e-1,
        -2.400_758_277_161_838,
        -2.549_732_539_343_734,
        4.374_664_141_464_968,
        2.938_163_982_698_783,
    ];
    const D: [f64; 4] = [
        7.784_695_709_041_462e-3,
        3.224_671_290_700_398e-1,
        2.445_134_137_142_996,
        3.754_408_661_907_416,
    ];
    const TAIL: f64 = 0.02425;
    // Written out, since a loop over the factors takes twice as long in a release for size.
    let tail = |p: f64| {
        let q = (-2.0 * p.max(1e-17).ln()).sqrt();
        let over = ((((C[0] * q + C[1]) * q + C[2]) * q + C[3]) * q + C[4]) * q + C[5];
        over / ((((D[0] * q + D[1]) * q + D[2]) * q + D[3]) * q + 1.0)
    };
    if p < TAIL {
        tail(p)
    } else if p > 1.0 - TAIL {
        -tail(1.0 - p)
    } else {
        let q = p - 0.5;
        let r = q * q;
        let over = ((((A[0] * r + A[1]) * r + A[2]) * r + A[3]) * r + A[4]) * r + A[5];
        over * q / (((((B[0] * r + B[1]) * r + B[2]) * r + B[3]) * r + B[4]) * r + 1.0)
    }
}

/// The standard normal distribution's cumulative share (Numerical Recipes' `erfcc`, relative error
/// below 1.2e-7).
pub(super) fn normal_cdf(x: f64) -> f64 {
    const FACTORS: [f64; 10] = [
        0.170_872_77,
        -0.822_152_23,
        1.488_515_87,
        -1.135_203_98,
        0.278_868_07,
        -0.186_288_06,
        0.096_784_18,
        0.374_091_96,
        1.000_023_68,
        -1.265_512_23,
    ];
    let z = x.abs() / std::f64::consts::SQRT_2;
    let t = 1.0 / (1.0 + 0.5 * z);
    let sum = FACTORS.iter().fold(0.0, |sum, factor| sum * t + factor);
    let beyond = t * (sum - z * z).exp() / 2.0;
    if x < 0.0 { beyond } else { 1.0 - beyond }
}
