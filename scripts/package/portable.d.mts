/** Path of the archive. */
export function writePortable(what: { programFolder: string; name: string; seconds: number; out: string }): Promise<string>
