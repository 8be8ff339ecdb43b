import type { CommandGroup } from './command'

const example = `
Examples:
  drydock guide                     the topics
  drydock guide tutorial            one page
  drydock guide --find "split by time"`

export const guideCommands: CommandGroup = {
  place: 9,
  add(add) {
    add(
      'guide',
      'read the guide: a page per job, a tutorial, the reference',
      (c) =>
        c
          .argument('[topic]', 'a topic; without one they are listed')
          .option('--find <words>', 'list the places where these words stand')
          .addHelpText('after', example),
      async () => (await import('./guide-work')).readGuidePage
    )
  }
}
