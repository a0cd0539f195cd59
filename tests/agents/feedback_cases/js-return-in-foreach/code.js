function firstLong(words) {
  words.forEach((word) => {
    if (word.length > 4) {
      return word;
    }
  });
}
