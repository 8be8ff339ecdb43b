/** One argument as a shell reads it: single quotes on POSIX, double quotes on Windows. */
export function quoteArgument(text: string, windows: boolean): string {
  if (windows) return `"${text.replaceAll('"', '""')}"`
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
