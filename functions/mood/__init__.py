"""Node `mood`: asks seldom, hears one click, acts on it, and says a short true word. Consent first; no diagnosis."""
