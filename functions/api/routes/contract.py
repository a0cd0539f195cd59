"""The contract: read by its learner, accepted by them, its terms stated by the organisation that pays."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path

from functions.access.agent import accept_by, consents_missing, cut_off
from functions.access.quotas import Quota, goals_used, hints_used, quotas, runs_used
from functions.api.models.contract import (
    Acceptance,
    Accepted,
    ContractHistory,
    ContractStep,
    ContractView,
    NewTerms,
    QuotaView,
)
from functions.api.models.learner import Recorded
from functions.api.problems import documented
from functions.api.recording import known, record
from functions.api.services import Caller, Here, TermsSetter
from functions.contract.agent import stands
from functions.contract.terms import differences, versioned
from shared.clock import day_of, local_day
from shared.errors import Conflict, InvalidInput, NotFound
from shared.events.catalogue.contracts import ContractAccepted, ContractAmended, Terms
from shared.events.record import Event
from shared.ids import derived_id, new_id
from shared.readmodel import View
from shared.readmodel.rows import Contract, Learner
from shared.refusals import say
from shared.store import log
from shared.store.connect import Connection

router = APIRouter(prefix="/v1", tags=["contract"])
TOLD = {
    "goals.contract.signed",
    "goals.contract.amended",
    "goals.contract.changed",
    "goals.contract.accepted",
    "goals.contract.expiring",
    "goals.quota.refunded",
}


@router.get("/contract", operation_id="contract", responses=documented(401, 404))
def contract(here: Here, claims: Caller) -> ContractView:
    """The contract the caller learns under: its terms, what of them is left, and when it comes anew."""
    now = here.clock()
    with here.view() as view:
        learner = here.present(view, claims)
        row = _own(view, claims.learner)
        found = _quotas(view, learner, row, now)
    return _shown(row, found, now)


@router.get("/contract/history", operation_id="contract_history", responses=documented(401, 404))
def history(here: Here, claims: Caller) -> ContractHistory:
    """Everything that was stated, changed, accepted, announced and given back, in order."""
    with here.connection() as conn:
        view = View(conn)
        here.present(view, claims)
        events = log.stream(conn, f"contract/{_own(view, claims.learner).contract}", limit=10_000)
    return ContractHistory(steps=[_step(e) for e in events if e.type in TOLD and e.subject == claims.learner])


@router.post(
    "/contract/acceptance", operation_id="accept_contract", status_code=201, responses=documented(401, 404, 409)
)
def accept(here: Here, claims: Caller, body: Accepted) -> Recorded:
    """Accepts the version in force, with these consents. It takes effect with this answer."""
    with here.connection() as conn:
        view = View(conn)
        here.present(view, claims)
        row = _own(view, claims.learner)
        id_ = derived_id("accepted", claims.learner, body.id)
        said = ContractAccepted(
            contract=row.contract, version=body.version, consents=tuple(dict.fromkeys(body.consents))
        )
        told = said.model_dump(mode="json")
        if there := known(conn, claims.learner, id_, lambda data: data == told):
            return there
        if body.version != row.terms.version:
            raise Conflict(say("version_not_in_force", version=body.version, current=row.terms.version))
    return record(here, said, id_, claims.learner, claims.tenant)


@router.post(
    "/contracts/{contract}/terms",
    operation_id="amend_contract",
    status_code=201,
    responses=documented(401, 403, 404, 409),
)
def amend(
    here: Here,
    claims: TermsSetter,
    contract: Annotated[str, Path(max_length=64, pattern=r"^[A-Za-z0-9._:-]+$", description="Contract or learner.")],
    body: NewTerms,
) -> Recorded:
    """States new terms (role organisation, for its own contracts; or operator). The contract node tells the learner.

    What differs from the terms in force gets a version of its own. With an `id` a repeat is harmless."""
    if body.terms.ends <= body.terms.starts:
        raise InvalidInput(say("terms_end_early"))
    courses = here.curriculum.courses
    if unknown := sorted(set(body.terms.courses) - courses.keys()):
        raise InvalidInput(say("no_such_courses", course=", ".join(unknown), courses=", ".join(sorted(courses))))
    operator = "operator" in claims.roles
    with here.connection() as conn:
        view = View(conn)
        row = view.contract(contract) or view.contract_of(contract)
        if row is None or not (operator or row.organisation == claims.organisation):
            raise NotFound(say("no_contract_of_yours", contract=contract))
        id_ = new_id() if body.id is None else derived_id("terms", claims.learner, row.contract, body.id)
        terms = versioned(row.terms, body.terms, _versions(conn, row.contract))
        said = ContractAmended(
            contract=row.contract,
            organisation=body.organisation if operator and body.organisation else row.organisation,
            terms=terms,
            changes=differences(row.terms, terms),
        )
        there = known(conn, row.learner, id_, lambda data: _same(data, body, row))
    return there or record(here, said, id_, row.learner, claims.tenant)


def _own(view: View, learner: str) -> Contract:
    row = view.contract_of(learner)
    if row is None:
        raise NotFound(say("no_contract"))
    return row


def _versions(conn: Connection, contract: str) -> set[str]:
    """Every version of its terms there has been."""
    return {
        e.data["terms"]["version"] for e in log.stream(conn, f"contract/{contract}", limit=10_000) if "terms" in e.data
    }


def _same(data: dict[str, Any], body: NewTerms, row: Contract) -> bool:
    """Was this amendment what `body` asks? Its version may have been given by us."""
    stored = Terms.model_validate(data["terms"])
    organisation = body.organisation or row.organisation
    return stored in (body.terms, body.terms.model_copy(update={"version": stored.version})) and organisation in (
        data["organisation"],
        row.organisation,
    )


def _quotas(view: View, learner: Learner, row: Contract, now: datetime) -> list[Quota]:
    _, ends = day_of(now, learner.timezone)
    today = local_day(now, learner.timezone)
    used = {"runs": runs_used(view, learner, row, now), "hints": hints_used(view, learner, row, now)}
    return quotas(row.terms, used | goals_used(view.goals_of(learner.learner, since=today), today), ends)


def _shown(row: Contract, found: list[Quota], now: datetime) -> ContractView:
    runs = next(quota for quota in found if quota.kind == "runs")
    return ContractView(
        contract=row.contract,
        organisation=row.organisation,
        state=row.state,
        standing=stands(row, now),
        terms=row.terms,
        notice=row.told,
        signed=row.signed,
        stated=row.stated or row.signed,
        cut_off=cut_off(row),
        runs_today=runs.used,
        left_today=runs.left,
        days_left=max(0, (row.terms.ends - now).days),
        quotas=[QuotaView(kind=q.kind, limit=q.limit, used=q.used, left=q.left, resets=q.resets) for q in found],
        acceptance=Acceptance(
            required=row.terms.acceptance,
            accepted=row.accepted,
            consents=list(row.consents),
            missing=consents_missing(row) if row.terms.acceptance else [],
            by=accept_by(row),
        ),
    )


def _step(event: Event) -> ContractStep:
    data = event.data
    terms = data.get("terms") or {}
    return ContractStep(
        id=event.id,
        type=event.type,
        at=event.time,
        version=terms.get("version") or data.get("version"),
        changes=data.get("changes") or {},
        text=data.get("text") or data.get("because") or "",
    )
