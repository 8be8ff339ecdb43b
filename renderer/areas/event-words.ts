import { createContext, useContext } from 'react'

const EventWords = createContext<Readonly<Record<string, string>>>({})

/** Gives the areas below it the words of all areas for what the record tells. */
export const EventWordsProvider = EventWords.Provider

/** Words by kind of event: `dataset.imported` is "Dataset imported". */
export const useEventWords = (): Readonly<Record<string, string>> => useContext(EventWords)
