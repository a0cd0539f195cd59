package main

func product(n int) int {
	if n < 0 {
		return 1
	}
	return n * product(n-1)
}
