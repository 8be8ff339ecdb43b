import type { ModelPurpose } from '../model/registry'

/** What can be said about a model: how it is typed, and what it means, as the help and the schema of the document have it. */
export const descriptionParts = {
  purpose: { flags: '--purpose <text>', meaning: 'What the model is for, in a sentence.' },
  intendedUse: { flags: '--intended-use <text>', meaning: 'Where and by whom it is used.' },
  outOfScope: { flags: '--out-of-scope <text>', meaning: 'What it must not be used for.' },
  limitations: { flags: '--limitations <text>', meaning: 'Where it is known to fail, and what it was not tried on.' },
  owner: { flags: '--owner <name>', meaning: 'Who answers for it.' },
  riskTier: { flags: '--risk-tier <tier>', meaning: 'How much harm a wrong answer does.' }
} as const satisfies Record<keyof ModelPurpose, { flags: string; meaning: string }>
