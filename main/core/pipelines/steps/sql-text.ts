/** A string as an SQL literal. */
export const sqlText = (value: string): string => `'${value.replaceAll("'", "''")}'`
/** A name as a quoted SQL identifier. */
export const sqlName = (name: string): string => `"${name.replaceAll('"', '""')}"`
