export function writeWindowsIcon(file: string): void
export function writeMacIcon(file: string): void
