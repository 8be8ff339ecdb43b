export function judgeShippedFiles(folder: string): string[]
