"""numpy's side of the bench: the same runs as `bench/rows/tail.mjs` draws, as arrays.

Draws the latencies of some branches and of a synthesis, and takes the percentiles of one branch, of the
sequential run and of the parallel run. Prints how long that took, and what a run takes, as JSON.
"""

import json
import sys
import time

import numpy as np

runs, branches, median, synthesis, sigma = (float(figure) for figure in sys.argv[1:])
shape = (int(runs), int(branches))

began = time.perf_counter()
random = np.random.default_rng(7)
lengths = median * np.exp(sigma * random.standard_normal(shape))
last = synthesis * np.exp(sigma * random.standard_normal(shape[0]))
parallel = lengths.max(axis=1) + last
sequential = lengths.sum(axis=1) + last
watched = [np.percentile(all, [50, 95, 99]) for all in (lengths[:, 0], sequential, parallel)]
seconds = time.perf_counter() - began

print(json.dumps({"seconds": seconds, "p95": watched[2][1]}))
