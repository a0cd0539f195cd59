package main

func doubled(values []int) []int {
	result := []int{}
	for _, value := range values {
		append(result, value*2)
	}
	return result
}
