"""Planner: what a day holds and why; what stays; what mood, wishes, days off, contract and minutes change."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from people import NOW, TODAY, contract, enrolment, goal, learner, mastery, terms

from functions.challenges import agent as challenges
from functions.planner.agent import Context, Stuck, Wished, decide
from functions.planner.recognising import recognise
from functions.planner.standing import stand, target
from functions.planner.texts import PLAN, WHY, WISH
from shared.curriculum import load
from shared.events.catalogue.teaching import GoalAssigned, PlanChanged, WishAnswered
from shared.proof.ledger import built_in as proofs
from shared.readmodel.rows import Goal, Mood, Plan, Rating, Review, Submission

BANK = load()
BOTH = (enrolment(), enrolment("python-collections"))
PLACED = tuple(
    goal(goal=f"p-{c}", kind="placement", concepts=[c], state="solved", challenge=slug, minutes=m, runs=1, opened=NOW)
    for c, slug, m in (
        ("values-and-names", "lighthouse-oil", 4),
        ("conditionals", "cable-car", 5),
        ("loops", "heavy-bags", 6),
    )
)


def asks(**changed: Any) -> Context:
    """A placed beginner in both courses, at the start of a day."""
    usual: dict[str, Any] = {
        "now": NOW,
        "trigger": "daily",
        "curriculum": BANK,
        "learner": learner(),
        "contract": contract(),
        "enrolments": BOTH,
        "goals": PLACED,
    }
    return Context(**{**usual, **changed})


def plan_in(context: Context) -> PlanChanged:
    (plan,) = [said.body for said in decide(context).events if isinstance(said.body, PlanChanged)]
    return plan


def kinds(plan: PlanChanged) -> set[str]:
    return {g.kind for g in plan.goals}


def lived(context: Context, later: timedelta = timedelta(minutes=5)) -> Context:
    """The context after its decision has come true: orders carried out by `challenges`, the plan recorded."""
    decision = decide(context)
    goals = list(context.goals)
    for order in decision.update["orders"]:
        made = challenges.decide(challenges.Context("ana", order, BANK, context.goals, proofs()))
        body = next(s.body for s in made.events if isinstance(s.body, GoalAssigned))
        facts = body.model_dump() | {"concepts": list(body.concepts), "assigned": context.now}
        goals.append(goal(**facts))
    plan = context.plan
    answered = {s.body.wish: s.body for s in decision.events if isinstance(s.body, WishAnswered)}
    wishes = [
        replace(w, outcome=answered[w.event].outcome, goal=answered[w.event].goal) if w.event in answered else w
        for w in context.wishes
    ]
    for change in [said.body for said in decision.events if not isinstance(said.body, WishAnswered)]:
        assert isinstance(change, PlanChanged)
        stored = [g.model_dump(mode="json") for g in change.goals]
        version = (plan.version if plan else 0) + 1
        plan = Plan("ana", change.day, change.minutes, stored, change.because, change.mood, version, context.now)
    return replace(context, goals=goals, plan=plan, wishes=wishes, now=context.now + later)


def having(context: Context, goal_id: str | None, **facts: Any) -> Context:
    return replace(context, goals=[replace(g, **facts) if g.goal == goal_id else g for g in context.goals])


# --- placement ---------------------------------------------------------------------------------------------------


def test_a_stated_profile_brings_three_short_placement_goals_around_the_level() -> None:
    plan = plan_in(asks(goals=[], trigger="profile"))
    assert kinds(plan) == {"placement"}
    assert {g.concept for g in plan.goals} == {"values-and-names", "conditionals", "loops"}
    assert sum(g.minutes for g in plan.goals) <= 20
    advanced = plan_in(asks(goals=[], trigger="profile", learner=learner(level="advanced")))
    assert {g.concept for g in advanced.goals} == {"tuples-and-unpacking", "sorting-and-keys", "comprehensions"}


def test_who_says_new_is_not_placed_and_begins_with_the_first_concept() -> None:
    plan = plan_in(asks(goals=[], trigger="profile", learner=learner(level="new")))
    assert "placement" not in kinds(plan)
    assert {g.concept for g in plan.goals} == {"values-and-names"}
    assert len(kinds(plan)) == 3


def test_while_placement_runs_nothing_else_is_planned_and_nothing_changes() -> None:
    context = lived(asks(goals=[], trigger="profile"))
    first = context.goals[0].goal
    context = having(context, first, state="solved", runs=1, opened=context.now)
    assert decide(replace(context, trigger="run")).events == []


@pytest.mark.parametrize("state", ["solved", "swapped", "stuck", "paused"])
def test_a_closed_placement_opens_the_day(state: str) -> None:
    context = lived(asks(goals=[], trigger="profile"))
    goals = [replace(g, state=state, runs=1, opened=context.now) for g in context.goals]
    plan = plan_in(replace(context, goals=goals, trigger="run"))
    wanted = 3 if state == "solved" else 2  # unsolved, only the first concept is ready, and two challenges of it left
    assert len(kinds(plan) - {"placement"}) >= wanted


def test_placement_is_for_who_nobody_has_seen_work() -> None:
    seen = asks(goals=[goal(runs=2, opened=NOW, day=TODAY - timedelta(days=9))], trigger="profile")
    assert "placement" not in kinds(plan_in(seen))


# --- the day -----------------------------------------------------------------------------------------------------


def test_a_day_has_at_least_three_kinds_and_each_goal_says_why_with_figures() -> None:
    plan = plan_in(asks(mastery={c: mastery(c, 0.42) for c in BANK.order}))
    assert len(kinds(plan)) >= 3
    assert all(g.because and 0 <= g.weight <= 1 and g.goal for g in plan.goals)
    assert any("0.42" in g.because for g in plan.goals)


def test_the_weight_of_every_line_is_the_sum_of_the_parts_it_names() -> None:
    known = {"loops": mastery("loops", 0.6)}
    plan = plan_in(
        asks(
            mastery=known, enrolments=(enrolment(),), reviews=[Review("loops", NOW - timedelta(days=3), 2.0, 5.0, NOW)]
        )
    )
    for line in plan.goals:
        assert line.weight == pytest.approx(sum(line.parts.values()))
    course = next(g for g in plan.goals if g.kind == "course")
    shown = known[course.concept].shown if course.concept in known else 0.0
    assert course.parts == {"course": 0.7, "missing": pytest.approx(0.2 * (1 - shown)), "waiting": 0.0, "near": 0.0}
    review = next(g for g in plan.goals if g.kind == "review")
    assert review.parts == {"review": 0.6, "overdue": pytest.approx(0.3 * 3 / 7, abs=0.001)}


def test_each_new_line_has_an_order_that_avoids_what_the_others_take() -> None:
    decision = decide(asks(learner=learner(minutes=120)))
    orders = decision.update["orders"]
    made = lived(asks(learner=learner(minutes=120))).goals[len(PLACED) :]
    assert [o["goal"] for o in orders] == [g.goal for g in made]
    assert len({(g.challenge, g.variant) for g in made}) == len(made) == len(orders) > 5


def test_the_same_evidence_gives_the_same_plan_and_no_event() -> None:
    context = lived(asks())
    again = decide(context)
    assert again.events == []
    assert again.update == {"orders": [], "pages": [], "findings": {"planner": {"changed": False}}}


def test_goals_being_made_by_another_run_stay_and_are_not_ordered_twice() -> None:
    context = replace(lived(asks(), later=timedelta(seconds=5)), goals=PLACED)
    assert decide(context).events == []
    assert decide(context).update["orders"] == []


def test_goals_that_were_never_made_are_ordered_again_under_the_same_ids() -> None:
    first = decide(asks())
    context = replace(lived(asks(), later=timedelta(minutes=10)), goals=PLACED)
    assert [o["goal"] for o in decide(context).update["orders"]] == [o["goal"] for o in first.update["orders"]]


def test_a_concept_waits_for_what_it_rests_on() -> None:
    standing = stand(asks(goals=[]))
    assert standing.ready == {"values-and-names"}
    half = stand(asks(goals=[], mastery={"values-and-names": mastery("values-and-names", 0.5)}))
    assert half.ready == {"values-and-names", "conditionals"}
    placed = stand(asks())
    assert placed.ready == {"values-and-names", "conditionals", "loops", "lists", "text"}


def test_a_gate_the_bank_cannot_lift_any_further_opens() -> None:
    own = [c for c in BANK.challenges_of("values-and-names") if c.concept == "values-and-names"]
    had = [
        goal(goal=f"{c.slug}{v}", challenge=c.slug, variant=v, concepts=["values-and-names"], state="solved", runs=1)
        for c in own
        for v in ([x.id for x in c.variants] or [None])
    ]
    assert "conditionals" in stand(asks(goals=had)).ready


def test_reviews_that_are_due_where_the_learner_lives_come_first() -> None:
    late = NOW.replace(hour=22)  # 23:00 in Madrid: still today
    past = goal(goal="old", challenge="coin-jar", day=TODAY - timedelta(days=9), state="solved", runs=1, opened=NOW)
    context = asks(
        goals=[*PLACED, past],
        mastery={"loops": mastery("loops", 0.85)},
        reviews=[
            Review("loops", late, 3.0, 5.0, NOW),
            Review("conditionals", late + timedelta(hours=2), 1.0, 5.0, NOW),
        ],
    )
    plan = plan_in(context)
    assert [g.concept for g in plan.goals if g.kind == "review"] == ["loops"]
    assert plan.goals[0].kind == "review"
    assert "2026-11-23" in plan.goals[0].because


def test_a_project_comes_once_a_week_when_enough_stands() -> None:
    known = {c: mastery(c, 0.92) for c in ("values-and-names", "conditionals", "loops", "lists", "text")}
    context = asks(mastery=known, learner=learner(minutes=60))
    assert "project" in kinds(plan_in(context))
    had = goal(goal="pr", kind="project", day=TODAY - timedelta(days=6), challenge="repair-cafe", state="solved")
    assert "project" not in kinds(plan_in(replace(context, goals=[*PLACED, had])))
    few = {c: known[c] for c in ("values-and-names", "loops")}
    assert "project" not in kinds(plan_in(replace(context, mastery=few)))


def test_of_two_courses_the_one_less_served_goes_first() -> None:
    served = goal(goal="s", course="python-collections", kind="course", day=TODAY - timedelta(days=1), state="solved",
                  challenge="let-through", concepts=["lists"], minutes=30)  # fmt: skip
    one = [g for g in plan_in(asks()).goals if g.kind == "course"]
    other = [g for g in plan_in(asks(goals=[*PLACED, served])).goals if g.kind == "course"]
    assert BANK.concepts[other[0].concept].course == "python-foundations"
    assert len({BANK.concepts[g.concept].course for g in one}) == 2


def test_only_courses_enrolled_in_and_covered_are_planned_with_what_they_rest_on() -> None:
    covered = asks(contract=contract(terms(courses=("python-foundations",))), learner=learner(minutes=120))
    assert {BANK.concepts[g.concept].course for g in plan_in(covered).goals} == {"python-foundations"}
    rests = stand(asks(enrolments=[enrolment("python-collections")]))
    assert "loops" in rests.reach
    paused = asks(enrolments=[enrolment(state="paused")])
    assert decide(paused).update["orders"] == []


def test_difficulty_aims_at_seven_of_ten_for_what_the_learner_shows() -> None:
    weak = asks(ratings={"l:ana": Rating(-1.0, 10)})
    strong = asks(ratings={"l:ana": Rating(1.0, 10), "lc:ana|loops": Rating(0.8, 8)})
    assert target(weak, "loops") < target(asks(), "loops") < target(strong, "loops")


# --- what is at hand ---------------------------------------------------------------------------------------------


def submitted(concept: str, *outcomes: bool, days_ago: float = 0.0, difficulty: float = 0.6) -> list[Submission]:
    """One after the other within an hour, so many days before now."""
    start = NOW - timedelta(days=days_ago, hours=1)
    return [
        Submission(concept, difficulty, correct, False, start + n * timedelta(minutes=5))
        for n, correct in enumerate(outcomes)
    ]


def practised(concept: str, days_ago: int) -> Goal:
    """A goal on the concept that was worked on then."""
    return goal(goal=f"w-{concept}", concepts=[concept], day=TODAY - timedelta(days=days_ago), state="solved", runs=1)


def test_the_course_goes_on_from_what_is_at_hand_whatever_the_gate_still_asks_for() -> None:
    known = {"values-and-names": mastery("values-and-names", 0.6)}
    before = asks(goals=[], mastery=known, enrolments=[enrolment()])
    knows = replace(before, submissions=submitted("values-and-names", True, True, True))
    assert next(g.concept for g in plan_in(before).goals if g.kind == "course") == "values-and-names"
    assert next(g.concept for g in plan_in(knows).goals if g.kind == "course") == "conditionals"


def test_what_is_at_hand_opens_what_rests_on_it_before_mastery_does() -> None:
    context = asks(goals=[], submissions=submitted("values-and-names", False, False, False, True, True, True, True))
    assert "conditionals" in stand(context).ready


def test_what_fades_is_reviewed_before_its_date_and_the_reason_says_since_when() -> None:
    context = asks(
        goals=[practised("values-and-names", 12)],
        mastery={"values-and-names": mastery("values-and-names", 0.7)},
        submissions=submitted("values-and-names", False, True, days_ago=12),
        reviews=[Review("values-and-names", NOW + timedelta(days=9), 9.0, 5.0, NOW - timedelta(days=12))],
    )
    (review,) = [g for g in plan_in(context).goals if g.kind == "review"]
    assert review.concept == "values-and-names"
    assert "2026-11-11" in review.because
    assert "before it fades" in review.because


def test_a_review_that_is_due_waits_while_the_concept_is_practised_with_what_rests_on_it_but_not_for_a_week() -> None:
    used = [
        *submitted("values-and-names", True, True, True, days_ago=5),
        *submitted("conditionals", True, True, days_ago=1),
    ]
    context = asks(
        goals=[*PLACED, practised("values-and-names", 5), practised("conditionals", 1)],
        submissions=used,
        reviews=[Review("values-and-names", NOW - timedelta(days=1), 3.0, 5.0, NOW - timedelta(days=5))],
    )
    assert "review" not in kinds(plan_in(context))
    late = replace(context, reviews=[replace(context.reviews[0], due=NOW - timedelta(days=8))])
    assert "review" in kinds(plan_in(late))


def test_goals_that_the_days_work_has_outrun_make_room_for_what_is_not_at_hand() -> None:
    context = lived(asks(goals=[], learner=learner(level="new"), enrolments=[enrolment()]))
    first, *others = context.goals
    assert {g.concepts[0] for g in context.goals} == {"values-and-names"}
    solved = having(context, first.goal, state="solved", runs=3, opened=context.now, closed=context.now)
    knows = replace(
        solved, trigger="run", submissions=submitted("values-and-names", True, True, True), said=None,
        mastery={"values-and-names": mastery("values-and-names", 0.8)},
    )  # fmt: skip
    plan = plan_in(knows)
    assert first.goal in {g.goal for g in plan.goals}
    assert not {g.goal for g in others} & {g.goal for g in plan.goals}
    assert "conditionals" in {g.concept for g in plan.goals}
    assert decide(lived(knows)).events == [], "the same evidence, the same plan"


def test_goals_that_were_begun_are_never_outrun() -> None:
    context = lived(asks(goals=[], learner=learner(level="new"), enrolments=[enrolment()]))
    first, second, *_ = context.goals
    begun = having(context, first.goal, state="solved", runs=3, opened=context.now, closed=context.now)
    begun = having(begun, second.goal, state="open", runs=1, opened=context.now)
    knows = replace(begun, trigger="run", submissions=submitted("values-and-names", True, True, True))
    assert second.goal in {g.goal for g in plan_in(knows).goals}


def test_what_answers_a_mood_is_not_outrun_by_the_days_work() -> None:
    known = {"values-and-names": mastery("values-and-names", 1.0)}
    context = lived(in_mood(asks(mastery=known, learner=learner(minutes=7)), "stretch"))
    (stretch,) = context.plan.goals  # type: ignore[union-attr]
    assert stretch["concept"] == "values-and-names"
    assert decide(context).events == []


def test_a_plan_is_the_same_whether_the_trace_of_the_learner_was_kept_or_not() -> None:
    seen = submitted("values-and-names", True, False, True, days_ago=3)
    alone = stand(asks(learner=learner(learner="bea"), submissions=seen)).at_hand
    for n in range(len(seen)):
        stand(asks(submissions=seen[:n]))
    assert stand(asks(submissions=seen)).at_hand == alone
    stand(asks(submissions=[]))
    assert stand(asks(submissions=seen)).at_hand == alone


# --- what stays --------------------------------------------------------------------------------------------------


def test_a_solved_goal_stays_in_the_day_and_a_swapped_one_is_replaced() -> None:
    context = lived(asks())
    first, second = context.plan.goals[0], context.plan.goals[1]  # type: ignore[union-attr]
    context = having(context, first["goal"], state="solved", runs=1, opened=context.now)
    context = having(context, second["goal"], state="swapped")
    plan = plan_in(replace(context, trigger="goal"))
    ids = [g.goal for g in plan.goals]
    assert first["goal"] in ids
    assert second["goal"] not in ids
    new = decide(replace(context, trigger="goal")).update["orders"]
    assert new
    assert second["goal"] not in [o["goal"] for o in new]


def test_the_next_day_carries_on_what_was_begun_and_not_more_than_half_of_it() -> None:
    context = lived(asks())
    begun = context.plan.goals[-1]["goal"]  # type: ignore[index, union-attr]
    context = having(context, begun, state="open", runs=2, best=1, total=4, opened=context.now)
    tomorrow = replace(context, now=NOW + timedelta(days=1), said=TODAY + timedelta(days=1))
    plan = plan_in(tomorrow)
    assert plan.day == TODAY + timedelta(days=1)
    assert plan.goals[0].goal == begun
    assert plan.goals[0].because == "Begun on 2026-11-23: 1 of 4 cases pass."
    old = {g.goal for g in context.goals}
    assert sum(g.minutes for g in plan.goals if g.goal in old) <= 45 / 2
    assert any(g.goal not in old for g in plan.goals)
    settled = lived(tomorrow)
    assert decide(settled).events == []


def test_the_tick_says_the_day_and_no_plan_goes_back_to_an_earlier_one() -> None:
    early = asks(said=TODAY + timedelta(days=1))
    assert plan_in(early).day == TODAY + timedelta(days=1)
    context = lived(early)
    assert decide(replace(context, said=TODAY)).events == []
    assert decide(replace(context, said=None, trigger="run")).events == []


# --- what changes it ---------------------------------------------------------------------------------------------


def in_mood(context: Context, effect: str) -> Context:
    return replace(context, trigger="mood", mood=Mood(effect=effect, observed=context.now), now=context.now)


def test_a_smaller_step_takes_the_hardest_goal_not_begun_out_and_an_easier_one_in() -> None:
    context = in_mood(lived(asks(ratings={"l:ana": Rating(1.0, 9)})), "smaller_step")
    before = {g["goal"] for g in context.plan.goals}  # type: ignore[union-attr]
    plan = plan_in(context)
    (step,) = [g for g in plan.goals if "smaller step" in g.because]
    made = next(g for g in lived(context).goals if g.goal == step.goal)
    assert made.difficulty <= target(context, step.concept)
    assert before - {g.goal for g in plan.goals}
    assert plan.mood == "smaller_step"
    assert plan.because.endswith("Smaller steps today.")
    assert decide(lived(context)).events == [], "once is enough"


def test_where_the_bank_has_nothing_easier_something_known_takes_its_place() -> None:
    hard = {slug: one for slug, one in BANK.challenges.items() if one.difficulty >= 0.25 or "skill" not in one.kinds}
    context = replace(in_mood(lived(asks()), "smaller_step"), curriculum=replace(BANK, challenges=hard))
    plan = plan_in(context)
    assert not [g for g in plan.goals if "smaller step" in g.because]
    assert [g.kind for g in plan.goals if g.because.startswith("Something you know")] == ["review"]


def test_a_pause_leaves_what_was_begun_and_one_more() -> None:
    context = lived(asks())
    begun = context.plan.goals[0]["goal"]  # type: ignore[index, union-attr]
    context = in_mood(having(context, begun, state="open", opened=context.now, runs=1), "pause")
    plan = plan_in(context)
    left = [g for g in plan.goals if g.kind != "placement"]
    assert len(left) == 2
    assert begun in {g.goal for g in left}
    assert decide(context).update["orders"] == []
    assert decide(lived(context)).events == []


@pytest.mark.parametrize("effect", ["review", "stretch"])
def test_review_and_stretch_each_bring_one_goal_of_their_own(effect: str) -> None:
    context = replace(lived(asks(mastery={"loops": mastery("loops", 0.6)})))
    moved = in_mood(context, effect)
    plan = plan_in(moved)
    new = decide(moved).update["orders"]
    assert new[0]["concept"] == "loops"
    assert (new[0]["kind"] == "review") is (effect == "review")
    assert sum(g.minutes for g in plan.goals) <= 1.25 * 45
    assert decide(lived(moved)).events == []


def done_alone(n: int, **changed: Any) -> Goal:
    facts = {
        "state": "solved",
        "runs": 1,
        "opened": NOW,
        "closed": NOW - timedelta(hours=30 - n),
        "concepts": ["loops"],
    }
    day = TODAY - timedelta(days=1)
    return goal(goal=f"done-{n}", challenge=f"elsewhere-{n}", day=day, **{**facts, **changed})


def test_while_things_go_well_a_day_has_one_stretch_that_is_truly_harder() -> None:
    known = {"loops": mastery("loops", 0.7), "conditionals": mastery("conditionals", 0.8)}
    well = asks(goals=[*PLACED, *(done_alone(n) for n in range(4))], mastery=known)
    (line,) = [g for g in plan_in(well).goals if set(g.parts) == {"stretch"}]
    assert line.because.startswith("Your last 4 goals went well, without help:")
    made = next(g for g in lived(well).goals if g.goal == line.goal)
    assert made.difficulty >= target(well, line.concept)
    assert decide(lived(well)).events == [], "once is enough"


@pytest.mark.parametrize(
    "last", [{"hints": 1}, {"failures": 3}, {"state": "stuck", "closed": None}, {"state": "swapped"}]
)
def test_help_failures_or_a_goal_that_was_not_solved_end_the_stretches(last: dict[str, Any]) -> None:
    goals = [*PLACED, *(done_alone(n) for n in range(4)), done_alone(9, **last)]
    context = asks(goals=goals, mastery={"loops": mastery("loops", 0.7)})
    assert not [g for g in plan_in(context).goals if "stretch" in g.parts]


def test_nothing_harder_comes_to_who_is_tired_or_stuck_today_and_no_second_stretch_to_who_feels_great() -> None:
    well = asks(goals=[*PLACED, *(done_alone(n) for n in range(4))], mastery={"loops": mastery("loops", 0.7)})
    for effect, stretches in (("smaller_step", 0), ("pause", 0), ("review", 0), ("stretch", 1)):
        decision = decide(in_mood(well, effect))
        reasons = [g.because for s in decision.events if isinstance(s.body, PlanChanged) for g in s.body.goals]
        assert sum("stretch" in because or "a step harder" in because for because in reasons) == stretches


def test_yesterdays_mood_asks_nothing_of_today() -> None:
    context = lived(asks())
    old = replace(context, mood=Mood(effect="pause", observed=NOW - timedelta(days=1)), trigger="run")
    assert decide(old).events == []


def test_a_wish_goes_in_at_once_and_makes_room_where_there_is_none() -> None:
    context = lived(asks())
    wished = replace(context, trigger="wish", wishes=[Wished("w-1", "text")])
    plan = plan_in(wished)
    line = next(g for g in plan.goals if g.kind == "wish")
    assert (line.concept, line.because) == ("text", "You asked for Text.")
    assert sum(g.minutes for g in plan.goals) <= 1.25 * 45
    assert decide(lived(wished)).events == [], "the same wish asks once"


def test_a_wish_for_what_is_not_ready_begins_below_it() -> None:
    wished = asks(trigger="wish", wishes=[Wished("w-1", "dictionaries")])
    line = next(g for g in plan_in(wished).goals if g.kind == "wish")
    assert line.concept == "text"
    assert "Dictionaries" in line.because


def test_a_wish_nobody_understands_changes_nothing() -> None:
    context = replace(lived(asks()), trigger="wish", wishes=[Wished("w", None), Wished("x", "monads")])
    told = [said.body for said in decide(context).events]
    assert [type(body) for body in told] == [WishAnswered, WishAnswered]
    assert {body.outcome for body in told if isinstance(body, WishAnswered)} == {"unknown"}
    assert decide(lived(context)).events == [], "told once"


def test_a_stuck_goal_brings_its_page_and_a_smaller_goal() -> None:
    context = lived(asks())
    hard = next(g for g in context.goals if g.concepts[0] == "lists")
    context = having(context, hard.goal, state="stuck", opened=context.now, runs=3, stalled=3, best=1, total=5)
    row = next(g for g in context.goals if g.goal == hard.goal)
    decision = decide(replace(context, trigger="run", stuck=Stuck(row, "subtask-empty")))
    assert decision.update["pages"] == [
        {
            "concept": "lists",
            "goal": hard.goal,
            "anchor": "subtask-empty",
            "because": "3 runs in a row passed no new case (1 of 5 pass).",
        }
    ]
    (order,) = [o for o in decision.update["orders"] if "smaller goal" in o["because"]]
    assert (order["kind"], order["concept"]) == ("skill", "loops")
    assert order["difficulty"] < row.difficulty


def test_a_day_off_is_free_of_plans_but_not_of_what_the_learner_asks() -> None:
    off = asks(learner=learner(days_off=[TODAY.weekday()]))
    assert decide(off).events == []
    assert decide(replace(off, trigger="run")).events == []
    wished = plan_in(replace(off, trigger="wish", wishes=[Wished("w-1", "loops")]))
    assert kinds(wished) == {"wish"}
    assert len(kinds(plan_in(replace(off, trigger="profile")))) >= 3


def test_who_is_away_gets_no_new_plan_from_the_clock_and_one_when_they_are_back() -> None:
    away = asks(learner=learner(state="paused"))
    assert decide(away).events == []
    assert len(plan_in(replace(away, trigger="run")).goals) >= 3


@pytest.mark.parametrize(
    "changed",
    [
        {"learner": None},
        {"learner": learner(level=None)},
        {"contract": None},
        {"contract": contract(terms(ends=NOW - timedelta(days=9)))},
        {"contract": contract(terms(starts=NOW + timedelta(days=1)))},
    ],
)
def test_without_profile_or_contract_nothing_is_planned(changed: dict[str, Any]) -> None:
    decision = decide(asks(**changed))
    assert (decision.events, decision.update["orders"]) == ([], [])


def test_a_challenge_that_left_the_plan_unopened_is_not_used_up_and_one_that_was_opened_is() -> None:
    first = plan_in(asks())
    made = [g for g in lived(asks()).goals if g.goal in {line.goal for line in first.goals}]
    yesterday = [replace(g, goal=f"old-{g.goal}", state="abandoned", day=TODAY - timedelta(days=1)) for g in made]
    again = lived(asks(goals=[*PLACED, *yesterday]))
    assert _given_today(again) == {(g.challenge, g.variant) for g in made}
    opened = [replace(g, opened=NOW - timedelta(days=1)) for g in yesterday]
    assert not _given_today(lived(asks(goals=[*PLACED, *opened]))) & {(g.challenge, g.variant) for g in made}


def _given_today(context: Context) -> set[tuple[str, str | None]]:
    return {(g.challenge, g.variant) for g in context.goals if g.day == TODAY and g.kind != "placement"}


def test_the_contracts_goals_a_day_are_kept() -> None:
    few = asks(contract=contract(terms(goals_per_day=len(PLACED) + 2)), learner=learner(minutes=120))
    assert len(decide(few).update["orders"]) == 2


def test_fewer_minutes_stated_at_noon_take_out_what_was_not_begun() -> None:
    context = lived(asks(learner=learner(minutes=90)))
    less = replace(context, learner=learner(minutes=30), trigger="profile")
    plan = plan_in(less)
    assert sum(g.minutes for g in plan.goals) <= 1.25 * 30


def test_a_plan_is_written_in_the_learners_language() -> None:
    plan = plan_in(asks(learner=learner(language="es")))
    assert "retos" in plan.because
    assert any("Lo siguiente en" in g.because for g in plan.goals)


def test_every_text_is_there_in_both_languages_with_the_same_figures() -> None:
    for words in [*WHY.values(), *PLAN.values(), *WISH.values()]:
        assert set(words) == {"en", "es"}
        assert len({frozenset(re.findall(r"{(\w+)}", w)) for w in words.values()}) == 1


@pytest.mark.parametrize(
    ("words", "concept"),
    [
        ("more loops please", "loops"),
        ("Quiero practicar diccionarios", "dictionaries"),
        ("how does append to a list work", "lists"),
        ("split and join strings", "text"),
        ("kubernetes", None),
        ("", None),
        ("I want to build games with pygame", None),
        ("make a website with React", None),
        ("get a job", None),
        ("open source contributions", None),
        ("text messages to my friends", None),
        ("I do not want recursion", None),
        ("no quiero más bucles", None),
        ("sin bucles, por favor", None),
        ("no more loops, I would like dictionaries", "dictionaries"),
        ("diccionarios en vez de bucles", "dictionaries"),
        ("I do not understand recursion", "recursion"),
        ("no entiendo la recursividad", "recursion"),
        ("recursion", "recursion"),
        ("recursive functions", "recursion"),
        ("more text please", "text"),
        ("if and else", "conditionals"),
        ("read and write files", "files-and-lines"),
        ("leer ficheros", "files-and-lines"),
        ("cadenas de texto", "text"),
        ("how do I sort by a key", "sorting-and-keys"),
        ("manejo de excepciones", "errors-and-exceptions"),
        ("unit tests with pytest", "testing-and-debugging"),
        ("OOP", "classes-and-objects"),
        ("clases", "classes-and-objects"),
        ("comprender los bucles", "loops"),
        ("list comprehensions", "comprehensions"),
    ],
)
def test_a_wish_in_words_is_recognised(words: str, concept: str | None) -> None:
    assert recognise(words, BANK, ["python-foundations", "python-collections"]) == concept


def test_a_wish_means_the_learner_s_own_courses_before_another_language_s() -> None:
    assert recognise("more loops", BANK, ["python-foundations"]) == "loops"
    assert recognise("más bucles", BANK, ["javascript-foundations"]) == "js-arrays"
    assert recognise("template", BANK, ["python-foundations"]) == "js-functions"


def test_who_is_in_the_javascript_course_only_is_placed_and_taught_in_it() -> None:
    mine = asks(enrolments=(enrolment("javascript-foundations"),), goals=(), learner=learner(minutes=60))
    placed = goal(goal="p", kind="placement", concepts=["js-functions"], state="solved", challenge="rope-knots", runs=1)
    for context in (mine, replace(mine, goals=(placed,))):
        after = lived(context)
        made = [g for g in after.goals if g not in context.goals]
        assert made
        assert {g.course for g in made} == {"javascript-foundations"}


@given(minutes=st.integers(5, 120), days=st.integers(0, 60))
@settings(max_examples=20, deadline=None)
def test_who_is_in_python_courses_only_is_never_given_another_language(minutes: int, days: int) -> None:
    context = asks(learner=learner(minutes=minutes))
    placing = replace(context, goals=(), learner=learner(minutes=minutes, level="advanced"))
    for one in (context, placing):
        orders = decide(replace(one, now=one.now + timedelta(days=days))).update["orders"]
        assert {BANK.courses[BANK.concepts[order["concept"]].course].language for order in orders} <= {"python"}


# --- for any learner ---------------------------------------------------------------------------------------------

figures = st.dictionaries(st.sampled_from(BANK.order), st.floats(0, 1), max_size=6)


@given(
    figures,
    st.integers(5, 240),
    st.sampled_from(["new", "beginner", "intermediate", "advanced"]),
    st.sampled_from(["none", "smaller_step", "review", "pause", "stretch"]),
    st.lists(st.sampled_from(BANK.order), max_size=3, unique=True),
    st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_a_plan_fits_its_minutes_respects_the_gates_and_is_settled_once_made(
    known: dict[str, float], minutes: int, level: str, effect: str, due: list[str], placed: bool
) -> None:
    context = asks(
        learner=learner(minutes=minutes, level=level),
        mastery={c: mastery(c, figure) for c, figure in known.items()},
        reviews=[Review(c, NOW - timedelta(days=2), 2.0, 5.0, NOW) for c in due],
        mood=Mood(effect=effect, observed=NOW - timedelta(minutes=1)),
        goals=PLACED if placed else (),
    )
    decision = decide(context)
    assert decide(context) == decision
    for said in decision.events:
        plan = said.body
        assert isinstance(plan, PlanChanged)
        assert sum(g.minutes for g in plan.goals) <= 1.25 * minutes
        assert len({g.goal for g in plan.goals}) == len(plan.goals)
        standing = stand(context)
        asked = {"placement", "review"}
        assert all(g.concept in standing.ready for g in plan.goals if g.kind not in asked)
    again = decide(lived(context))
    assert again.events == []
    assert again.update["orders"] == []


@given(st.lists(st.sampled_from(["solve", "swap", "open", "night"]), max_size=8), st.integers(15, 90))
@settings(max_examples=40, deadline=None)
def test_over_days_of_work_what_was_begun_is_never_dropped_and_no_challenge_is_given_twice_in_a_day(
    steps: list[str], minutes: int
) -> None:
    context = lived(asks(learner=learner(minutes=minutes)))
    for n, step in enumerate(steps):
        planned = [g["goal"] for g in (context.plan.goals if context.plan else [])]
        free = [g for g in context.goals if g.goal in planned and g.state in ("assigned", "open")]
        if step == "night":
            day = (context.plan.day if context.plan else TODAY) + timedelta(days=1)
            moment = NOW + timedelta(days=(day - TODAY).days)
            context = lived(replace(context, now=moment, said=day, trigger="daily"))
        elif free:
            state = {"solve": "solved", "swap": "swapped", "open": "open"}[step]
            opened = None if step == "swap" else context.now
            context = having(context, free[n % len(free)].goal, state=state, opened=opened, runs=1)
            context = lived(replace(context, trigger="goal", said=None))
        plan = context.plan
        assert plan is not None
        lines = {g["goal"] for g in plan.goals}
        begun = [g for g in context.goals if g.state == "open"]
        assert {g.goal for g in begun if g.opened and g.opened.date() == plan.day} <= lines
        today: list[Goal] = [g for g in context.goals if g.day == plan.day]
        assert len({(g.challenge, g.variant) for g in today}) == len(today)
        assert sum(g["minutes"] for g in plan.goals) <= 1.25 * minutes or begun
    assert date(2026, 11, 23) == TODAY
