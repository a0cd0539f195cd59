import { expect, it } from "vitest";
import type { CourseView } from "../../src/protocol/generated";
import { courseWays, ordered } from "../../src/views/courses";

function course(name: string, concepts: Record<string, string[]>, enrolled = true): CourseView {
  const all = Object.entries(concepts).map(([concept, prerequisites]) => ({ concept, prerequisites }));
  return { course: name, enrolled, modules: [{ module: "m", concepts: all }] } as unknown as CourseView;
}

it("puts the learner's own courses first, each after those it rests on", () => {
  const courses = [
    course("basics of another language", { values: [] }, false),
    course("collections", { lists: ["loops"], sets: ["lists"] }),
    course("programs", { files: ["lists"] }),
    course("foundations", { names: [], loops: ["names"] }),
  ];
  expect(ordered(courses).map((one) => one.course)).toEqual([
    "foundations",
    "collections",
    "programs",
    "basics of another language",
  ]);
});

it("ends where courses rest on one another", () => {
  const courses = [course("a", { x: ["y"] }), course("b", { y: ["x"] })];
  expect(ordered(courses)).toHaveLength(2);
});

it("offers of each course what makes sense as its learner stands in it, and no joining that the contract does not cover", () => {
  const ways = (state: string | null, covered = true) => courseWays({ state, covered }).join(" ");
  expect([ways(null), ways("left"), ways("ended")]).toEqual(["join", "join", "join"]);
  expect([ways(null, false), ways("left", false)]).toEqual(["", ""]);
  expect([ways("active"), ways("paused"), ways("completed")]).toEqual(["pause leave", "resume leave", "leave"]);
  expect(ways("active", false)).toBe("pause leave");
  expect(ways("a state of tomorrow")).toBe("");
});
