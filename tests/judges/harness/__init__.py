"""What all judges share: the source, its geometry, the conversion's report, and the sum in which nothing may be missing."""
