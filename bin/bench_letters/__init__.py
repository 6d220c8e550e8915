"""`make bench-letters`: this product's letters beside what else could make them, in one interleaved run."""
