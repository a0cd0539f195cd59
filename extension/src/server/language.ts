let editor = "en";

/** The editor's own language, in which the server refuses where nobody is known; a learner's profile names theirs. */
export function speak(language: string): void {
  editor = language;
}

export function spoken(): { "Accept-Language": string } {
  return { "Accept-Language": editor };
}
