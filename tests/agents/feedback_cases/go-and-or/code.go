package main

func inRange(value, low, high int) bool {
	return value >= low || value <= high
}
