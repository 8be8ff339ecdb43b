/** An SQL identifier that stands for exactly this name, whatever it contains (a NUL cannot be in one and becomes U+FFFD). */
export const quoteName = (name: string): string => `"${name.replaceAll('\0', '\uFFFD').replaceAll('"', '""')}"`

/** An SQL text literal. */
export const quoteText = (text: string): string => `'${text.replaceAll('\0', '\uFFFD').replaceAll("'", "''")}'`

/** A path as DuckDB's readers take it: glob characters stand for themselves. */
export const quotePath = (path: string): string => quoteText(path.replace(/[[*?]/g, (c) => `[${c}]`))
