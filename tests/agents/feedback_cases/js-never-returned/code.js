function litres(buckets, each) {
  const held = buckets * each;
}
