"""Node `feedback`: what failed, on which input, at which line, why, and one next step; and the hint ladder."""
