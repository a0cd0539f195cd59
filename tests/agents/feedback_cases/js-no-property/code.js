function averageOf(marks) {
  let sum = 0;
  for (const mark of marks) {
    sum += mark;
  }
  return sum / marks.size;
}
