def is_vowel(letter):
    if letter == "a" or "e":
        return True
    return False
