"""What Go makes of values."""
