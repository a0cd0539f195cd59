"""The models port: language models, asked through one small interface that never fails the asker.

    model.ask(prompt, inputs, schema, who=Asker(...), now=now)  →  Answer | NoAnswer

`answer.py` says what comes back, `port.py` who can be asked, `prompt.py` what is asked (versioned files),
`opening.py` makes one from the settings. Without a key everything works and the answer is "no model".

What a model writes is somebody else's text: whoever asks checks it (`shared/validators`) before anybody sees it.
A call may take seconds: never inside a transaction. Nothing here knows a function; `openai` is imported at the first
call only.
"""

from shared.models.answer import Answer, Asker, NoAnswer, Reason
from shared.models.port import LentModel, Model, NoModel, Telling
from shared.models.prompt import Prompt, load_prompt

__all__ = [
    "Answer",
    "Asker",
    "LentModel",
    "Model",
    "NoAnswer",
    "NoModel",
    "Prompt",
    "Reason",
    "Telling",
    "load_prompt",
]
