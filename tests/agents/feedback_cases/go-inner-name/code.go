package main

func highest(marks []int) int {
	best := marks[0]
	for _, mark := range marks {
		if mark > best {
			best := mark
			_ = best
		}
	}
	return best
}
