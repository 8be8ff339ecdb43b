/** The file beside the document of an explanation: a row for each explained row. */
export const CONTRIBUTIONS = 'contributions.arrow'
