package main

func sum(values []int) int {
	total := 0
	for value := range values {
		total += value
	}
	return total
}
