/** Units of lengths of time, seconds each, the longest first. */
export const spanUnits = { week: 604_800, day: 86_400, hour: 3600, minute: 60, second: 1 } as const

/** A number, and a unit where the column of times holds points in time: "7 days", "12 hours", "30". */
export const spanPattern = /^(\d+(?:\.\d+)?)\s*(weeks?|days?|hours?|minutes?|seconds?)?$/
