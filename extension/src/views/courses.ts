import type { CourseView } from "../protocol/generated";

/** The learner's own first; of those, a course comes after the ones it rests on. */
export function ordered(courses: readonly CourseView[]): CourseView[] {
  const concepts = (course: CourseView) => course.modules.flatMap((module) => module.concepts);
  const home = new Map(courses.flatMap((course) => concepts(course).map(({ concept }) => [concept, course])));
  const depth = (course: CourseView, above: readonly CourseView[] = []): number => {
    const needs = concepts(course).flatMap(({ prerequisites }) => prerequisites.map((slug) => home.get(slug)));
    const others = new Set(needs.filter((one) => one !== undefined && one !== course && !above.includes(one)));
    return Math.max(0, ...[...others].map((one) => 1 + depth(one as CourseView, [...above, course])));
  };
  return [...courses].sort((a, b) => Number(b.enrolled) - Number(a.enrolled) || depth(a) - depth(b));
}

/** What a learner may do with a course. */
export type Way = "join" | "pause" | "resume" | "leave";

/** By how they stand in it; the server judges by the same states (`functions/api/admission.py`). */
const WAYS: Record<string, readonly Way[]> = {
  active: ["pause", "leave"],
  paused: ["resume", "leave"],
  completed: ["leave"],
  left: ["join"],
  ended: ["join"],
};

export function courseWays({ state, covered }: Pick<CourseView, "state" | "covered">): readonly Way[] {
  const ways = state === null ? (["join"] as const) : (WAYS[state] ?? []);
  return ways.filter((way) => way !== "join" || covered);
}
