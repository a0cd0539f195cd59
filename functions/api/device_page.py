"""The page on which a learner lets an editor in (RFC 8628, 3.3): one form, no scripts, nothing from elsewhere."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path

TEXTS: Mapping[str, Mapping[str, str]] = tomllib.loads(Path(__file__).with_name("device_page.toml").read_text("utf-8"))

_STYLE = """*{box-sizing:border-box}
body{font:16px/1.5 system-ui,sans-serif;margin:0;min-height:100vh;display:grid;place-items:center;
background:#f3f5f9;color:#1d2433}
main{width:min(26rem,100% - 2rem);margin:2rem 0;background:#fff;
border:1px solid #d6dbe6;border-radius:14px;padding:2rem}
h1{font-size:1.35rem;margin:0 0 .25rem}p{margin:.5rem 0}
.code{font:600 1.7rem ui-monospace,monospace;letter-spacing:.12em;text-align:center;
background:#eef3fb;border-radius:10px;padding:.6rem;margin:1rem 0}
label{display:block;margin:.85rem 0 .2rem;font-weight:600}
input{width:100%;font:inherit;padding:.55rem .7rem;border:1px solid #8b94a7;border-radius:8px;
background:#fff;color:inherit}
button{width:100%;font:inherit;font-weight:600;padding:.65rem;margin-top:1.2rem;border:0;border-radius:8px;
background:#0b5cad;color:#fff;cursor:pointer}
:focus-visible{outline:3px solid #7db7f5;outline-offset:2px}
.error{background:#fdecec;color:#8a1420;border-radius:8px;padding:.6rem .8rem}a{color:#0b5cad}
@media(prefers-color-scheme:dark){body{background:#14171f;color:#dfe4ee}main{background:#1b202b;border-color:#39404f}
.code{background:#232b3b}input{background:#14171f;border-color:#6d7789}.error{background:#3d1a20;color:#ffc9ce}
a{color:#7db7f5}}"""


@dataclass(frozen=True, slots=True)
class Filled:
    """What is in the form. The password is never given back."""

    code: str = ""
    email: str = ""
    name: str = ""
    new: bool = False


def label(language: str, field: str) -> str:
    """What a field of the form is called."""
    return TEXTS[language][field]


def form(language: str, filled: Filled, error: str | None = None) -> str:
    """Signing in, or with `filled.new` signing up, and so letting the editor in."""
    say = TEXTS[language]
    other = "" if filled.new else "&new=1"
    shown = f"<p class=code>{escape(filled.code)}</p>" if filled.code else ""
    code = (
        f'<input type=hidden name=code value="{escape(filled.code)}">'
        if filled.code
        else _field("code", say["code"], "text", "", "autocomplete=off placeholder=BCDF-GHJK")
    )
    name = _field("name", say["name"], "text", filled.name, "autocomplete=name maxlength=120") if filled.new else ""
    purpose = "new-password" if filled.new else "current-password"
    body = (
        f"<h1>{say['title']}</h1><p>{say['compare'] if filled.code else say['type']}</p>{shown}"
        f"{_error(error)}<form method=post action=/device>{code}"
        f'<input type=hidden name=new value="{int(filled.new)}">{name}'
        f"{_field('email', say['email'], 'email', filled.email, 'autocomplete=username')}"
        f"{_field('password', say['password'], 'password', '', f'autocomplete={purpose}')}"
        f"<button>{say['sign_up'] if filled.new else say['sign_in']}</button></form>"
        f'<p><a href="/device?code={escape(filled.code)}{other}">'
        f"{say['have'] if filled.new else say['newcomer']}</a></p>"
    )
    return _page(language, say["title"], body)


def done(language: str) -> str:
    say = TEXTS[language]
    return _page(language, say["done"], f"<h1>{say['done']}</h1><p>{say['back']}</p>")


def _field(name: str, label: str, kind: str, value: str, more: str) -> str:
    return (
        f"<label for={name}>{label}</label>"
        f'<input id={name} name={name} type={kind} value="{escape(value)}" required {more}>'
    )


def _error(error: str | None) -> str:
    return f"<p class=error role=alert>{escape(error)}</p>" if error else ""


def _page(language: str, title: str, body: str) -> str:
    return (
        f"<!doctype html><html lang={language}><meta charset=utf-8>"
        f"<meta name=viewport content='width=device-width'><title>{title} · AI Goals Tracker</title>"
        f"<style>{_STYLE}</style><main>{body}</main></html>"
    )
