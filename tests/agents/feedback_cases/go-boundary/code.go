package main

func ticket(age int) string {
	if age < 12 {
		return "child"
	}
	return "adult"
}
