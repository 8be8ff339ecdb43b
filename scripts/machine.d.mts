export function lies(version: string, range: string): boolean
export function assertNode(version?: string): void
export function describeMissingLoopback(resolve?: (name: string) => Promise<unknown>): Promise<string | undefined>
