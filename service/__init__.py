"""The composition root: the only place that knows all the parts and puts them together."""
