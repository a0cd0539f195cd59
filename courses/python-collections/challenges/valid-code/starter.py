def is_code(text):
    return text.isalnum()
