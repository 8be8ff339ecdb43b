import type { Command } from 'commander'

export const paperHelp = 'a4 or letter; else as the country of this machine has it'

/** Where a document goes; the bodies of commands read them by `saved-documents.ts`. */
export const withDocumentPlaces = (command: Command): Command =>
  command
    .option('--html <file>', 'FILE.html, one page that loads nothing; an older file is replaced')
    .option('--pdf <file>', 'the same page as FILE.pdf')
    .option('--paper <size>', paperHelp)
