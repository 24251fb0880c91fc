"""The ground: what a part is, what an estimator is, arrays, threads, seeds, histories, findings."""
