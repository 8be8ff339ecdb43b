/** Everybody may read, only the owner may write, and what may be run stays so. */
export function settleRights(folder: string): void
