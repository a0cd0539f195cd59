"""Letting an editor in on the server's page, in a browser."""

from __future__ import annotations

import httpx
import pytest

from tests.api.conftest import PASSWORD, Learner, World


def asked(world: World) -> dict[str, str]:
    body: dict[str, str] = world.http.post("/v1/auth/device").json()
    return body


def post(world: World, **fields: str) -> httpx.Response:
    return world.http.post("/device", data=fields)


def pair(world: World, device: dict[str, str]) -> httpx.Response:
    return world.http.post("/v1/auth/device/token", json={"device_code": device["device_code"]})


def test_the_address_for_the_browser_shows_the_editors_code(world: World) -> None:
    device = asked(world)
    path = device["verification_uri_complete"].removeprefix("http://127.0.0.1:8080")
    page = world.http.get(path)
    assert page.headers["content-type"].startswith("text/html")
    assert device["user_code"] in page.text
    assert "script" not in page.text
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]


def test_signing_in_on_the_page_lets_the_editor_in(world: World, ada: Learner) -> None:
    device = asked(world)
    page = post(world, code=device["user_code"], email=ada.email, password=PASSWORD)
    assert page.status_code == 200
    assert pair(world, device).json()["learner"] == ada.id


def test_a_newcomer_signs_up_on_the_page(world: World) -> None:
    device = asked(world)
    fields = {"email": "grace@example.org", "password": PASSWORD, "name": "Grace", "new": "1"}
    assert post(world, code=device["user_code"], **fields).status_code == 200
    access = pair(world, device).json()["access_token"]
    me = world.http.get("/v1/me", headers={"Authorization": f"Bearer {access}"}).json()
    assert (me["name"], me["email"]) == ("Grace", "grace@example.org")


def test_a_wrong_password_is_said_on_the_form_and_lets_nobody_in(world: World, ada: Learner) -> None:
    device = asked(world)
    page = post(world, code=device["user_code"], email=ada.email, password="not this one")
    assert page.status_code == 401
    assert "role=alert" in page.text
    assert "not this one" not in page.text
    assert pair(world, device).status_code == 409


def test_a_code_that_nobody_shows_is_refused(world: World, ada: Learner) -> None:
    page = post(world, code="BBBB-BBBB", email=ada.email, password=PASSWORD)
    assert page.status_code == 404
    assert "role=alert" in page.text


@pytest.mark.parametrize("wrong", [{}, {"email": "x"}, {"email": "a@b.org", "password": ""}, {"new": "1"}])
def test_a_form_with_holes_says_what_is_missing(world: World, wrong: dict[str, str]) -> None:
    page = post(world, code="BBBB-BBBB", **wrong)
    assert page.status_code in (400, 401, 422)
    assert "role=alert" in page.text


def test_what_is_typed_cannot_become_a_part_of_the_page(world: World) -> None:
    page = post(world, code='"><b>', email='"><script>alert(1)</script>', password=PASSWORD)
    assert "<script" not in page.text
    assert "<b>" not in page.text


def test_the_page_speaks_the_browsers_language(world: World) -> None:
    page = world.http.get("/device", headers={"Accept-Language": "fr, es;q=0.9, en;q=0.8"})
    assert "<html lang=es>" in page.text
    assert "Contraseña" in page.text
