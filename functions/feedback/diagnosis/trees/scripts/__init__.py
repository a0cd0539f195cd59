"""What JavaScript and TypeScript make of values."""
