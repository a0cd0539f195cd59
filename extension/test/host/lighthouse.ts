/** The goal that a beginner is given first, and answers to it. */
export const TITLE = "Oil for the lighthouse";
export const WRONG = "def nights_of_light(litres, per_night):\n    return [litres / per_night, 0]\n";
export const RIGHT = "def nights_of_light(litres, per_night):\n    return [litres // per_night, litres % per_night]\n";

/** Wrong answers as different as their numbers. */
export const wrong = (n: number): string => `def nights_of_light(litres, per_night):\n    return [litres, ${n}]\n`;
