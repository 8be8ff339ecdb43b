/** What the figures that a model gives for a row are of: one event, one amount, or each class. */
export function answerNames({ target }: { target: object }): string[] {
  const { name, positive, classes } = target as { name: string; positive?: unknown; classes?: readonly unknown[] }
  if (classes) return classes.map(String)
  return [positive === undefined ? name : String(positive)]
}
