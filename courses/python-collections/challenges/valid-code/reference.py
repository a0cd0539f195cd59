def is_code(text):
    code = text.strip()
    front, back = code[:{{letters}}], code[{{letters}}:]
    if len(back) != {{digits}}:
        return False
    return code.isascii() and front.isalpha() and front.isupper() and back.isdigit()
