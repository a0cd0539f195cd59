package main

import "sort"

func firstAndLowest(values []int) []int {
	rising := values
	sort.Ints(rising)
	return []int{values[0], rising[0]}
}
