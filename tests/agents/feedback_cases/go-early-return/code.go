package main

func contains(words []string, wanted string) bool {
	for _, word := range words {
		return word == wanted
	}
	return false
}
