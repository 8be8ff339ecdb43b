/** What an area of the window is, and what all areas may know of each other. */
export { areaGroups, type AreaGroup, type AreaManifest, type AreaModule, type DroppedFiles } from './area'
export { EventWordsProvider, useEventWords } from './event-words'
