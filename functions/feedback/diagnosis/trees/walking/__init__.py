"""Goes through a failing call on paper: over the tree, within bounds. Nothing here runs code."""
