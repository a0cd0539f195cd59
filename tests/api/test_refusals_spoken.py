"""A refusal is said in the learner's language, whichever way it comes; `type` and status are the same in each."""

from __future__ import annotations

import json
from datetime import timedelta

import httpx
import pytest

from shared.errors import StoreUnavailable
from shared.events.catalogue.agents import StateChanged
from shared.events.catalogue.contracts import ContractAmended, Terms
from shared.ids import derived_id, new_id
from shared.spoken import accepted, of_environment
from tests.api.conftest import CODE, PASSWORD, Learner, World, event, lines, problem
from tests.api.test_socket import hear


@pytest.fixture
def eva(world: World) -> Learner:
    """Whose profile is in Spanish, whatever their editor speaks."""
    return world.learner(language="es")


def ask(world: World, method: str, path: str, **rest: object) -> httpx.Response:
    return world.http.request(method, path, **rest)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("es", "es"), ("es-MX,es;q=0.9,en;q=0.8", "es"), ("en,es;q=0.9", "en"), ("en;q=0.2, es;q=0.7", "es"),
        ("fr, es;q=0.1", "es"), ("es;q=0, en", "en"), ("de", None), ("*", None), ("", None), ("es;q=x", None),
    ],
)  # fmt: skip
def test_accept_language_is_read_with_its_weights(header: str, language: str | None) -> None:
    assert accepted(header) == language


def test_a_program_is_spoken_to_as_its_environment_says() -> None:
    assert of_environment({"LANG": "es_ES.UTF-8"}) == "es"
    assert of_environment({"LC_ALL": "C", "LANG": "es_ES.UTF-8"}) == "en"
    assert of_environment({"LC_MESSAGES": "", "LANG": "es"}) == "es"
    assert of_environment({}) == "en"


def test_the_profile_says_the_language_and_not_the_request(world: World, eva: Learner, ada: Learner) -> None:
    for learner, asks, detail in (
        (eva, "en", "no tienes ningún reto none"),
        (ada, "es", "there is no goal none of yours"),
    ):
        headers = {**learner.headers, "Accept-Language": asks}
        answer = ask(world, "GET", "/v1/goals/none", headers=headers)
        told = problem(answer, 404)
        assert (told["detail"], told["type"]) == (detail, "urn:goals:problem:not-found")
    assert answer.headers["content-language"] == "en"


def test_before_anybody_is_known_the_request_says_it(world: World, ada: Learner) -> None:
    wrong = {"email": ada.email, "password": "not this one"}
    spanish = ask(world, "POST", "/v1/auth/token", json=wrong, headers={"Accept-Language": "es-AR"})
    told = problem(spanish, 401)
    assert told["title"] == "Sin iniciar sesión"
    assert told["detail"] == "el correo o la contraseña no son correctos"
    assert told["hint"] == "crea una cuenta con POST /v1/auth/register"
    assert spanish.headers["content-language"] == "es"
    assert problem(ask(world, "POST", "/v1/auth/token", json=wrong), 401)["detail"] == "e-mail or password is wrong"


def test_what_is_wrong_with_the_fields_is_said_too(world: World) -> None:
    body = {"email": "eva@example.org", "password": "short", "name": "Eva", "language": "fr", "more": 1}
    answer = ask(world, "POST", "/v1/auth/register", json=body, headers={"Accept-Language": "es"})
    told = problem(answer, 422)
    assert told["detail"].startswith("la petición no es válida: body.")
    said = {fault["at"]: fault["problem"] for fault in told["errors"]}
    assert said["body.language"] == "debe ser 'en' o 'es'"
    assert said["body.more"] == "este campo no existe aquí"
    assert said["body.password"].startswith("mínimo de caracteres: ")
    assert "short" not in answer.text
    english = problem(ask(world, "POST", "/v1/auth/register", json=body), 422)
    assert english["detail"].startswith("the request is not valid: body.")
    said = {fault["at"]: fault["problem"] for fault in english["errors"]}
    assert said["body.language"] == "Input should be 'en' or 'es'"
    assert said["body.password"] == "String should have at least 10 characters"


def test_a_wish_for_nothing_is_told_why_it_is_none(world: World, eva: Learner, ada: Learner) -> None:
    for learner, words in (
        (eva, "un deseo necesita un texto o un concepto"),
        (ada, "a wish needs a text or a concept"),
    ):
        assert words in problem(learner.post("/v1/wishes", {"id": "w"}), 422)["detail"]


def test_a_token_that_has_expired_still_says_whose_language_it_is(world: World, eva: Learner) -> None:
    world.clock.ahead += timedelta(days=1)
    assert problem(eva.get("/v1/me"), 401)["detail"] == "el token de acceso ha caducado"


def test_what_nobody_answers_is_said_in_the_language_of_the_request(world: World, eva: Learner) -> None:
    nothing = problem(ask(world, "GET", "/v1/nowhere", headers={"Accept-Language": "es"}), 404)
    assert (nothing["type"], nothing["detail"]) == ("about:blank", "no hay nada en /v1/nowhere")
    assert problem(eva.post("/v1/me"), 405)["title"] == "Método no permitido"
    large = ask(world, "POST", "/v1/interactions", content=b"x" * 1_100_000, headers={"Accept-Language": "es"})
    assert problem(large, 413)["detail"].startswith("el cuerpo tiene ")


def test_in_a_batch_each_refusal_is_said_in_it(world: World, eva: Learner) -> None:
    goal = world.goal(eva.id)
    world.record(eva.id, StateChanged(entity="goal", id=goal, before="open", after="solved", because="said"))
    results = eva.send(
        event("goal.swapped", {"goal": goal}),
        event("goal.opened", {"goal": "none"}),
        event("nothing.known", {}),
        event("goal.opened", {}),
        event("goal.opened", {"goal": goal}),
    )
    told = [(r["problem"] or {}).get("detail", "") for r in results]
    assert told[0] == "este reto está resuelto"
    assert told[1] == "no tienes ningún reto none"
    assert told[2] == "goals.nothing.known no está en el catálogo de eventos"
    assert told[3] == "los datos de goals.goal.opened no son válidos: goal: falta"
    assert results[4]["status"] == "recorded"


def test_the_fourth_swap_has_its_remedy_in_it(world: World, eva: Learner) -> None:
    goals = [world.goal(eva.id) for _ in range(4)]
    for goal in goals[:3]:
        assert eva.post(f"/v1/goals/{goal}/swap", {"id": new_id()}).status_code == 202
    told = problem(eva.post(f"/v1/goals/{goals[3]}/swap", {"id": new_id()}), 429)
    assert told["detail"] == "Hoy ya se han cambiado 3 retos, y no se puede cambiar ninguno más."
    assert told["remedy"] == told["hint"] == "Deja este a un lado, o cámbialo mañana."


def test_on_the_socket_it_is_said_in_it(world: World, eva: Learner, ada: Learner) -> None:
    for learner, detail in ((eva, "no tienes ningún reto none"), (ada, "there is no goal none of yours")):
        with learner.socket() as ws:
            hear(ws, "goals.welcome")
            ws.send(json.dumps(event("goal.opened", {"goal": "none"})))
            refused = hear(ws, "goals.ack")["data"]
            assert (refused["status"], refused["problem"]["detail"]) == ("refused", detail)
            ws.send(json.dumps(event("run.requested", {"goal": "none", "code": CODE, "purpose": "run"})))
            assert hear(ws, "goals.ack")["data"]["problem"]["status"] == 404


def test_a_run_that_could_not_be_recorded_says_so_in_it(
    world: World, eva: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    goal = world.goal(eva.id)
    here = world.api.services
    assert here is not None

    def away(*_: object) -> None:
        raise StoreUnavailable("gone")

    eva.send(event("goal.opened", {"goal": goal}))  # so the language is known before the store is away
    monkeypatch.setattr(here.runs._execute, "_record", away)
    answer = eva.post(f"/v1/goals/{goal}/runs", {"id": "r", "code": CODE, "purpose": "run"})
    last = lines(answer)[-1]
    assert (last["type"], last["problem"]["status"]) == ("problem", 503)
    assert last["problem"]["detail"] == "la ejecución no se pudo registrar"


def test_a_consent_is_asked_for_by_a_name_people_use(world: World, eva: Learner) -> None:
    contract = derived_id("contract", eva.id, "trial")
    now = world.clock()
    terms = Terms(
        starts=now - timedelta(days=9), ends=now + timedelta(days=90), acceptance=True, grace_days=0,
        consents=("models", "progress"), version="2",
    )  # fmt: skip
    world.record(eva.id, ContractAmended(contract=contract, organisation="trial", terms=terms))
    accepting = {"id": "a", "version": "2", "consents": []}
    assert eva.post("/v1/contract/acceptance", accepting).status_code == 201
    goal = world.goal(eva.id)
    told = problem(eva.post(f"/v1/goals/{goal}/runs", {"id": "r", "code": CODE, "purpose": "run"}), 403)
    assert told["reason"] == "consent_missing"
    assert "que textos tuyos se envíen a un modelo de lenguaje" in told["detail"]
    assert "que tu organización vea tu progreso" in told["detail"]


def test_a_course_is_called_by_its_title(world: World, eva: Learner, ada: Learner) -> None:
    for learner, detail in (
        (eva, "ya estás en el curso Fundamentos de Python"),
        (ada, "you are in the course Python foundations already"),
    ):
        joined = learner.post("/v1/courses/python-foundations/enrolment", {"id": new_id()})
        assert problem(joined, 409)["detail"] == detail
    paused = problem(eva.post("/v1/courses/python-foundations/resume", {"id": new_id()}), 409)
    assert paused["detail"] == "el curso Fundamentos de Python ya está en marcha para ti"


def test_the_sign_in_page_says_what_is_wrong_in_its_own_language(world: World, ada: Learner) -> None:
    code = world.http.post("/v1/auth/device").json()["user_code"]
    fields = {"code": code, "email": ada.email, "password": "wrong"}
    page = ask(world, "POST", "/device", data=fields, headers={"Accept-Language": "es"})
    assert "el correo o la contraseña no son correctos" in page.text
    newcomer = {"code": code, "email": "new@example.org", "password": "short", "name": "Eva", "new": "1"}
    page = ask(world, "POST", "/device", data=newcomer, headers={"Accept-Language": "es"})
    assert "Contraseña: mínimo de caracteres: " in page.text
    unknown = {"code": "BBBB-BBBB", "email": ada.email, "password": PASSWORD}
    page = ask(world, "POST", "/device", data=unknown, headers={"Accept-Language": "es"})
    assert "no existe ese código, o ha caducado" in page.text
