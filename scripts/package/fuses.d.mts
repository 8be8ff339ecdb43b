/** Values by the number of the fuse. */
export function fusesFor(of: { platform: string; electronVersion: string }): Record<number, boolean>
