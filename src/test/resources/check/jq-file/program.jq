# A comment.
{a: .b
  c: 1}
