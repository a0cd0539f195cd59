package main

func tally(words []string) map[string]int {
	var counts map[string]int
	for _, word := range words {
		counts[word]++
	}
	return counts
}
